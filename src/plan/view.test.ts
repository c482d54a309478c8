import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv } from 'ajv';
import { beforeAll, describe, expect, test } from 'vitest';
import { call } from '../../test/support/cli.js';
import type { CapacityView } from './capacity-view.js';
import { formatPlanHtml } from './view-html.js';
import { formatPlanMarkdown } from './view-markdown.js';
import { formatPlanText } from './view-text.js';

const golden = join(import.meta.dirname, 'cases');
const specs = resolve(import.meta.dirname, '../../fixtures/specs/llama');
const endings = { text: 'txt', json: 'json', markdown: 'md', html: 'html' };

/** A plan whose second production wave asks, at its maximum, for more than the inventory has. */
async function planAs(format: string, ...more: readonly string[]): Promise<string> {
  const { code, stdout } = await call(['plan', '-C', specs, '-o', format, ...more]);
  expect(code).toBe(0);
  return stdout;
}

let view: CapacityView;
beforeAll(async () => {
  view = JSON.parse(await planAs('json'));
}, 30_000);

describe('each format prints what its golden file holds', () => {
  test.each(Object.entries(endings))('%s', async (format, ending) => {
    const path = join(golden, `does-not-fit.${ending}`);
    const printed = await planAs(format);
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, printed);
    expect(printed).toBe(readFileSync(path, 'utf8'));
  });

  test.each(['text', 'markdown', 'html'])('%s has the arithmetic on request', async (format) => {
    const arithmetic = /GiB x 0\.9 = /;
    expect(await planAs(format, '--worked-out')).toMatch(arithmetic);
    expect(await planAs(format)).not.toMatch(arithmetic);
  });
});

describe('the JSON', () => {
  const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../../schemas/plan-report.schema.json'), 'utf8'));
  const validate = new Ajv({ strict: false, allErrors: true }).compile(schema);

  test('is what its schema says', () => {
    expect(validate(view) ? [] : validate.errors).toEqual([]);
  });

  test('is refused by the schema with a field more, or one less', () => {
    expect(validate({ ...view, more: 1 })).toBe(false);
    const { notes: _, ...less } = view;
    expect(validate(less)).toBe(false);
  });

  test('shares its definitions with that of the capacity report', () => {
    const capacity = JSON.parse(
      readFileSync(join(import.meta.dirname, '../../schemas/capacity-report.schema.json'), 'utf8'),
    );
    for (const name of ['Status', 'Kind', 'Placement', 'Price', 'Certificate'])
      expect(schema.definitions[name]).toEqual(capacity.definitions[name]);
  });
});

describe('what does not fit', () => {
  const pool = () =>
    view.environments
      .find(({ name }) => name === 'production')
      ?.clusters[0]?.waves.at(-1)
      ?.pools.find((each) => each.pool === 'h100');

  test('is counted as it is asked for, not as far as it fits: 8 replicas of 4 GPUs beside 2 that are taken', () => {
    expect(pool()).toMatchObject({ have: 32, taken: 2, steady: 12, maximum: 32 });
  });

  test('is the pool without its largest node where one is gone', () => {
    expect(pool()?.nodeGone).toBe(24);
  });

  test('is said with its reason in every format', () => {
    for (const format of [formatPlanText, formatPlanMarkdown, formatPlanHtml])
      expect(format(view)).toMatch(/All autoscalers at their maximum at wave 20.*1 Pod .{0,30}short/);
  });

  test('is said once where several nodes fail for the same reason', () => {
    const lost = { kind: 'node-gone', status: 'impossible', message: 'no room for x' } as const;
    const twice = withWave({
      scenarios: [
        { ...lost, title: 'node a gone' },
        { ...lost, title: 'node b gone' },
      ],
    });
    expect(formatPlanText(twice).match(/no room for x/g)).toHaveLength(1);
  });

  test('is a red end of a bar, and a number beside it', () => {
    const page = formatPlanHtml(view);
    expect(page).toContain('<td data-of="maximum">32<span class="over">2 over</span></td>');
    // 34 GPUs wide: 2 taken, 30 inside, 2 beyond.
    expect(page).toContain('<rect class="beyond" x="941" y="23" width="59" height="5"/>');
    expect(page).toContain('<header class="fail">');
  });
});

