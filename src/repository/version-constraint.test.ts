import { describe, expect, test } from 'vitest';
import { highestTag, isConstraint } from './version-constraint.js';

const tags = [
  'latest',
  'v0.9.0',
  'v1.0.0',
  'v1.2.0',
  'v1.2.3',
  'v1.10.0',
  'v2.0.0-rc.1',
  'v2.0.0',
  'v2.1.0-rc.2',
  'v2.1.0-rc.10',
];

describe('a constraint over versions stands for the highest tag that satisfies it', () => {
  test.each([
    ['>=1.0.0 <2', 'v1.10.0'],
    ['>=1.0.0, <1.10.0', 'v1.2.3'],
    ['v1.*', 'v1.10.0'],
    ['1.2.x', 'v1.2.3'],
    ['^1.2', 'v1.10.0'],
    ['^0.9', 'v0.9.0'],
    ['~1.2.0', 'v1.2.3'],
    ['~> 1', 'v1.10.0'],
    ['*', 'v2.0.0'],
    ['*-0', 'v2.1.0-rc.10'],
    ['>2.0.0-0', 'v2.1.0-rc.10'],
    ['>1.2', 'v2.0.0'],
    ['<=1.2', 'v1.2.3'],
    ['!=2.x', 'v1.10.0'],
    ['=1.2.3', 'v1.2.3'],
    ['1.0 - 1.2', 'v1.2.3'],
    ['<1 || =1.2.0', 'v1.2.0'],
    ['>=3', undefined],
    ['^*', undefined],
  ])('%s → %s', (constraint, tag) => {
    expect(isConstraint(constraint)).toBe(true);
    expect(highestTag(constraint, tags)).toBe(tag);
  });

  test('numbers may start with a zero', () =>
    expect(highestTag('>=2024.02', ['2024.03', '2024.10', '2023.12'])).toBe('2024.10'));

  test('the first of equal tags is taken', () => {
    expect(highestTag('1.x', ['1.0.0', 'v1.0.0', '1.0.0+two'])).toBe('1.0.0');
  });

  test.each([
    '1.2.3',
    'v1.0',
    '1',
    '2.0.0-rc.1',
    'main',
    'release/1.x',
    '',
    '>',
    '>=1,',
    '1.2.3.4',
    '>1<2',

    '1x',
  ])('%s is none', (revision) => expect(isConstraint(revision)).toBe(false));
});
