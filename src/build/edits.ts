import type { Place } from '../diagnostics/diagnostic.js';
import type { Scalar } from './node.js';
import type { FieldSource } from './resource.js';

/**
 * One change of a resource, newest first in a linked list that overlays share with their base. Answers are worked out
 * backwards from the pointer that is asked for, so that recording costs one small object.
 */
export type Edit = SetEdit | ListEdit | ShiftEdit | CopyEdit;

interface EditBase {
  readonly previous: Edit | undefined;
  /** Where in the resource, at the time of the edit. */
  readonly pointer: string;
  readonly source: Source;
}

/** The value at the pointer was written; `from` is its pointer in the source document (undefined: the source as a whole). */
export interface SetEdit extends EditBase {
  readonly kind: 'set';
  readonly from?: string | undefined;
  /** The scalar that stood there, where a merge wrote over one: what it writes takes the style of that, quotes or none. */
  readonly was?: Scalar | undefined;
  /** Whether that was in quotes, once somebody asked. */
  wasInQuotes?: boolean;
}

/** The list at the pointer was put together anew: for each new item its old index, or `-1 - i` for item i of the source list. */
export interface ListEdit extends EditBase {
  readonly kind: 'list';
  readonly items: readonly number[];
  readonly from: string;
}

/** An item was inserted before (`by` 1) or removed at (`by` -1) `index` of the list at the pointer. */
export interface ShiftEdit extends EditBase {
  readonly kind: 'shift';
  readonly index: number;
  readonly by: 1 | -1;
}

/** The value at the pointer came from another place of the same resource. */
export interface CopyEdit extends EditBase {
  readonly kind: 'copy';
  readonly from: string;
}

/** Who writes: a document of a file, or a field of a kustomization. */
export interface Source {
  readonly via: string;
  readonly file: string;
  readonly document: number;
  /** Pointer in the document under which `from` pointers count. */
  readonly pointer: string;
  /** Finds the exact place in a text inside the document (an inline patch). */
  readonly locate?: ((pointer: string) => Place | undefined) | undefined;
}

export function placeOf(source: Source, pointer = ''): FieldSource {
  const exact = source.locate?.(pointer);
  if (exact !== undefined) return { ...exact, via: source.via };
  const inline = source.locate !== undefined;
  return {
    file: source.file,
    document: source.document,
    pointer: inline ? source.pointer : source.pointer + pointer,
    via: source.via,
  };
}

/** Who gave the value at `pointer`, given the edits and the document that the resource started from. */
export function sourceOf(edits: Edit | undefined, origin: Source, pointer: string): FieldSource {
  let at = pointer;
  for (let edit = edits; edit !== undefined; edit = edit.previous) {
    if (edit.kind === 'set') {
      if (covers(edit.pointer, at))
        return placeOf(edit.source, edit.from === undefined ? '' : edit.from + at.slice(edit.pointer.length));
      continue;
    }
    if (edit.kind === 'copy') {
      if (covers(edit.pointer, at)) at = edit.from + at.slice(edit.pointer.length);
      continue;
    }
    const rest = inside(edit.pointer, at);
    if (rest === undefined) continue;
    const slash = rest.indexOf('/', 1);
    const index = Number(slash < 0 ? rest.slice(1) : rest.slice(1, slash));
    const tail = slash < 0 ? '' : rest.slice(slash);
    if (!Number.isInteger(index)) continue;
    if (edit.kind === 'list') {
      const old = edit.items[index];
      if (old === undefined) continue;
      if (old < 0) return placeOf(edit.source, `${edit.from}/${-1 - old}${tail}`);
      at = `${edit.pointer}/${old}${tail}`;
    } else if (edit.by === 1 && index > edit.index) at = `${edit.pointer}/${index - 1}${tail}`;
    else if (edit.by === -1 && index >= edit.index) at = `${edit.pointer}/${index + 1}${tail}`;
  }
  return placeOf(origin, at);
}

/** The newest edit after `until` that wrote the scalar at `pointer` over another one, which left its style there. */
export function overwriting(edits: Edit | undefined, until: Edit | undefined, pointer: string): SetEdit | undefined {
  let at = pointer;
  for (let edit = edits; edit !== undefined && edit !== until; edit = edit.previous) {
    if (edit.kind === 'set') {
      if (!covers(edit.pointer, at)) continue;
      return edit.pointer === at && edit.was !== undefined ? edit : undefined;
    }
    if (edit.kind !== 'list') continue;
    const before = beforeList(edit, at);
    if (before === undefined) return undefined;
    at = before;
  }
  return undefined;
}

/** Whether the value at `pointer` was written after the edit `until`. */
export function isWrittenSince(edits: Edit | undefined, until: Edit | undefined, pointer: string): boolean {
  let at = pointer;
  for (let edit = edits; edit !== undefined && edit !== until; edit = edit.previous) {
    if (edit.kind === 'set' && covers(edit.pointer, at)) return true;
    if (edit.kind !== 'list') continue;
    const before = beforeList(edit, at);
    if (before === undefined) return true;
    at = before;
  }
  return false;
}

/** Where what stands at a pointer stood before a list was put together anew; undefined where it came with that. */
function beforeList(edit: ListEdit, pointer: string): string | undefined {
  const rest = inside(edit.pointer, pointer);
  if (rest === undefined) return pointer;
  const [index = '', ...tail] = rest.slice(1).split('/');
  const old = edit.items[Number(index)];
  if (old === undefined) return pointer;
  return old < 0 ? undefined : [edit.pointer, String(old), ...tail].join('/');
}

/** All sources of changes in the order of the changes, without repetition. */
export function changesOf(edits: Edit | undefined): FieldSource[] {
  const seen = new Set<Source>();
  for (let edit = edits; edit !== undefined; edit = edit.previous) {
    // Newest first here: take the source out and in again, so that the first use decides the order.
    seen.delete(edit.source);
    seen.add(edit.source);
  }
  return [...seen].reverse().map((source) => placeOf(source));
}

function covers(ancestor: string, pointer: string): boolean {
  return pointer.startsWith(ancestor) && (pointer.length === ancestor.length || pointer[ancestor.length] === '/');
}

function inside(ancestor: string, pointer: string): string | undefined {
  return pointer.startsWith(ancestor) && pointer[ancestor.length] === '/' ? pointer.slice(ancestor.length) : undefined;
}

const steps = new Map<string, string>();
const pointers = new Map<string, Map<string, string>>();
const mostKept = 1000;

/** One step of a JSON pointer. The same keys come again in every object. */
export function step(key: string | number): string {
  if (typeof key === 'number') return `/${key}`;
  let known = steps.get(key);
  if (known === undefined) {
    known = key.includes('~') || key.includes('/') ? `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}` : `/${key}`;
    if (steps.size < mostKept) steps.set(key, known);
  }
  return known;
}

/** A pointer and one more step: one string for all objects that are changed at one place. */
export function joined(pointer: string, last: string): string {
  let byStep = pointers.get(pointer);
  if (byStep === undefined) {
    byStep = new Map();
    if (pointers.size < mostKept) pointers.set(pointer, byStep);
  }
  let known = byStep.get(last);
  if (known === undefined) {
    known = pointer + last;
    if (byStep.size < mostKept) byStep.set(last, known);
  }
  return known;
}
