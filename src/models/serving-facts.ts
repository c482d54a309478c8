import { type ContainerCommand, containerCommands, type Word, type WordSource } from './command-line.js';

/** One flag as it was written. The last of one name counts, as the engine's own parser has it. */
export interface StatedFlag {
  /** Long form with dashes, without the leading two: `max-model-len`. */
  readonly name: string;
  /** Absent for a switch, and where the value is not known here. */
  readonly value?: string;
  /** Variables that the value depends on and whose values are not known here. */
  readonly unknown: readonly string[];
  readonly source: WordSource;
}

/** What a container says about its engine. Absent means that nobody said it, and the engine's default holds. */
export interface ServingFacts {
  readonly engine: 'vllm';
  /** From the image's tag, where it is a release. */
  readonly engineVersion?: string;
  /** Hugging Face id, path or URL. */
  readonly model?: string;
  readonly tensor: number;
  readonly pipeline: number;
  readonly data: number;
  /** Data-parallel ranks in this Pod, where that is said. */
  readonly dataLocal?: number;
  readonly expert: boolean;
  /** Tokens, or `auto` where the engine takes what fits. */
  readonly context?: number | 'auto';
  readonly gpuMemoryUtilization?: number;
  readonly maxNumSeqs?: number;
  readonly maxNumBatchedTokens?: number;
  readonly kvCacheDtype?: string;
  readonly dtype?: string;
  readonly quantization?: string;
  readonly enforceEager: boolean;
  readonly cpuOffloadGiB: number;
  /** The container lets the engine go beyond the model's own context (scaling of positions, or the variable that allows it). */
  readonly stretchesContext: boolean;
  /** Every flag by its name. */
  readonly flags: ReadonlyMap<string, StatedFlag>;
  /** Flags whose value is needed here and is not known (variables from elsewhere). */
  readonly unresolved: readonly string[];
  /** Flags whose value cannot be read as what they need. */
  readonly malformed: readonly { readonly flag: string; readonly value: string; readonly needs: string }[];
  /** Settings come from a file (`--config`), which is not read here: what is absent may stand there. */
  readonly configFile: boolean;
}

const SHORT: Readonly<Record<string, string>> = {
  tp: 'tensor-parallel-size',
  pp: 'pipeline-parallel-size',
  dp: 'data-parallel-size',
  dpl: 'data-parallel-size-local',
  q: 'quantization',
  ep: 'enable-expert-parallel',
};

/** Switches of `vllm serve`: they take no value, so the word after one is a word of its own. */
const SWITCHES: ReadonlySet<string> = new Set([
  'async-scheduling',
  'disable-cascade-attn',
  'disable-custom-all-reduce',
  'disable-hybrid-kv-cache-manager',
  'disable-log-requests',
  'disable-log-stats',
  'disable-sliding-window',
  'disable-uvicorn-access-log',
  'enable-auto-tool-choice',
  'enable-chunked-prefill',
  'enable-eplb',
  'enable-expert-parallel',
  'enable-log-requests',
  'enable-lora',
  'enable-prefix-caching',
  'enable-request-id-headers',
  'enable-server-load-tracking',
  'enable-sleep-mode',
  'enforce-eager',
  'headless',
  'language-model-only',
  'return-tokens-as-token-ids',
  'skip-tokenizer-init',
  'trust-remote-code',
]);

const SWITCH_VALUE = /^(?:true|false)$/i;

function flagName(text: string): string | undefined {
  const long = /^--([A-Za-z][A-Za-z0-9_.-]*)$/.exec(text);
  if (long) return long[1]!.replaceAll('_', '-');
  const short = /^-([a-z]{1,3})$/.exec(text);
  return short ? (SHORT[short[1]!] ?? short[1]!) : undefined;
}

function splitFlag(word: Word): { name: string; value?: string } | undefined {
  if (!word.text.startsWith('-')) return undefined;
  const equals = word.text.indexOf('=');
  const name = flagName(equals < 0 ? word.text : word.text.slice(0, equals));
  if (name === undefined) return undefined;
  return equals < 0 ? { name } : { name, value: word.text.slice(equals + 1) };
}

