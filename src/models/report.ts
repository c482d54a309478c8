import { GPUS } from './catalog.generated.js';
import type { GpuClass, ModelFacts } from './facts.js';
import { assess, type FitRequest, type FitResult } from './fit.js';
import { validTensorSizes } from './refusals.js';

/** What `fit -o json` prints for one combination: the result without its prose, figures rounded to a thousandth. */
export type FitReport = Omit<FitResult, 'explanation' | 'refusals' | 'cautions'> & {
  readonly schemaVersion: 1;
  readonly refusals: readonly { readonly code: string; readonly message: string }[];
  readonly cautions: readonly { readonly code: string; readonly message: string }[];
  readonly explanation: readonly string[];
};

function rounded(value: number): number {
  return Number(value.toFixed(3));
}

/** The JSON of one result (schemas/fit-report.schema.json). */
export function fitReport(result: FitResult): FitReport {
  const terms = Object.fromEntries(Object.entries(result.terms).map(([name, value]) => [name, rounded(value)]));
  const plain = ({ code, message }: { readonly code: string; readonly message: string }) => ({ code, message });
  const { explanation, refusals, cautions, ...rest } = result;
  return {
    schemaVersion: 1,
    ...rest,
    terms: terms as unknown as FitResult['terms'],
    refusals: refusals.map(plain),
    cautions: cautions.map(plain),
    explanation,
  };
}

function gib(value: number): string {
  return value.toFixed(2).padStart(8);
}

function setup(result: FitResult): string {
  const { tensor, pipeline, data, expert } = result;
  const parts = [`tensor ${tensor}`];
  if (pipeline > 1) parts.push(`pipeline ${pipeline}`);
  if (data > 1) parts.push(`data ${data}`);
  if (expert) parts.push('experts placed whole');
  return parts.join(', ');
}

function tokens(count: number): string {
  return count.toLocaleString('en-US');
}

/** The sum as a column that can be added up by eye. */
function sum(result: FitResult): string[] {
  const { terms } = result;
  const inside = result.cudaGraphsInsideUtilization;
  const rows: [string, number, string][] = [
    [
      'available',
      terms.availableGiB,
      `${terms.usableGiB.toFixed(2)} GiB x ${terms.gpuMemoryUtilization} gpu-memory-utilization`,
    ],
    ['- weights', terms.weightsGiB, `${result.precision}, ${terms.weightsTotalGiB.toFixed(2)} GiB in all`],
    [
      '- activation',
      terms.activationGiB,
      `max-num-seqs ${result.maxNumSeqs}, max-num-batched-tokens ${result.maxNumBatchedTokens}`,
    ],
    ['- outside torch', terms.nonTorchGiB, ''],
  ];
  const graphs: [string, number, string] = ['- CUDA graphs', terms.cudaGraphsGiB, ''];
  if (inside && terms.cudaGraphsGiB > 0) rows.push(graphs);
  rows.push([
    '= left for KV',
    terms.kvAvailableGiB,
    `${terms.kvAvailableLeastGiB.toFixed(2)} to ${terms.kvAvailableMostGiB.toFixed(2)} with the worst and best figures seen`,
  ]);
  rows.push([
    'needed for KV',
    terms.kvCacheGiB,
    `one request of ${tokens(result.context)} tokens, ${result.kvCacheDtype === 'auto' ? '16 bit' : result.kvCacheDtype}`,
  ]);
  if (!inside && terms.cudaGraphsGiB > 0) rows.push(['CUDA graphs', terms.cudaGraphsGiB, 'on top of the utilisation']);
  return rows.map(([name, value, note]) => `  ${name.padEnd(16)}${gib(value)} GiB${note === '' ? '' : `   ${note}`}`);
}

function atOnce(result: FitResult): string {
  if (result.verdict === 'no-fit') return '0';
  const batch = result.maxNumSeqs * result.data;
  const bound = result.maxConcurrency > batch ? ` (the batch holds ${batch})` : '';
  return `${result.maxConcurrency}${bound}`;
}

/** The report that a person reads. With `explain`, the whole arithmetic follows. */
export function formatFit(result: FitResult, options: { readonly explain?: boolean } = {}): string {
  const lines = [
    `${result.verdict}: ${result.model} (${result.precision}) on ${result.gpus} x ${result.gpu}, ${setup(result)}, context ${tokens(result.context)}, vLLM ${result.engineVersion}`,
    '',
    'per GPU',
    ...sum(result),
    '',
    result.maxContext > 0
      ? `longest context that fits    ${tokens(result.maxContext)} tokens`
      : 'longest context that fits    none',
    `requests of ${tokens(result.context)} at once    ${atOnce(result)}`,
    ...result.refusals.map((refusal) => `refused: ${refusal.message} [${refusal.code}]`),
    ...result.cautions.map((caution) => `doubt: ${caution.message} [${caution.code}]`),
    ...result.notes.map((note) => `note: ${note}`),
  ];
  if (result.smallestChange) lines.push(`would fit with ${result.smallestChange.description}`);
  if (options.explain) lines.push('', ...result.explanation);
  return `${lines.join('\n')}\n`;
}

/** The combinations of `fit --all`: every class of GPU (or those given) with the tensor sizes up to 8 that the model allows. */
export function fitMatrix(request: Omit<FitRequest, 'gpu' | 'tensor'>, gpus: readonly GpuClass[] = GPUS): FitResult[] {
  const results: FitResult[] = [];
  for (const gpu of [...gpus].sort((a, b) => a.usableGiB - b.usableGiB || (a.id < b.id ? -1 : 1))) {
    for (const tensor of tableSizes(request.model)) results.push(assess({ ...request, gpu, tensor }));
  }
  return results;
}

function tableSizes(model: ModelFacts): number[] {
  return validTensorSizes(model, 8).filter((tensor) => (tensor & (tensor - 1)) === 0);
}

function shortTokens(count: number): string {
  return count >= 1024 ? `${Math.floor(count / 1024)}k` : String(count);
}

function tableCell(result: FitResult | undefined): string {
  if (!result) return '';
  if (result.verdict === 'no-fit') return 'no';
  const length = result.maxContext > 0 ? ` ${shortTokens(result.maxContext)}` : '';
  return result.verdict === 'fits' ? `fits${length}` : `tight${length}`;
}

/** GPUs down, tensor sizes across; each cell has the verdict and the longest context that fits. */
export function formatFitTable(results: readonly FitResult[]): string {
  const first = results[0];
  if (!first) return '';
  const sizes = [...new Set(results.map((result) => result.tensor))].sort((a, b) => a - b);
  const gpus = [...new Set(results.map((result) => result.gpu))];
  const cells = gpus.map((gpu) => [
    gpu,
    ...sizes.map((tensor) => tableCell(results.find((result) => result.gpu === gpu && result.tensor === tensor))),
  ]);
  const rows = [['GPU', ...sizes.map((tensor) => `tensor ${tensor}`)], ...cells];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) =>
    row
      .map((text, column) => text.padEnd(widths[column]!))
      .join('  ')
      .trimEnd();
  return [
    `${first.model} (${first.precision}), context ${tokens(first.context)}, vLLM ${first.engineVersion}; verdict and longest context that fits`,
    '',
    ...rows.map(line),
    '',
  ].join('\n');
}
