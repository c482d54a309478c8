import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseCase } from '../../src/check/case.js';
import type { Rule } from '../../src/check/rule.js';
import { findingsText, judgeCase } from '../../src/check/testing.js';
import { specsOf } from './specs-of.js';

/**
 * Holds a rule against the cases in its folder. `UPDATE_CASES=1` writes what the rule says now into the cases, to be read
 * before it is committed.
 */
export function describeRule(rule: Rule, folder: string): void {
  const cases = join(folder, 'cases');
  describe(rule.id, () => {
    for (const name of readdirSync(cases)
      .filter((each) => each.endsWith('.txtar'))
      .sort()) {
      test(name, () => {
        const path = join(cases, name);
        const text = readFileSync(path, 'utf8');
        const parsed = parseCase(text);
        const said = findingsText(judgeCase(text, [rule], specsOf(parsed.files)), rule.id);
        if (process.env['UPDATE_CASES'] === '1') {
          writeFileSync(path, `${parsed.head}-- expected --\n${said}`);
          return;
        }
        expect(said).toBe(parsed.expected);
      });
    }
  });
}
