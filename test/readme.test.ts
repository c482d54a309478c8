import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rules } from '../src/check/registry.js';
import { program } from '../src/cli/program.js';
import { call } from './support/cli.js';

const readme = resolve(import.meta.dirname, '../README.md');
const update = process.env['UPDATE_GOLDEN'] === '1';
let home: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'gitops-gen-readme-'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** What a console block prints when its commands are run one after the other. */
async function transcript(block: string): Promise<string> {
  const out: string[] = [];
  for (const line of block.split('\n').filter((each) => each.startsWith('$ '))) {
    out.push(line);
    const [, pattern = '', replacement = '', file = ''] = /^\$ sed -i 's\/(.*)\/(.*)\/' (\S+)$/.exec(line) ?? [];
    if (file !== '') {
      const path = join(home, file);
      writeFileSync(path, readFileSync(path, 'utf8').replace(pattern, replacement));
      continue;
    }
    const [name, ...argv] = line.slice(2).split(' ');
    expect(name).toBe('gitops-gen');
    const { both } = await call(argv, { cwd: home });
    if (both.trim() !== '') out.push(both.trim(), '');
  }
  return out.join('\n').trim();
}

/** The text between two markers replaced. */
function between(text: string, marker: string, content: string): string {
  const pattern = new RegExp(`(<!-- ${marker}:[^\\n]*-->\\n)[\\s\\S]*?(<!-- /${marker} -->)`);
  expect(text).toMatch(pattern);
  return text.replace(pattern, (_, head: string, tail: string) => `${head}${content}\n${tail}`);
}

describe('the README', () => {
  it('shows what the commands print', async () => {
    const before = readFileSync(readme, 'utf8');
    let after = before;
    for (const [whole, block = ''] of before.matchAll(/```console\n([\s\S]*?)```/g)) {
      const printed = `\`\`\`console\n${await transcript(block)}\n\`\`\``;
      after = after.replace(whole, () => printed);
    }
    after = between(
      after,
      'commands',
      [
        '| command | what it does |',
        '|---|---|',
        ...program.map(({ name, summary }) => `| \`${name}\` | ${summary} |`),
      ].join('\n'),
    );
    after = between(
      after,
      'rules',
      [
        '| rule | group | severity | what it finds |',
        '|---|---|---|---|',
        ...rules.map(({ id, group, severity, summary }) => `| \`${id}\` | ${group} | ${severity} | ${summary} |`),
      ].join('\n'),
    );
    if (update) writeFileSync(readme, after);
    else expect(before).toBe(after);
  });

  it('names the version of this package', () => {
    const { version } = JSON.parse(readFileSync(resolve(import.meta.dirname, '../package.json'), 'utf8')) as {
      version: string;
    };
    for (const [, named] of readFileSync(readme, 'utf8').matchAll(/gitops-gen@(\d+\.\d+\.\d+)/g))
      expect(named).toBe(version);
  });
});
