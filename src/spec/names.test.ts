import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { measured } from '../../test/support/processor-time.js';
import { formats, isDate } from './formats.js';
import { nameLimit, refuseDerived, refuseName, slug } from './names.js';
import { bytesOf, milliOf, refuseCpu, refuseMemory } from './quantity.js';

test('a slug is a DNS label, and stays one', () => {
  expect(['llama-3.1-8b', 'Llama_3', '--a..b--', '8b'].map(slug)).toEqual(['llama-3-1-8b', 'llama-3', 'a-b', '8b']);
  const name = fc.string({ unit: fc.constantFrom('a', 'Z', '1', '.', '-', '_', ' ', 'é'), maxLength: 30 });
  fc.assert(
    fc.property(name, (any) => {
      expect(slug(any)).toMatch(/^$|^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/);
      expect(slug(slug(any))).toBe(slug(any));
      // Whatever is a legal name has a slug that a Service may bear.
      if (refuseName(any) === undefined) expect(slug(any)).toMatch(/^[a-z](?:[a-z0-9-]*[a-z0-9])?$/);
    }),
    { seed: 1, numRuns: 2_000 },
  );
});

test('what a refusal suggests is legal', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', 'B', '1', '.', '-', '_', ' ', '/', 'é', '\n'), maxLength: 70 }),
      (any) => {
        for (const refuse of ['name', 'dns-label', 'service-name', 'engine-argument'].map(
          (format) => formats.get(format)!,
        )) {
          const fix = refuse(any)?.fix;
          if (fix !== undefined) expect([any, refuse(fix.slice(0, 63))]).toEqual([any, undefined]);
        }
      },
    ),
    { seed: 8, numRuns: 3_000 },
  );
});

test('derived names are measured by the limit of their kind', () => {
  // StatefulSet and CronJob: controllers append 11 characters.
  expect(['StatefulSet', 'CronJob', 'Service', 'ConfigMap'].map(nameLimit)).toEqual([52, 52, 63, 253]);
  expect(refuseDerived('StatefulSet', 'a'.repeat(52))).toBeUndefined();
  expect(refuseDerived('StatefulSet', 'a'.repeat(53))).toEqual({
    message: `The StatefulSet that is rendered for it would be called "${'a'.repeat(53)}": 53 characters, the limit is 52.`,
    hint: 'Cut 1 character.',
  });
});

