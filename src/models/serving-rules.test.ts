import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeServing, listGpus, listModels, servingPrecision, servingRule, servingRules } from './index.js';
import { memoryRows } from './testing/memory-rows.js';
import { parallelismRows } from './testing/parallelism-rows.js';
import { context, llama8, llama70, pinned, request, type Setting } from './testing/serving-case.js';

const rows = [...memoryRows, ...parallelismRows];

describe('rules over an engine', () => {
  it.each(rows.map((row) => [`${row[0]}: ${row[1]} ${JSON.stringify(row[2])}`, row] as const))(
    '%s',
    (_, [id, args, setting, severity, message]) => {
      const found = judgeServing(context(args, setting), new Set([id]));
      expect(
        found.map((problem) => problem.severity),
        found[0]?.message,
      ).toEqual(severity === undefined ? [] : [severity]);
      expect(found.every((problem) => problem.ruleId === id)).toBe(true);
      if (message !== undefined) expect(found[0]?.message).toMatch(message);
    },
  );

  it('has a failing and a passing case for every rule', () => {
    const cases = (id: string, fails: boolean) =>
      rows.filter((row) => row[0] === id && (row[3] !== undefined) === fails).length;
    for (const rule of servingRules) {
      expect(cases(rule.id, true), rule.id).toBeGreaterThan(0);
      expect(cases(rule.id, false), rule.id).toBeGreaterThan(0);
      expect(rule.evidence.length, rule.id).toBeGreaterThan(0);
      expect(servingRule(rule.id)).toBe(rule);
    }
    expect(new Set(servingRules.map((rule) => rule.id)).size).toBe(servingRules.length);
  });

  it('points at the word that states the flag, and at nothing where nobody wrote it', () => {
    const [stated] = judgeServing(
      context(`${llama70} --tensor-parallel-size 4`, request(2)),
      new Set(['tp-equals-gpu-request']),
    );
    expect(stated).toMatchObject({ flag: 'tensor-parallel-size', source: { list: 'args', index: 2 } });
    const [absent] = judgeServing(context(llama8), new Set(['pin-gpu-memory-utilization']));
    expect(absent?.flag).toBe('gpu-memory-utilization');
    expect(absent).not.toHaveProperty('source');
  });

  it('names the remedy', () => {
    const [problem] = judgeServing(
      context(`${llama70} ${pinned} --max-model-len 8192`, { gpu: 'h100-80gb' }),
      new Set(['gpu-memory-weights-fit']),
    );
    expect(problem?.hint).toBe('would fit with tensor 2 (instead of 1), 2 x h100-80gb');
  });

  it('says nothing against the demonstration family', () => {
    const settings: readonly [string, Setting][] = [
      [`${llama8} ${pinned} --max-model-len 8192`, { gpu: 'l4', gpusPerNode: 1, ...request(1) }],
      [
        `RedHatAI/Meta-Llama-3.1-70B-Instruct-FP8 ${pinned} --max-model-len 8192 -tp 4`,
        { gpu: 'h100-80gb', gpusPerNode: 8, productLabels: ['NVIDIA-H100-80GB-HBM3'], ...request(4) },
      ],
      [
        `${llama70} ${pinned} --max-model-len 8192 -tp 8`,
        { gpu: 'h100-80gb', gpusPerNode: 8, productLabels: ['NVIDIA-H100-80GB-HBM3'], ...request(8) },
      ],
    ];
    for (const [args, setting] of settings) expect(judgeServing(context(args, setting)), args).toEqual([]);
  });

  it.each([
    [`${llama8}`, 'bf16'],
    [`${llama8} --dtype half`, 'fp16'],
    [`${llama8} --quantization fp8`, 'fp8'],
    [`RedHatAI/Llama-3.3-70B-Instruct-FP8-dynamic`, 'fp8'],
    [`Qwen/Qwen2.5-7B-Instruct-AWQ`, 'int4'],
    [`openai/gpt-oss-20b`, 'mxfp4'],
    [`openai/gpt-oss-20b --dtype bfloat16`, 'mxfp4'],
  ])('%s is served in %s', (args, precision) => {
    const { facts, model } = context(args);
    expect(servingPrecision(facts, model!)).toBe(precision);
  });

  it('never throws, and is the same twice, for any model, card and setting', () => {
    const flag = fc.constantFrom(
      ...[
        '-tp 3',
        '-tp 8',
        '-pp 2',
        '-dp 4',
        '--max-model-len 1m',
        '--max-model-len auto',
        '--gpu-memory-utilization 0.99',
        '--quantization fp8',
      ],
      ...[
        '--kv-cache-dtype fp8',
        '--enable-expert-parallel',
        '--enforce-eager',
        '--max-num-seqs 1',
        '--cpu-offload-gb 500',
        '--dtype half',
      ],
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...listModels()),
        fc.constantFrom(...listGpus()),
        fc.array(flag, { maxLength: 6 }),
        fc.integer({ min: 0, max: 16 }),
        (model, gpu, flags, count) => {
          const setting = context([model.checkpoints[0]!.id, ...flags].join(' '), {
            gpu: gpu.id,
            gpusPerNode: 8,
            sharedBy: 2,
            migStrategy: 'single',
            ...request(count),
          });
          const found = judgeServing(setting);
          expect(judgeServing(setting)).toEqual(found);
          for (const problem of found) expect(problem.message).not.toMatch(/NaN|Infinity|undefined/);
        },
      ),
      { seed: 610, numRuns: 400 },
    );
  });
});
