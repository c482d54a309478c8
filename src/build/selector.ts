import type { Entries } from './accumulator.js';
import type { Entry } from './entry.js';
import { effectiveNamespace, type Id } from './ids.js';
import { parseLabelSelector } from './label-selector.js';
import { goRegex } from './regex.js';
import type { Spend } from './work.js';

/** What a patch or a replacement target selects by; empty parts match anything. */
export interface Selector extends Id {
  readonly labelSelector: string;
  readonly annotationSelector: string;
}

/** A selector that cannot be read. */
export class SelectorError extends Error {}

export type Match = (text: string) => boolean;

/** How much of a text of a selector is read in one step. */
const readAtOnce = 8;

const anything: Match = () => true;

/** A part of a selector: an anchored regular expression. */
export function partMatcher(part: string, spend: Spend): Match {
  if (part === '') return anything;
  if (/^[A-Za-z0-9_-]+$/.test(part)) return (text) => text === part;
  const pattern = goRegex(`^(?:${part})$`, part);
  if (pattern === undefined) throw new SelectorError(`"${part}" is not a regular expression that can be used here`);
  return (text) => pattern.test(text, spend);
}

/** The objects that a selector selects, by their first and their present names and namespaces. */
export function select({ list, spend }: Entries, selector: Selector): Entry[] {
  const group = partMatcher(selector.group, spend);
  const version = partMatcher(selector.version, spend);
  const kind = partMatcher(selector.kind, spend);
  const name = partMatcher(selector.name, spend);
  const namespace = partMatcher(selector.namespace, spend);
  const labels = stringsMatcher(selector.labelSelector, 'labels', spend);
  const annotations = stringsMatcher(selector.annotationSelector, 'annotations', spend);
  // An id is made for each, and one for where it was at first.
  spend(4 * list.length);
  return list.filter((entry) => {
    const now = entry.id;
    if (!kind(now.kind) || !group(now.group) || !version(now.version)) return false;
    const first = entry.originalId;
    if (!name(first.name) && !name(now.name)) return false;
    if (selector.namespace !== '' && !namespace(effectiveNamespace(first)) && !namespace(effectiveNamespace(now))) {
      return false;
    }
    return labels(entry) && annotations(entry);
  });
}

export function stringsMatcher(text: string, what: 'labels' | 'annotations', spend: Spend): (entry: Entry) => boolean {
  if (text === '') return anything as unknown as (entry: Entry) => boolean;
  const matches = parseLabelSelector(text);
  if (matches === undefined) throw new SelectorError(`"${text}" is not a label selector`);
  return (entry) => {
    const strings = entry.strings(what);
    spend(Math.ceil(text.length / readAtOnce) + 2 * strings.size);
    return matches(strings);
  };
}