function takesNext(name: string, next: Word | undefined): boolean {
  if (next === undefined) return false;
  if (SWITCHES.has(name) || name.startsWith('no-')) return SWITCH_VALUE.test(next.text);
  return splitFlag(next) === undefined;
}

interface Parsed {
  readonly flags: Map<string, StatedFlag>;
  readonly positional: readonly Word[];
}

function parseWords(words: readonly Word[]): Parsed {
  const flags = new Map<string, StatedFlag>();
  const positional: Word[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at]!;
    const split = splitFlag(word);
    if (!split) {
      positional.push(word);
      continue;
    }
    const { name } = split;
    if (split.value !== undefined) {
      flags.set(name, stated(name, split.value, word));
    } else if (takesNext(name, words[at + 1])) {
      at += 1;
      flags.set(name, stated(name, words[at]!.text, words[at]!));
    } else {
      flags.set(name, { name, unknown: word.unknown, source: word.source });
    }
  }
  return { flags, positional };
}

function stated(name: string, value: string, word: Word): StatedFlag {
  const { unknown, source } = word;
  return unknown.length > 0 ? { name, unknown, source } : { name, value, unknown, source };
}

/** The words after `vllm serve`, after `-m vllm.entrypoints.openai.api_server`, or those of a vLLM image's entrypoint. */
function engineWords(container: ContainerCommand): readonly Word[] | undefined {
  const commands = containerCommands(container);
  for (const words of commands) {
    const serve = words.findIndex((word, at) => /(?:^|\/)vllm$/.test(word.text) && words[at + 1]?.text === 'serve');
    if (serve >= 0) return words.slice(serve + 2);
    const entry = words.findIndex((word) => /^vllm\.entrypoints\.(?:openai\.)?api_server$/.test(word.text));
    if (entry >= 0) return words.slice(entry + 1);
    const script = words.findIndex((word) => /vllm\/entrypoints\/(?:openai\/)?api_server\.py$/.test(word.text));
    if (script >= 0) return words.slice(script + 1);
  }
  const bare = (container.command ?? []).length === 0;
  if (!bare || !/(?:^|[/-])vllm(?:[-/:@]|$)/.test(container.image ?? '')) return undefined;
  return commands[0] ?? [];
}

/** `8192`, `8k` (thousands), `8K` (1024s), `1.5m`; undefined where vLLM would refuse it. */
function humanInteger(text: string): number | undefined {
  const match = /^(\d{1,15})(?:\.(\d{1,6}))?([kmgtKMGT])?$/.exec(text.trim());
  if (!match) return undefined;
  const [, whole, fraction, suffix] = match;
  const power = suffix === undefined ? 0 : 'kmgt'.indexOf(suffix.toLowerCase()) + 1;
  const decimal = suffix !== undefined && suffix === suffix.toLowerCase();
  if (fraction !== undefined && !decimal) return undefined;
  const value = Number(fraction === undefined ? whole : `${whole}.${fraction}`) * (decimal ? 1000 : 1024) ** power;
  return Number.isSafeInteger(Math.floor(value)) ? Math.floor(value) : undefined;
}

class Flags {
  readonly unresolved: string[] = [];
  readonly malformed: { flag: string; value: string; needs: string }[] = [];
  constructor(readonly flags: ReadonlyMap<string, StatedFlag>) {}

  text(name: string): string | undefined {
    const flag = this.flags.get(name);
    if (!flag) return undefined;
    if (flag.unknown.length > 0) this.unresolved.push(name);
    return flag.value;
  }