/** A view of one wave, of which some fields are given. */
function withWave(
  change: Partial<CapacityView['environments'][number]['clusters'][number]['waves'][number]>,
): CapacityView {
  const wave = {
    wave: 1,
    phase: 'p',
    workloads: [],
    pools: [],
    verdict: 'possible',
    scenarios: [],
    ...change,
  } as const;
  return {
    schemaVersion: 1,
    environments: [{ name: 'e', clusters: [{ name: 'c', inventory: 'the declared inventory', waves: [wave] }] }],
    notes: [],
  };
}

describe('names cannot leave their place', () => {
  const nasty = "</title><script>x()</script>\" onload='y' | `z` @team [l](https://e.example)\n# h \u202e\u0007";
  const pools = [{ pool: nasty, gpu: nasty, have: 2, taken: 0, steady: 1, rollout: 1, maximum: 3, free: 1 }];
  const workload = {
    family: nasty,
    model: nasty,
    application: nasty,
    replicas: { min: 1, max: 2 },
    gpu: nasty,
    gpusPerReplica: 1,
    strategy: nasty,
    workedOut: [{ field: nasty, value: nasty, why: nasty }],
  };
  const base = withWave({
    phase: nasty,
    pools,
    workloads: [workload],
    scenarios: [{ kind: 'steady', status: 'impossible', title: nasty, message: nasty }],
  });
  const hostile: CapacityView = {
    ...base,
    environments: base.environments.map((environment) => ({
      name: nasty,
      clusters: environment.clusters.map((cluster) => ({ ...cluster, name: nasty, inventory: nasty })),
    })),
    notes: [{ kind: 'replan', message: nasty, hint: nasty }],
  };

  test('of HTML: no tag, attribute or address that the page has not itself', () => {
    const page = formatPlanHtml(hostile, { workedOut: true });
    const tags = new Set([...page.matchAll(/<\/?([a-z0-9]+)/g)].map((match) => match[1]));
    const plain = new Set([...formatPlanHtml(view, { workedOut: true }).matchAll(/<\/?([a-z0-9]+)/g)].map((m) => m[1]));
    expect([...tags].filter((tag) => !plain.has(tag) && tag !== 'code')).toEqual([]);
    const attributes = [...page.matchAll(/<[a-z0-9]+((?:\s+[\w-]+(?:="[^"<>]*")?)*)\s*>/gi)].map((match) => match[1]);
    expect(attributes.join(' ')).not.toMatch(/(^|")\s*onload=/);
    expect(page).not.toMatch(/<script|\ssrc=|\shref=|@import|url\(|\u202e|\u0007/);
  });

  test('of Markdown: no markup, mention, link, line or cell of their own', () => {
    const text = formatPlanMarkdown(hostile, { workedOut: true });
    expect(text).not.toMatch(/<script|@team|\]\(https:|https:\/\/|^# h|\u202e|\u0007/m);
    const row = text.split('\n').find((line) => line.startsWith('| ') && line.includes('script')) ?? '';
    expect(row.match(/(?<!\\)\|/g)).toHaveLength(11);
  });
});

test('where nothing runs, every format says so', () => {
  const empty: CapacityView = {
    schemaVersion: 1,
    environments: [{ name: 'e', clusters: [{ name: 'c', inventory: 'the declared inventory', waves: [] }] }],
    notes: [],
  };
  for (const format of [formatPlanText, formatPlanMarkdown, formatPlanHtml])
    expect(format(empty)).toMatch(/nothing runs here/i);
});
