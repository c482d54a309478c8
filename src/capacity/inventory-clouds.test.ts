import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { call } from '../../test/support/cli.js';

/**
 * What nodes of the clouds look like to kubectl, and the ClusterConfig that they become: fixtures/inventories/<cloud>.json and .yaml.
 * `UPDATE_GOLDEN=1` writes the latter.
 */
const folder = resolve(import.meta.dirname, '../../fixtures/inventories');
const clouds = readdirSync(folder).filter((name) => name.endsWith('.json'));

describe('inventory import', () => {
  test.each(clouds)('%s', async (name) => {
    const { code, stdout, stderr } = await call(['inventory', 'import', `${folder}/${name}`, '--name', 'production']);
    expect(code).toBe(0);
    const said = stderr.replace(/^/gm, '# ').replace(/# $/, '');
    const text = `${said}${stdout.replace(/observedAt: .*/, 'observedAt: "2026-01-01"')}`;
    const path = `${folder}/${name.replace(/json$/, 'yaml')}`;
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, text);
    expect(text).toBe(readFileSync(path, 'utf8'));
  });

  test.each(clouds)('what %s gives is a ClusterConfig on which Pods are placed', async (name) => {
    const path = `${folder}/${name.replace(/json$/, 'yaml')}`;
    const pods = `${folder}/one-gpu.txt`;
    const { code, stdout } = await call(['capacity', '--nodes', path, '--pods', pods]);
    expect(stdout).toContain(name === 'openshift.json' ? 'does not fit' : 'fits');
    expect(code).toBe(name === 'openshift.json' ? 1 : 0);
  });
});