  private read<T>(name: string, needs: string, parse: (text: string) => T | undefined): T | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = parse(text);
    if (value === undefined) this.malformed.push({ flag: name, value: text, needs });
    return value;
  }

  count(name: string): number | undefined {
    return this.read(name, 'a whole number above 0', (text) =>
      /^\d{1,9}$/.test(text) && Number(text) > 0 ? Number(text) : undefined,
    );
  }

  tokens(name: string): number | undefined {
    return this.read(name, 'a number of tokens, such as 8192, 8k or 8K', (text) => {
      const value = humanInteger(text);
      return value !== undefined && value > 0 ? value : undefined;
    });
  }

  context(): number | 'auto' | undefined {
    const text = this.flags.get('max-model-len')?.value;
    if (text === 'auto' || text === '-1') return 'auto';
    return this.tokens('max-model-len');
  }

  fraction(name: string): number | undefined {
    return this.read(name, 'a fraction above 0 and at most 1', (text) => {
      const value = text.trim() === '' ? Number.NaN : Number(text);
      return value > 0 && value <= 1 ? value : undefined;
    });
  }

  gigabytes(name: string): number {
    const value = this.read(name, 'GiB, 0 or more', (text) =>
      text.trim() !== '' && Number(text) >= 0 ? Number(text) : undefined,
    );
    return value ?? 0;
  }

  on(name: string): boolean {
    if (this.flags.has(`no-${name}`)) return false;
    const flag = this.flags.get(name);
    return flag !== undefined && flag.value?.toLowerCase() !== 'false';
  }
}

/**
 * The vLLM release in an image reference: `vllm/vllm-openai:v0.11.0@sha256:…` is `0.11.0`. Tags of images that only contain vLLM
 * (`llm-d-cuda`) and calendar versions (`nvcr.io/nvidia/vllm:25.10`) say nothing.
 */
export function engineVersionOf(image: string | undefined): string | undefined {
  const match = /([^/:@]*):([^:/@]+)(?:@[^@]*)?$/.exec(image ?? '');
  if (!match) return undefined;
  const [, name = '', tag = ''] = match;
  const named = /vllm[-_]?v?(\d\.\d+(?:\.\d+)?)(?![0-9.])/.exec(tag)?.[1];
  if (named !== undefined) return named;
  return name.includes('vllm') ? /^v?(\d\.\d+(?:\.\d+)?)(?![0-9.])/.exec(tag)?.[1] : undefined;
}

function stretches(container: ContainerCommand, flags: ReadonlyMap<string, StatedFlag>): boolean {
  if ([...flags.keys()].some((name) => /^(?:rope-scaling|hf-overrides|rope-theta)(?:\.|$)/.test(name))) return true;
  const allow = (container.env ?? []).find((variable) => variable.name === 'VLLM_ALLOW_LONG_MAX_MODEL_LEN');
  return allow !== undefined && allow.value !== '0';
}

function defined<T extends object>(entries: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

/**
 * What a container says about vLLM, from its command line after `$(NAME)` and shell variables are replaced. Undefined where
 * the container runs something else. Sources: vLLM's `arg_utils.py` and its argument parser (names, underscores, human
 * readable integers).
 */
export function servingFacts(container: ContainerCommand): ServingFacts | undefined {
  const words = engineWords(container);
  if (words === undefined) return undefined;
  const { flags, positional } = parseWords(words);
  const read = new Flags(flags);
  const first = positional[0];
  const model = read.text('model') ?? (first && first.unknown.length === 0 ? first.text : undefined);
  const optional = defined({
    engineVersion: engineVersionOf(container.image),
    model,
    dataLocal: read.count('data-parallel-size-local'),
    context: read.context(),
    gpuMemoryUtilization: read.fraction('gpu-memory-utilization'),
    maxNumSeqs: read.count('max-num-seqs'),
    maxNumBatchedTokens: read.tokens('max-num-batched-tokens'),
    kvCacheDtype: read.text('kv-cache-dtype'),
    dtype: read.text('dtype'),
    quantization: read.text('quantization'),
  });
  return {
    engine: 'vllm',
    ...optional,
    tensor: read.count('tensor-parallel-size') ?? 1,
    pipeline: read.count('pipeline-parallel-size') ?? 1,
    data: read.count('data-parallel-size') ?? 1,
    expert: read.on('enable-expert-parallel'),
    enforceEager: read.on('enforce-eager'),
    cpuOffloadGiB: read.gigabytes('cpu-offload-gb'),
    stretchesContext: stretches(container, flags),
    flags,
    unresolved: read.unresolved,
    malformed: read.malformed,
    configFile: flags.has('config'),
  };
}
