import { describe, expect, it } from 'vitest';
import type { Problem } from '../../src/diagnostics/diagnostic.js';
import { GPUS, MODELS } from '../../src/models/catalog.generated.js';
import { SERVED } from '../../src/models/index.js';
import type { FitReport } from '../../src/models/report.js';
import { sizingOf } from '../../src/plan/sizing.js';
import { call } from '../support/cli.js';
import { defaults, fixture, planFiles } from '../support/rendering.js';

/**
 * `fit` without flags and `plan` of a spec that says nothing speak of the same engine with the same settings, so that one model on
 * one class of GPU has one figure for its weights, its KV cache and its context, and one verdict.
 */

const { version } = defaults.engines['vllm'] as { version: string };

interface Said {
  readonly verdict: string;
  /** The sum in words, or why it is refused. */
  readonly sum: string;
}

/** What `plan` makes of a model that a spec names and of which it says nothing but one GPU of a class. */
function planned(model: (typeof MODELS)[number], gpu: string): Said | undefined {
  const problems: Problem[] = [];
  const sized = sizingOf(
    {
      settings: { name: model.id, gpu, parallelism: { tensor: 1 } },
      model,
      precision: model.precision,
      engineVersion: version,
      storage: 'ephemeral',
      defaultContext: SERVED.context,
      cluster: {
        apiVersion: 'gitops-gen.io/v1alpha1',
        kind: 'ClusterConfig',
        metadata: { name: 'production' },
        spec: {
          nodePools: [{ name: 'all', gpu, gpusPerNode: 8, nodes: 2, allocatable: { cpu: 400, memory: '8000Gi' } }],
        },
      },
      subject: 'it',
      at: () => ({ file: '' }),
    },
    (problem) => problems.push(problem),
  );
  const memory = sized?.workedOut.find(({ field }) => field === 'memory');
  if (memory !== undefined) return { verdict: memory.value, sum: memory.why };
  const refused = problems.find(({ ruleId }) => ruleId === 'model-does-not-fit')?.message;
  return refused === undefined
    ? undefined
    : { verdict: 'no-fit', sum: refused.replace(/^it does not fit on \d+ x \S+: /, '') };
}

/** The sum of a report of `fit`, in the words of `plan`. */
function sumOf({ terms, gpus, gpu, context, refusals }: FitReport): string {
  const [refusal] = refusals;
  if (refusal !== undefined) return refusal.message;
  const figure = (value: number) => value.toFixed(1);
  return (
    `${gpus} x ${gpu}: ${figure(terms.usableGiB)} GiB x ${terms.gpuMemoryUtilization} = ${figure(terms.availableGiB)} GiB a GPU; ` +
    `weights ${figure(terms.weightsGiB)}, activation ${figure(terms.activationGiB)}, other ${figure(terms.nonTorchGiB)}, ` +
    `CUDA graphs ${figure(terms.cudaGraphsGiB)}, left for the KV cache ${figure(terms.kvAvailableGiB)}; ` +
    `one request of ${context} tokens takes ${figure(terms.kvCacheGiB)}`
  );
}

const decimal = /-?\d+\.\d+/g;

function wordsOf(sum: string | undefined): string | undefined {
  return sum?.replace(decimal, '#');
}

function figuresOf(sum: string | undefined): readonly number[] {
  return (sum?.match(decimal) ?? []).map(Number);
}

describe('fit without flags and plan agree, on every class of GPU', () => {
  // Each fifth of the catalog; all of it takes minutes.
  const models = MODELS.filter((_, index) => process.env['GITOPS_GEN_DEEP'] !== undefined || index % 5 === 0);

  it.each(models.map((model) => [model.id, model] as const))('about %s', { timeout: 30_000 }, async (id, model) => {
    const { stdout } = await call(['fit', id, '--all', '-o', 'json']);
    const reports = (JSON.parse(stdout) as FitReport[]).filter(({ tensor }) => tensor === 1);
    expect(reports.map(({ gpu }) => gpu).sort()).toEqual(GPUS.map((gpu) => gpu.id).sort());
    for (const report of reports) {
      const plan = planned(model, report.gpu);
      const sum = sumOf(report);
      expect({ gpu: report.gpu, verdict: plan?.verdict, sum: wordsOf(plan?.sum) }).toEqual({
        gpu: report.gpu,
        verdict: report.verdict,
        sum: wordsOf(sum),
      });
      // The report rounds to a thousandth before this test rounds to a tenth.
      figuresOf(plan?.sum).forEach((figure, index) => {
        expect(Math.abs(figure - (figuresOf(sum)[index] ?? Number.NaN)), `${sum} | ${plan?.sum}`).toBeLessThan(0.101);
      });
    }
  });

  it('about the release of the engine, as a whole plan pins it', () => {
    const { plan } = planFiles(fixture('specs/llama-3.1'));
    const lines = JSON.stringify(plan).match(/the default of vLLM [0-9.]+ on/g) ?? [];
    expect([...new Set(lines)]).toEqual([`the default of vLLM ${version} on`]);
  });
});

describe('fit', () => {
  const note = 'as plan and render set it where a spec says nothing else:';

  it('says which settings are those of the product', async () => {
    const { stdout } = await call(['fit', 'llama-3.1-8b', '--gpu', 'l4']);
    expect(stdout).toContain(
      `note: ${note} vLLM ${version}, gpu-memory-utilization ${SERVED.gpuMemoryUtilization}, max-num-seqs ${SERVED.maxNumSeqs}`,
    );
    expect((await call(['fit', 'llama-3.1-8b', '--all'])).stdout).toContain(`\nnote: ${note} vLLM ${version}`);
  });

  it('leaves out what a flag says', async () => {
    const flags = ['--engine-version', '0.11.0', '--gpu-memory-utilization', '0.8'];
    const some = await call(['fit', 'llama-3.1-8b', '--gpu', 'l4', ...flags]);
    expect(some.stdout).toContain(`note: ${note} max-num-seqs ${SERVED.maxNumSeqs}\n`);
    expect(some.stdout).toContain('x 0.8 gpu-memory-utilization');
    const all = await call(['fit', 'llama-3.1-8b', '--gpu', 'l4', ...flags, '--max-num-seqs', '64']);
    expect(all.stdout).not.toContain(note);
  });
});
