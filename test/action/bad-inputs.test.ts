import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { project } from './runner.js';

interface Row {
  readonly id: string;
  readonly where: string;
}

const rows = JSON.parse(
  readFileSync(join(project, 'fixtures/bad-inputs/github-action.json'), 'utf8'),
) as readonly Row[];

it.each(rows.map(({ id, where }) => [id, where] as const))('%s is tested where it says', (_, where) => {
  const named = [...where.matchAll(/((?:test|src)\/[\w/.-]+\.test\.ts)(?:: ([^;.]+))?/g)];
  if (named.length === 0) expect(where).toMatch(/^no row/);
  for (const [, file = '', titles = ''] of named) {
    const text = readFileSync(join(project, file), 'utf8');
    for (const title of titles.split(', ').filter((each) => each !== '')) {
      // A title with commas of its own is found whole.
      if (!text.includes(titles.trim())) expect(text).toContain(title.trim());
    }
  }
});

it('C22: no cache is restored, neither by the Action nor by the workflows', () => {
  const fixtures = join(project, 'fixtures/ok');
  const workflows = readdirSync(fixtures).map((name) => join(fixtures, name, '.github/workflows/validate.yaml'));
  for (const file of [join(project, 'action.yml'), join(project, 'scripts/action-install.mjs'), ...workflows]) {
    let text = '';
    try {
      text = readFileSync(file, 'utf8');
    } catch {
      continue;
    }
    expect(text).not.toMatch(/actions\/cache|^\s*cache:/m);
  }
});
