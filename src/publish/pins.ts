import { stringAt } from '../capacity/read.js';
import { readYaml } from '../yaml/read.js';

/** The revision that the text of a parent Application pins; undefined where it names none. */
export function pinOf(text: string): string | undefined {
  const value = readYaml('parent.yaml', text, () => {})[0]?.value;
  return stringAt(value, 'spec', 'source', 'targetRevision') || undefined;
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
