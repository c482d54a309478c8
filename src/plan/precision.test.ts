import { describe, expect, it } from 'vitest';
import { findModel } from '../models/index.js';
import { dtypeOf, quantizationOf } from './precision.js';
import type { ModelSettings } from './settings.js';

const model = findModel('llama-3.1-8b');
const checkpoint = model?.checkpoints[0]?.id ?? '';
const settings = (given: Partial<ModelSettings>): ModelSettings => ({ name: 'm', ...given });

describe('what the engine is told of the precision', () => {
  it('is a dtype where the spec asks for another one than that of the checkpoint', () => {
    expect(model?.checkpoints[0]?.precision).toBe('bf16');
    expect(dtypeOf(settings({ precision: 'fp16' }), model, checkpoint, 'fp16')).toBe('float16');
    expect(dtypeOf(settings({ precision: 'fp32' }), model, checkpoint.toUpperCase(), 'fp32')).toBe('float32');
  });

  it('is nothing where the engine takes it by itself, somebody says it, or the checkpoint is not known', () => {
    expect(dtypeOf(settings({ precision: 'bf16' }), model, checkpoint, 'bf16')).toBeUndefined();
    expect(dtypeOf(settings({}), model, checkpoint, 'fp16')).toBeUndefined();
    const own = settings({ precision: 'fp16', engine: { args: { dtype: 'half' } } });
    expect(dtypeOf(own, model, checkpoint, 'fp16')).toBeUndefined();
    expect(dtypeOf(settings({ precision: 'fp16' }), model, 's3://models/mine', 'fp16')).toBeUndefined();
    expect(dtypeOf(settings({ precision: 'fp8' }), model, checkpoint, 'fp8')).toBeUndefined();
  });

  it('is a quantisation only where there is one', () => {
    expect(quantizationOf(settings({ quantizeAtLoad: true }), 'fp8')).toBe('fp8');
    expect(quantizationOf(settings({ quantizeAtLoad: true }), 'fp32')).toBeUndefined();
    expect(quantizationOf(settings({}), 'fp8')).toBeUndefined();
  });
});
