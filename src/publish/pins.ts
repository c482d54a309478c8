import { isScalar, parseDocument } from 'yaml';
import { stringAt } from '../capacity/read.js';
import { readYaml } from '../yaml/read.js';

/** The revision that the text of a parent Application pins; undefined where it names none. */
export function pinOf(text: string): string | undefined {
  const value = readYaml('parent.yaml', text, () => {})[0]?.value;
  return stringAt(value, 'spec', 'source', 'targetRevision') || undefined;
}

/**
 * The text of a parent Application with another pin in place of its own, everything else as it stands. A commit stands
 * wherever it does in the file: also in what its children inherit, where Argo CD does not write that itself.
 */
export function withPin(text: string, revision: string): string {
  const pin = pinOf(text);
  if (pin === undefined) return text;
  if (/^[0-9a-f]{40,64}$/u.test(pin)) return text.replaceAll(pin, revision);
  const node = parseDocument(text).getIn(['spec', 'source', 'targetRevision'], true);
  const [start, end] = (isScalar(node) ? node.range : undefined) ?? [0, 0];
  return end === 0 ? text : text.slice(0, start) + revision + text.slice(end);
}

/**
 * The pins that lead to the present one: a pin that was come back to takes everything after its first time with it. So two
 * rollbacks one after the other go back two releases, and not forth again.
 *
 * @param pins Every pin there was, oldest first, the present one last.
 */
export function pinTrail(pins: readonly string[]): readonly string[] {
  const trail: string[] = [];
  for (const pin of pins) {
    const known = trail.indexOf(pin);
    if (known < 0) trail.push(pin);
    else trail.length = known + 1;
  }
  return trail;
}

/** The pin before the present one, on the trail; undefined where there was none. */
export function pinBefore(pins: readonly string[]): string | undefined {
  return pinTrail(pins).at(-2);
}
