import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { readPackageFile } from '../../io/package-data.js';
import { modelFromHfConfig } from '../../models/hf-config.js';
import {
  type FitRequest,
  type FitResult,
  findGpu,
  findModel,
  type GpuClass,
  fit as judgeFit,
  type ModelFacts,
  PRECISIONS,
  parseEngineVersion,
  precisionOfCheckpoint,
  SERVED,
  suggestGpus,
  suggestModels,
} from '../../models/index.js';
import { fitMatrix, fitReport, formatFit, formatFitTable } from '../../models/report.js';
import { type CommandContext, type CommandDefinition, UsageError } from '../command.js';
import { exitCode } from '../io.js';
import { unreadable } from '../manifests.js';
import { formatOption, fraction, printJson, wholeNumber } from '../options.js';

const maxConfigBytes = 1024 * 1024;

export const command: CommandDefinition = {
  name: 'fit',
  description:
    'Says whether a model fits a GPU: fits, tight or no-fit, with every term of the sum, the longest context and the concurrency that fit, and the smallest change that would. What no flag says is as plan and render set it. The exit code is 1 for no-fit.',
  arguments: [{ name: '<model>', description: 'a catalog name, a Hugging Face id, or the path of a config.json' }],
  options: [
    { flags: '--gpu <class>', description: 'a GPU class such as h100-80gb' },
    { flags: '--all', description: 'a table over all GPUs and tensor sizes' },
    { flags: '--tensor <n>', description: 'GPUs that share every layer (default 1)', parse: wholeNumber(1, 64) },
    { flags: '--pipeline <n>', description: 'stages of layers (default 1)', parse: wholeNumber(1, 64) },
    { flags: '--data <n>', description: 'data-parallel ranks of one engine (default 1)', parse: wholeNumber(1, 64) },
    { flags: '--expert-parallel', description: 'place experts whole on tensor × data ranks' },
    {
      flags: '--context <tokens>',
      description: `prompt and answer together (default ${SERVED.context}, or the model’s maximum)`,
      parse: wholeNumber(1),
    },
    { flags: '--precision <p>', description: 'of the weights (default: the checkpoint’s)', choices: PRECISIONS },
    { flags: '--kv-cache <type>', description: 'of the KV cache', choices: ['auto', 'fp8'] },
    {
      flags: '--max-num-seqs <n>',
      description: `requests in one batch (default ${SERVED.maxNumSeqs}, as render sets it)`,
      parse: wholeNumber(1),
    },
    {
      flags: '--max-num-batched-tokens <n>',
      description: 'tokens in one step (default: the engine’s on that GPU, as render pins it)',
      parse: wholeNumber(1),
    },
    {
      flags: '--gpu-memory-utilization <f>',
      description: `share of the GPU that the engine takes (default ${SERVED.gpuMemoryUtilization}, as render sets it)`,
      parse: fraction,
    },
    {
      flags: '--engine-version <v>',
      description: 'vLLM release, such as 0.11.0 (default: the one that render pins)',
      parse: release,
    },
    { flags: '--enforce-eager', description: 'no CUDA graphs' },
    { flags: '--explain', description: 'the arithmetic, line by line' },
    formatOption(['text', 'json']),
  ],
  examples: [
    { command: 'fit llama-3.1-70b --gpu h100-80gb --tensor 4 --context 8192', does: 'one answer' },
    { command: 'fit llama-3.1-8b --gpu t4 --explain', does: 'why not, line by line' },
    { command: 'fit qwen3-32b --all --context 32768', does: 'every GPU and tensor size' },
    { command: 'fit ./config.json --gpu a100-80gb', does: 'a model of your own' },
  ],
  async run(context) {
    const { options, io } = context;
    const model = await modelOf(context);
    // The id of a checkpoint says its precision: an …-FP8 id is not judged in bf16.
    const precision = precisionOfCheckpoint(String(context.arguments[0]));
    const given = requestOf(options);
    const served = servedSettings();
    const request = { ...served, ...(precision === undefined ? {} : { precision }), ...given };
    const said = saidOf(served, given);
    const json = options['format'] === 'json';
    if (options['all'] === true) {
      if (options['tensor'] !== undefined) throw new UsageError('--all shows every tensor size: leave --tensor out');
      const gpu = typeof options['gpu'] === 'string' ? [gpuOf(options['gpu'])] : undefined;
      const results = fitMatrix({ ...request, model }, gpu);
      await io.stdout(
        json
          ? printJson(results.map((each) => fitReport(noted(each, said))))
          : `${formatFitTable(results)}${said.map((each) => `\nnote: ${each}\n`).join('')}`,
      );
      return exitCode.ok;
    }
    if (typeof options['gpu'] !== 'string')
      throw new UsageError('no GPU is named', 'Give --gpu <class>, or --all for a table.');
    const result = noted(judgeFit({ ...request, model, gpu: gpuOf(options['gpu']) }), said);
    await io.stdout(json ? printJson(fitReport(result)) : formatFit(result, { explain: options['explain'] === true }));
    return result.verdict === 'no-fit' ? exitCode.findings : exitCode.ok;
  },
};

