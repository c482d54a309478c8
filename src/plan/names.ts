import { slug } from '../spec/names.js';

export { slug };

/** What Kubernetes allows as a label value, a namespace, and the name of a Service or a Job's Pods. */
export const maxLabel = 63;

/**
 * Joins parts to a name of at most 63 characters. A longer one is cut and ends in a hash of the whole, so that two long
 * names with one beginning stay two.
 */
export function joinName(...parts: readonly string[]): string {
  const whole = parts
    .filter((part) => part !== '')
    .map(slug)
    .join('-');
  if (whole.length <= maxLabel) return whole;
  return `${whole.slice(0, maxLabel - 9).replace(/-+$/, '')}-${hash(whole)}`;
}

/** FNV-1a, 32 bits, as eight hexadecimal digits: not for security, only to tell names apart. */
function hash(text: string): string {
  let state = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    state ^= text.charCodeAt(index);
    state = Math.imul(state, 0x01000193);
  }
  return (state >>> 0).toString(16).padStart(8, '0');
}
