import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parseCase } from './case.js';
import { readingRules } from './reading.js';
import { allRules, rules } from './registry.js';

const folder = join(import.meta.dirname, 'rules');
const headings = ['## What it finds', '## Why', '## How to mend it'];

describe('the registry', () => {
  test('has every rule that has a folder, in order, once', () => {
    expect(rules.map((rule) => rule.id)).toEqual(readdirSync(folder).sort());
    expect(new Set(allRules.map((rule) => rule.id)).size).toBe(allRules.length);
  });

  test.each(readingRules.map((rule) => [rule.id, rule] as const))('%s says what it is about', (_, rule) => {
    expect(rule.id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(rule.summary).toMatch(/^[A-Z].*\.$/s);
    expect(rule.check).toBeUndefined();
  });
});

describe.each(rules.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  test('has a document with the fixed headings', () => {
    const text = readFileSync(join(folder, id, 'README.md'), 'utf8');
    const found = text.split('\n').filter((line) => line.startsWith('#'));
    const parameters = Object.keys((rule.parameters as { properties: object }).properties);
    expect(found).toEqual([`# ${id}`, ...headings, ...(parameters.length > 0 ? ['## Parameters'] : [])]);
    for (const name of parameters) expect(text).toContain(`\`${name}\``);
  });

  test('has a test, a case that fails and a case that passes', () => {
    expect(existsSync(join(folder, id, 'rule.test.ts'))).toBe(true);
    const cases = readdirSync(join(folder, id, 'cases')).map((name) => {
      const { expected } = parseCase(readFileSync(join(folder, id, 'cases', name), 'utf8'));
      expect([name, expected !== '']).toEqual([name, name.startsWith('fail')]);
      return expected;
    });
    expect(cases.filter((expected) => expected === '').length).toBeGreaterThan(0);
    expect(cases.filter((expected) => expected !== '').length).toBeGreaterThan(0);
  });

  test('describes its parameters, each with a default that its schema accepts', () => {
    const ajv = new Ajv({ strict: false });
    const schema = rule.parameters as {
      type: string;
      additionalProperties: boolean;
      properties: Record<string, { default: unknown; description: string }>;
    };
    expect(schema).toMatchObject({ type: 'object', additionalProperties: false });
    for (const each of Object.values(schema.properties)) {
      expect(each.description).toBeTruthy();
      expect(ajv.validate(each, each.default)).toBe(true);
    }
  });

  test('has a sentence about itself', () => {
    expect(rule.id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(rule.summary).toMatch(/^[A-Z].*\.$/s);
    expect(rule.check).toBeTypeOf('function');
  });
});
