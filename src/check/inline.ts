import type { Diagnostic, Problem } from '../diagnostics/diagnostic.js';
import { shown } from '../diagnostics/show.js';
import { type FileMap, textAt } from '../files/file-map.js';
import { heldComment } from './governance.js';

/** `# gitops-gen-ignore <rule>: <reason>` behind the line in question, or on a line of its own above it. */
const form = /#\s*gitops-gen-ignore\b[ \t]*([a-z0-9-]*)[ \t]*:?[ \t]*(.*)$/;

interface Comment {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly offset: number;
  readonly length: number;
  readonly rule: string;
  readonly reason: string;
  /** The lines that it speaks of. */
  readonly lines: readonly number[];
}

export interface InlineOptions {
  readonly isRule: (id: string) => boolean;
  /** Whether a rule ran at all. */
  readonly ran: (id: string) => boolean;
  /** Whether a comment may accept this finding; where not, the comment itself is reported. Default: always. */
  readonly mayAccept?: (diagnostic: Diagnostic) => boolean;
}

/**
 * Marks the findings that a comment in their file accepts. A comment without rule or reason accepts nothing and is an error;
 * one that no finding matches is a warning, unless its rule did not run.
 */
export function suppressInline(
  diagnostics: readonly Diagnostic[],
  files: FileMap,
  judged: Iterable<string>,
  { isRule, ran, mayAccept = () => true }: InlineOptions,
): { readonly diagnostics: Diagnostic[]; readonly problems: Problem[] } {
  const comments = [...new Set([...judged, ...diagnostics.map((each) => each.file)])]
    .sort()
    .flatMap((file) => commentsIn(file, textAt(files, file)));
  if (comments.length === 0) return { diagnostics: [...diagnostics], problems: [] };
  const used = new Set<Comment>();
  const held = new Set<Comment>();
  const byPlace = new Map<string, Comment[]>();
  for (const comment of comments) {
    if (!isRule(comment.rule) || comment.reason === '') continue;
    for (const line of comment.lines) {
      const key = `${comment.file}\n${line}\n${comment.rule}`;
      byPlace.set(key, [...(byPlace.get(key) ?? []), comment]);
    }
  }
  const out = diagnostics.map((diagnostic): Diagnostic => {
    if (diagnostic.range === undefined || diagnostic.suppressed !== undefined) return diagnostic;
    const found = byPlace.get(`${diagnostic.file}\n${diagnostic.range.start.line}\n${diagnostic.ruleId}`);
    for (const comment of found ?? []) used.add(comment);
    if (found !== undefined && !mayAccept(diagnostic)) {
      for (const comment of found) held.add(comment);
      return diagnostic;
    }
    return found === undefined
      ? diagnostic
      : { ...diagnostic, suppressed: { reason: found[0]!.reason, inSource: true } };
  });
  return {
    diagnostics: out,
    problems: comments.flatMap((comment) => {
      if (held.has(comment)) return heldFault(comment);
      return used.has(comment) ? [] : (faultOf(comment, isRule, ran) ?? []);
    }),
  };
}

const marker = 'gitops-gen-ignore';

/** The files that may hold such comments. */
export function filesWithComments(files: FileMap): string[] {
  return [...files].flatMap(([path, text]) => (typeof text === 'string' && text.includes(marker) ? [path] : []));
}

function commentsIn(file: string, text: string | undefined): Comment[] {
  if (text === undefined || !text.includes(marker)) return [];
  const out: Comment[] = [];
  let start = 0;
  for (const [index, source] of text.split('\n').entries()) {
    const match = form.exec(source.replace(/\r$/, ''));
    if (match !== null) {
      const line = index + 1;
      const isAlone = source.slice(0, match.index).trim() === '';
      const [whole, rule = '', reason = ''] = match;
      out.push({
        file,
        line,
        offset: start + match.index,
        length: whole.length,
        rule,
        reason: reason.trim(),
        lines: isAlone ? [line + 1] : [line],
      });
    }
    start += source.length + 1;
  }
  return out;
}

function heldFault({ file, offset, length, rule, reason }: Comment): Problem {
  return { ...heldComment(rule, reason), at: { file, offset, length }, key: `${rule} ${reason}` };
}

function faultOf(comment: Comment, isRule: (id: string) => boolean, ran: (id: string) => boolean): Problem | undefined {
  const { file, offset, length, rule, reason } = comment;
  const base = { at: { file, offset, length }, key: `${rule} ${reason}` };
  if (!isRule(rule)) {
    return {
      ...base,
      ruleId: 'exemption-invalid',
      severity: 'error',
      message:
        rule === ''
          ? 'The comment names no rule, and accepts nothing.'
          : `The comment accepts findings of ${shown(rule)}, and there is no such rule.`,
      hint: 'Write # gitops-gen-ignore <rule>: <reason>.',
    };
  }
  if (reason === '') {
    return {
      ...base,
      ruleId: 'exemption-invalid',
      severity: 'error',
      message: `The comment accepts a finding of ${rule} without a reason, and so accepts nothing.`,
      hint: `Write # gitops-gen-ignore ${rule}: <reason>.`,
    };
  }
  if (!ran(rule)) return undefined;
  return {
    ...base,
    ruleId: 'exemption-unused',
    severity: 'warning',
    message: `No finding of ${rule} is on the line of this comment.`,
    hint: 'Remove it.',
  };
}
