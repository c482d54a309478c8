import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amountOf, judgeQuantity, milli, parseQuantity, showAmount, units } from './quantity.js';

describe('quantities of Kubernetes', () => {
  it.each<[unknown, bigint, bigint]>([
    ['0', 0n, 0n],
    ['4', 4n, 4000n],
    [4, 4n, 4000n],
    [0.5, 1n, 500n],
    ['500m', 1n, 500n],
    ['1.5', 2n, 1500n],
    ['.5', 1n, 500n],
    ['5.', 5n, 5000n],
    ['+1', 1n, 1000n],
    ['-1', -1n, -1000n],
    ['100n', 1n, 1n],
    ['1u', 1n, 1n],
    ['1k', 1000n, 1_000_000n],
    ['1Ki', 1024n, 1_024_000n],
    ['64Gi', 68_719_476_736n, 68_719_476_736_000n],
    ['0.1Gi', 107_374_183n, 107_374_182_400n],
    ['1.5Gi', 1_610_612_736n, 1_610_612_736_000n],
    ['16G', 16_000_000_000n, 16_000_000_000_000n],
    ['1E', 10n ** 18n, 10n ** 21n],
    ['1Ei', 2n ** 60n, 2n ** 60n * 1000n],
    ['1e3', 1000n, 1_000_000n],
    ['1E3', 1000n, 1_000_000n],
    ['1e-3', 1n, 1n],
    ['12345678901234567890', 12_345_678_901_234_567_890n, 12_345_678_901_234_567_890_000n],
    [1e21, 10n ** 21n, 10n ** 24n],
  ])('%s is %s units and %s thousandths, rounded up', (text, whole, thousandths) => {
    const parsed = parseQuantity(text);
    expect(parsed.ok && [units(parsed.quantity), milli(parsed.quantity)]).toEqual([whole, thousandths]);
  });

  it.each<[unknown, string, readonly string[]]>([
    ['16GB', '"16GB" has a suffix Kubernetes does not know: "GB"', ['16Gi', '16G']],
    ['16K', '"16K" has a suffix Kubernetes does not know: "K"', ['16k', '16Ki']],
    ['16gi', '"16gi" has a suffix Kubernetes does not know: "gi"', ['16Gi']],
    ['16 Gi', '"16 Gi" has a space in it', ['16Gi']],
    [' 4', '" 4" has a space in it', ['4']],
    ['1,5', '"1,5" has a comma in it', ['1.5']],
    ['', 'the quantity is empty', []],
    ['Gi', '"Gi" is not a quantity: a number and at most one suffix (500m, 4, 16Gi)', []],
    ['1.2.3', '"1.2.3" is not a quantity: a number and at most one suffix (500m, 4, 16Gi)', []],
    ['1e99999', '"1e99999" has a suffix Kubernetes does not know: "e99999"', []],
    ['9'.repeat(200), 'the quantity is longer than 128 characters', []],
    [null, 'a quantity is a number or a string, not null', []],
    [true, 'a quantity is a number or a string, not a boolean', []],
    [['1'], 'a quantity is a number or a string, not a list', []],
    [Number.NaN, 'a quantity is a number or a string, not a number', []],
  ])('%j is refused', (text, reason, didYouMean) => {
    expect(parseQuantity(text)).toEqual({ ok: false, reason, didYouMean });
  });

  it.each<[string, unknown, string | undefined, readonly string[]]>([
    ['memory', '16m', 'memory: 16m means 16 thousandths of a byte or less', ['16Mi', '16M']],
    [
      'cpu',
      '500Mi',
      'cpu: 500Mi is a size in bytes, CPU is counted in cores (4) or thousandths of a core (500m)',
      ['500m'],
    ],
    ['cpu', '100u', 'cpu: 100u is less than a thousandth of a core, the smallest amount there is', ['1m']],
    ['nvidia.com/gpu', '500m', 'nvidia.com/gpu: 500m is not a whole number, and devices are not divisible', []],
    ['nvidia.com/gpu', 0.5, 'nvidia.com/gpu: 0.5 is not a whole number, and devices are not divisible', []],
    ['nvidia.com/gpu', '-1', 'nvidia.com/gpu: -1 is negative', []],
    ['memory', '16GB', 'memory: "16GB" has a suffix Kubernetes does not know: "GB"', ['16Gi', '16G']],
    ['memory', '16Gi', undefined, []],
    ['cpu', '500m', undefined, []],
    ['nvidia.com/gpu', '1k', undefined, []],
    ['ephemeral-storage', '1Ti', undefined, []],
  ])('%s: %s is judged', (resource, text, message, didYouMean) => {
    expect(judgeQuantity(resource, text)).toEqual(
      message === undefined ? undefined : { severity: 'error', message, didYouMean },
    );
  });

  it('keeps every whole number of bytes exact up to 2^53', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        expect(amountOf('memory', String(value))).toBe(value < 0 ? undefined : value);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('reads a number as it reads its text', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e15, noNaN: true }), (value) => {
        const [a, b] = [parseQuantity(value), parseQuantity(String(value).replace('e+', 'e'))];
        expect(a).toEqual(b);
      }),
      { seed: 2, numRuns: 200 },
    );
  });

  it.each([
    ['cpu', 1500, '1.5 CPU'],
    ['memory', 64 * 2 ** 30, '64 GiB'],
    ['memory', 1536 * 2 ** 20, '1.5 GiB'],
    ['memory', 512, '512 B'],
    ['nvidia.com/gpu', 8, '8'],
  ] as const)('%s %d is shown as %s', (resource, amount, text) => {
    expect(showAmount(resource, amount)).toBe(text);
  });
});
