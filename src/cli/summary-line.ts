import type { Summary } from '../schema/selection.js';

/** In the words of kubeconform's `-summary`. */
export function summaryLine({ valid, invalid, errors, skipped }: Summary): string {
  const all = valid + invalid + errors + skipped;
  return `Summary: ${all} ${all === 1 ? 'resource' : 'resources'} found - Valid: ${valid}, Invalid: ${invalid}, Errors: ${errors}, Skipped: ${skipped}\n`;
}
