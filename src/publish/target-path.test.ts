import { describe, expect, it } from 'vitest';
import { foldedPath, isBookkeeping, pathFault } from './target-path.js';

describe('paths that may be written', () => {
  it.each([
    'a',
    'applications/llama-3.1-8b/base/kustomization.yaml',
    '.github/workflows/validate.yaml',
    '.gitops-gen/lock/llama-3.1.yaml',
    'a b/ü.yaml',
    '.gitignore',
    '.gitattributes',
    'x/.gitkeep',
    'docs/console.md',
    `${'a'.repeat(255)}/b`,
  ])('%s', (path) => expect(pathFault(path)).toBeUndefined());
});

describe('paths that may not', () => {
  it.each([
    ['', 'is empty'],
    ['/etc/passwd', 'is absolute'],
    ['../x', '".."'],
    ['a/../b', '".."'],
    ['a/./b', '"."'],
    ['a//b', 'empty part'],
    ['a/', 'empty part'],
    ['..\\x', 'backslash'],
    ['a\nb', 'control character'],
    ['a\u0000b', 'control character'],
    ['a\u009bb', 'control character'],
    ['C:/x', 'reserve'],
    ['a/b:stream', 'reserve'],
    ['.git/config', '.git folder'],
    ['x/.GIT/hooks/pre-commit', '.git folder'],
    ['.git./config', '.git folder'],
    ['.git /config', '.git folder'],
    ['GIT~1/config', '.git folder'],
    ['.g\u200cit/config', '.git folder'],
    ['a./b', 'ends with a dot'],
    ['a /b', 'ends with a dot or space'],
    [' a/b', 'starts with a space'],
    ['nul', 'device on Windows'],
    ['a/COM1.yaml', 'device on Windows'],
    ['u\u0308.yaml', 'NFC'],
    ['\ud800.yaml', 'NFC'],
    [`${'ä'.repeat(128)}`, 'longer than 255 bytes'],
    [`${'a/'.repeat(600)}a`, 'longer than 1024 bytes'],
  ])('%j', (path, fault) => expect(pathFault(path)).toContain(fault));
});

it('knows its own books', () => {
  expect(['.gitops-gen/owned/a.txt', '.gitops-gen/run', '.gitops-gen/base/x'].map(isBookkeeping)).toEqual([
    true,
    true,
    true,
  ]);
  expect(['.gitops-gen/lock/a.yaml', '.gitops-gen/ownedx', 'owned'].map(isBookkeeping)).toEqual([false, false, false]);
});

it('folds what disks fold', () => {
  expect(foldedPath('A/Ü.yaml')).toBe(foldedPath('a/u\u0308.YAML'));
  expect(foldedPath('a')).not.toBe(foldedPath('b'));
});
