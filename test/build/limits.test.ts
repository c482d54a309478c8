import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { binary } from '../support/cli.js';

const size = 1_000_000;
const configMap = (data: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n${data}`;
const filled = (unit: string) => unit.repeat(Math.floor(size / unit.length) - 200);

/** Inputs of a megabyte that are hard on one part of the reading or of the build each. */
const inputs: readonly (readonly [name: string, text: string])[] = [
  ['a list of scalars', `apiVersion: v1\nkind: A\nmetadata: {name: a}\nx: [${filled('a,')}a]\n`],
  ['keys', configMap(Array.from({ length: 60_000 }, (_, i) => `  key${i}: v\n`).join(''))],
  [
    'objects',
    Array.from({ length: 15_000 }, (_, i) => `apiVersion: v1\nkind: A\nmetadata: {name: a${i}}\n`).join('---\n'),
  ],
  ['folded blocks', configMap(Array.from({ length: 40_000 }, (_, i) => `  k${i}: > \n    a\n`).join(''))],
  ['indented folded lines', configMap(`  x: >\n${filled('    a\n      b\n')}`)],
  ['empty folded lines', configMap(`  x: >\n    a\n${filled('\n')}    b\n`)],
  ['blanks before line ends in quotes', configMap(`  x: "${filled('a \n   ')}"\n`)],
  ['blanks in quotes', configMap(`  y: "a \n    b"\n  x: "${filled(' ')}x"\n`)],
  ['backslashes in quotes', configMap(`  x: "a\n   ${filled('\\\\')} \n    b"\n`)],
  ['what looks like the headers of blocks', configMap(`  x: "${filled('|#')}"`)],
  ['comments', `${configMap('')}${filled(`#${'x'.repeat(99)}\n`)}  x: >\n    a\n      b\n`],
];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gitops-gen-limits-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// The process says itself what it took: kilobytes at most, and microseconds of processor time.
const meter =
  'process.on("exit",()=>{const{maxRSS,userCPUTime,systemCPUTime}=process.resourceUsage();process.stderr.write("\\ntook "+JSON.stringify({memory:maxRSS/1024,time:(userCPUTime+systemCPUTime)/1e6}))})';

describe('a megabyte is decided soon and in little memory', () => {
  it.each(inputs)('%s', (name, text) => {
    expect(text.length).toBeGreaterThan(500_000);
    const dir = join(folder, name.replaceAll(' ', '-'));
    mkdirSync(dir);
    writeFileSync(
      join(dir, 'kustomization.yaml'),
      'resources: [a.yaml]\nnamePrefix: p-\nnamespace: n1\ncommonLabels: {a: b}\nvars: [{name: V, objref: {apiVersion: v1, kind: ConfigMap, name: a}}]\n',
    );
    writeFileSync(join(dir, 'a.yaml'), text);
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--import', `data:text/javascript,${encodeURIComponent(meter)}`, binary, 'build', dir],
      { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
    );
    expect([0, 1]).toContain(status);
    const took = JSON.parse(/\ntook (\{.*\})/.exec(stderr)?.[1] ?? '{}') as { memory: number; time: number };
    expect(took.memory).toBeLessThan(300);
    // Processor time, so that a busy machine does not matter much.
    expect(took.time).toBeLessThan(2);
    if (process.env['GITOPS_GEN_DEEP'] !== undefined) console.log(name, took);
  });
});
