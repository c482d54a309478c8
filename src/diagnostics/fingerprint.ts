import { createHash } from 'node:crypto';
import type { Problem } from './diagnostic.js';

/**
 * Sixteen hexadecimal digits that stay the same while a finding is the same: made of rule, object, file, document, JSON
 * pointer and key. Lines and message are left out, so that an edit above a finding, or a better wording, does not make it new.
 */
export function fingerprint(problem: Problem): string {
  const { ruleId, at, object, key } = problem;
  const who = object
    ? [object.apiVersion, object.kind, object.namespace ?? '', object.name, object.application ?? '']
    : [];
  const where = [at.file, at.document ?? 0, at.pointer ?? '', at.part ?? ''];
  // Where the text itself is at fault there is no pointer; the key has to tell two such findings of one file apart.
  const parts = JSON.stringify([ruleId, who, where, key ?? '']);
  return createHash('sha256').update(parts).digest('hex').slice(0, 16);
}
