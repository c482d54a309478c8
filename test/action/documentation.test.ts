import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { program } from '../../src/cli/program.js';
import { action, project } from './runner.js';

const document = readFileSync(join(project, 'docs/ci.md'), 'utf8');

/** Rows of the table below a heading, a cell each; code spans without their marks. */
function table(heading: string): readonly (readonly string[])[] {
  const section = document.split(`### ${heading}\n`)[1]?.split('\n#')[0] ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim().replace(/^`([^`]*)`$/, '$1')),
    );
}

describe('docs/ci.md', () => {
  it('has every input with its default, and every output', () => {
    const inputs = Object.entries(action.inputs).map(([name, { default: value = '' }]) => [
      name,
      value.includes('github.token') ? "the workflow's" : value,
    ]);
    expect(table('Inputs').map(([name, value]) => [name, value])).toEqual(inputs);
    expect(table('Outputs').map(([name]) => name)).toEqual(Object.keys(action.outputs));
  });

  it('names flags that validate has, and the version of this package', async () => {
    const { command } = await (program.find(({ name }) => name === 'validate') as (typeof program)[number]).load();
    const flags = command.options.map((option) => /--[\w-]+/.exec(option.flags)?.[0]);
    const line = /npx .*validate (.*)/.exec(document)?.[1] ?? '';
    for (const flag of line.match(/--[\w-]+/g) ?? []) expect(flags).toContain(flag);
    const { version } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as { version: string };
    expect(document).toContain(`gitops-gen@${version} `);
    expect(document).toContain(`rev: v${version}`);
  });
});

describe('.pre-commit-hooks.yaml', () => {
  const hooks = parse(readFileSync(join(project, '.pre-commit-hooks.yaml'), 'utf8')) as readonly Record<
    string,
    unknown
  >[];

  it('holds the hooks of the documentation, each with a command that there is', () => {
    expect(hooks.map(({ id }) => id)).toEqual([...document.matchAll(/- id: (\S+)/g)].map(([, id]) => id));
    for (const { entry, language, pass_filenames, name } of hooks) {
      expect({ language, pass_filenames }).toEqual({ language: 'node', pass_filenames: false });
      expect(name).toBeTruthy();
      const [bin, command] = String(entry).split(' ');
      expect(bin).toBe('gitops-gen');
      expect(program.some((each) => each.name === command)).toBe(true);
    }
  });

  it('run on the files that they are about', () => {
    const pattern = new RegExp(String(hooks.find(({ id }) => id === 'gitops-gen-render')?.['files']));
    for (const path of ['gitops-gen.yaml', 'families/a.yaml', 'applications/a/base/service.yaml'])
      expect(path).toMatch(pattern);
    expect('README.md').not.toMatch(pattern);
  });
});