type Served = Pick<FitRequest, 'gpuMemoryUtilization' | 'maxNumSeqs'> & { readonly engineVersion: string };

/** What plan and render set where a spec says nothing. */
function servedSettings(): Served {
  const { gpuMemoryUtilization, maxNumSeqs } = SERVED;
  const { engines } = JSON.parse(readPackageFile('data/defaults.json')) as {
    readonly engines: { readonly vllm: { readonly version: string } };
  };
  return { engineVersion: engines.vllm.version, gpuMemoryUtilization, maxNumSeqs };
}

/** Says which settings are those of the product, as far as no flag replaces them. */
function saidOf(served: Served, given: Partial<FitRequest>): readonly string[] {
  const words: Readonly<Record<keyof Served, string>> = {
    engineVersion: `vLLM ${served.engineVersion}`,
    gpuMemoryUtilization: `gpu-memory-utilization ${served.gpuMemoryUtilization}`,
    maxNumSeqs: `max-num-seqs ${served.maxNumSeqs}`,
  };
  const taken = Object.entries(words).flatMap(([name, text]) =>
    given[name as keyof Served] === undefined ? [text] : [],
  );
  return taken.length === 0 ? [] : [`as plan and render set it where a spec says nothing else: ${taken.join(', ')}`];
}

function noted(result: FitResult, notes: readonly string[]): FitResult {
  return { ...result, notes: [...result.notes, ...notes] };
}

async function modelOf({ arguments: [name], global }: CommandContext): Promise<ModelFacts> {
  const text = String(name);
  const known = findModel(text);
  if (known !== undefined) return known;
  if (/\.json$/.test(text)) return modelOfConfig(text, resolve(global.directory, text));
  const near = suggestModels(text);
  throw new UsageError(
    `the catalog has no model '${text}'`,
    `${near.length > 0 ? `Did you mean ${near.join(' or ')}? ` : ''}A model that is not in the catalog can be given as the path of its config.json.`,
  );
}

async function modelOfConfig(name: string, path: string): Promise<ModelFacts> {
  let text: string;
  try {
    const { size } = await stat(path);
    if (size > maxConfigBytes)
      throw new UsageError(`${path} has ${size} bytes, a config.json at most ${maxConfigBytes}`);
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw unreadable(error, name, path);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${path} is not JSON: ${(error as Error).message}`);
  }
  const result = modelFromHfConfig(
    json,
    basename(path) === 'config.json' ? basename(dirname(path)) : basename(path, '.json'),
  );
  if (result.ok) return result.model;
  const all = result.problems.map(({ pointer, message }) => `${pointer || '/'}: ${message}`);
  throw new UsageError(`${path} does not describe a model that can be judged`, all.join('\n  '));
}

function release(text: string): string {
  if (parseEngineVersion(text) !== undefined) return text;
  throw new UsageError(`'${text}' is no release of vLLM`, 'Write 0.11.0.');
}

function gpuOf(name: string): GpuClass {
  const gpu = findGpu(name);
  if (gpu !== undefined) return gpu;
  const near = suggestGpus(name);
  throw new UsageError(
    `the catalog has no GPU '${name}'`,
    near.length > 0 ? `Did you mean ${near.join(' or ')}?` : 'gitops-gen gpus lists them.',
  );
}

/** The flags that were given, under the names of the request. */
function requestOf(options: Readonly<Record<string, unknown>>): Omit<FitRequest, 'model' | 'gpu'> {
  const names: Record<string, keyof FitRequest> = {
    tensor: 'tensor',
    pipeline: 'pipeline',
    data: 'data',
    expertParallel: 'expert',
    context: 'context',
    precision: 'precision',
    kvCache: 'kvCacheDtype',
    maxNumSeqs: 'maxNumSeqs',
    maxNumBatchedTokens: 'maxNumBatchedTokens',
    gpuMemoryUtilization: 'gpuMemoryUtilization',
    engineVersion: 'engineVersion',
    enforceEager: 'enforceEager',
  };
  return Object.fromEntries(
    Object.entries(names).flatMap(([flag, field]) => (options[flag] === undefined ? [] : [[field, options[flag]]])),
  );
}