describe('formats', () => {
  const sha = `sha256:${'ab12'.repeat(16)}`;
  const table: Readonly<Record<string, readonly [good: readonly string[], bad: readonly string[]]>> = {
    name: [
      ['a', 'llama-3.1-8b', 'constructor', 'console', 'lpt'],
      [
        '',
        'A',
        'a b',
        '8b',
        'a.',
        'a-',
        '-a',
        'a/b',
        'a..b',
        'a.-b',
        'con',
        'nul.txt',
        'com1',
        'ä',
        'a\n',
        'a'.repeat(64),
      ],
    ],
    'dns-label': [
      ['a', '8b', 'a-b'],
      ['a.b', 'A', '-a', '', 'a'.repeat(64)],
    ],
    'service-name': [
      ['a', 'a-8'],
      ['8b', 'a.b', ''],
    ],
    image: [
      [
        'a',
        'vllm/vllm-openai:v0.11.0',
        `ghcr.io/a/b:1@${sha}`,
        'localhost:5000/a',
        `a@${sha}`,
        'registry.k8s.io/kubectl:v1.34.1',
      ],
      ['', 'A', 'a b', 'a:', 'a@sha256:1', 'a:-b', 'a//b', `a@${sha}@${sha}`, 'http://a/b'],
    ],
    'model-source': [
      ['hf://meta-llama/Llama-3.1-8B', 's3://b/p/q', 'gs://b/p', 'oci://r.io/m:v1', 'pvc://claim/p', 'https://h/p'],
      ['meta-llama/x', 'ftp://a/b', 'hf://x', 's3://user:pw@b/p', 's3://b/../c', 's3://b/$(x)', 'hf://a/b c'],
    ],
    'repository-url': [
      ['https://github.com/a/b', 'https://h:8443/a/b.git', 'git@github.com:a/b.git', 'ssh://git@h:22/a/b'],
      [
        'https://u:p@h/a',
        'http://h/a',
        'file:///a',
        'ext::sh -c x',
        '--upload-pack=x',
        'https://h/a b',
        'git@h:-x',
        'https://h/../a',
      ],
    ],
    branch: [
      ['main', 'release/1.0', 'v1'],
      ['-x', 'a..b', 'a b', 'a~1', 'a:b', 'x.lock', '/a', 'a/', 'a@{1}', ''],
    ],
    'relative-path': [
      ['.', 'a', 'a/b-c.d'],
      ['/a', '../a', 'a/..', 'a//b', 'a\\b', './a', '', 'a/-x', 'a.'],
    ],
    'label-key': [
      ['a', 'a.b/c_D', 'app.kubernetes.io/name'],
      ['', 'a/b/c', '/a', 'a/', '-a', 'A.B/c', `${'a'.repeat(254)}/b`, 'a'.repeat(64)],
    ],
    'label-value': [
      ['', 'a', 'A.b_c-1'],
      ['-a', 'a/b', 'v1+cu12', 'a'.repeat(64)],
    ],
    'resource-name': [
      [
        'cpu',
        'requests.memory',
        'requests.nvidia.com/gpu',
        'nvidia.com/mig-1g.10gb',
        'pods',
        'count/deployments.apps',
        'hugepages-2Mi',
        'rdma/hca_shared_devices_a',
      ],
      ['gpu', 'nvidia/gpu', 'nvidia/mig-1g.10gb', 'nvidia.com/GPU', 'memroy', '', '/gpu', 'rdma/'],
    ],
    'kubernetes-version': [
      ['1.34', '1.34.1'],
      ['v1.34', '1', '2.0', '1.34.x'],
    ],
    'engine-argument': [['max-num-seqs'], ['--max-num-seqs', 'max_num_seqs', 'A', '']],
    'action-reference': [
      ['acme/gitops-gen@v1', 'a/b/c@0123abc', './action'],
      ['acme/gitops-gen', 'x', 'a/b@', '${{ x }}'],
    ],
    'code-owner': [
      ['@a', '@acme/team', 'a@b.c'],
      ['a', '@', '@a b'],
    ],
    registry: [
      ['r.io', 'r.io:5000/mirror'],
      ['https://r.io', 'r.io/', ''],
    ],
    'mig-profile': [
      ['1g.10gb', '7g.80gb', '1g.10gb+me'],
      ['1g', '8g.80gb', 'x'],
    ],
    'date-or-time': [
      ['2026-11-21', '2026-11-21T09:30:00Z', '2024-02-29T00:00:00+01:00'],
      ['2026-2-1', '2026-02-30', '2026-11-21T25:00:00Z', '2026-11-21 09:30'],
    ],
    'https-url': [
      ['https://kubernetes.default.svc', 'https://1.2.3.4:6443'],
      ['http://a', 'https://u@h', 'kubernetes.default.svc'],
    ],
  };
  for (const [format, [good, bad]] of Object.entries(table)) {
    test(format, () => {
      const judge = formats.get(format)!;
      expect(good.filter((text) => judge(text) !== undefined)).toEqual([]);
      expect(bad.filter((text) => judge(text) === undefined)).toEqual([]);
      for (const text of bad) expect(judge(text)!.hint.length).toBeGreaterThan(5);
    });
  }

  test('every format decides a long text at once', () => {
    for (const [format, judge] of formats) {
      for (const unit of ['a', '1', '-', '.', '/', 'a.', 'a-', '@', ':', ' ']) {
        const { milliseconds } = measured(() => judge(`${unit.repeat(4_096 / unit.length)}!`));
        expect(milliseconds, `${format} ${unit}`).toBeLessThan(500);
      }
    }
  });

  test('days of the calendar', () => {
    expect(['2024-02-29', '2000-02-29', '2026-12-31'].every(isDate)).toBe(true);
    expect(['1900-02-29', '2026-02-29', '2026-00-01', '2026-13-01', '2026-04-31', '26-01-01'].some(isDate)).toBe(false);
  });
});

describe('quantities', () => {
  test('bytes and thousandths', () => {
    expect(['16Gi', '1.5Gi', '16G', '1k', '1Ki', '512'].map(bytesOf)).toEqual([
      17_179_869_184, 1_610_612_736, 16e9, 1_000, 1_024, 512,
    ]);
    expect(['16GB', '16K', '16m', '', 'x', '1'.repeat(40)].map(bytesOf)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect([8, 0.5, '500m', '0.25', '8'].map(milliOf)).toEqual([8_000, 500, 500, 250, 8_000]);
    expect(['1Gi', '-1', '0.0001', ''].map(milliOf)).toEqual([undefined, undefined, undefined, undefined]);
  });

  const hints: readonly (readonly [judge: typeof refuseMemory, text: string, hint: string])[] = [
    [refuseMemory, '16GB', 'Did you mean 16Gi or 16G?'],
    [refuseMemory, '16gb', 'Did you mean 16Gi or 16G?'],
    [refuseMemory, '16GiB', 'Did you mean 16Gi?'],
    [refuseMemory, '16gi', 'Did you mean 16Gi?'],
    [refuseMemory, '16K', 'Did you mean 16Ki or 16k?'],
    [refuseMemory, '16m', 'Did you mean 16Mi?'],
    [refuseMemory, '16', 'Did you mean 16Gi?'],
    [refuseMemory, '16 Gi', 'Write 16Gi.'],
    [refuseCpu, '500Mi', 'Did you mean 500m?'],
    [refuseCpu, '4 cores', 'Write 4.'],
    [refuseCpu, '1.5m', 'Write cores'],
  ];
  for (const [judge, text, hint] of hints) test(text, () => expect(judge(text)?.hint).toContain(hint));
});
