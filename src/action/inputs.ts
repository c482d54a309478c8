import { didYouMean } from '../diagnostics/closest.js';
import { shown } from '../diagnostics/show.js';

/** What the workflow asks for. */
export interface Inputs {
  /** Relative to the workspace. */
  readonly directory: string;
  readonly failOn: 'error' | 'warning' | 'info' | 'never';
  readonly requireComplete: boolean;
  /** Only findings of what a pull request changes, and of what that affects. */
  readonly changedOnly: boolean;
  /** Fail only on what a pull request adds. */
  readonly baseline: boolean;
  /** Whose policies and exemptions judge a pull request; `auto`: those of its target where it comes from a fork. */
  readonly policiesFrom: 'auto' | 'base' | 'head';
  readonly comment: boolean;
}

export type InputsResult = { readonly inputs: Inputs } | { readonly problems: readonly string[] };

const texts = { directory: '.' } as const;
const choices = {
  'fail-on': ['error', 'warning', 'info', 'never'],
  'policies-from': ['auto', 'base', 'head'],
} as const;
const switches = { 'require-complete': false, 'changed-only': true, baseline: false, comment: true } as const;

/** What action.yml hands on for its other steps, and what the runner itself may set. */
const others: readonly string[] = ['report', 'token'];

/** Names of the inputs, as a workflow writes them. */
export const inputNames: readonly string[] = [texts, choices, switches].flatMap((each) => Object.keys(each)).sort();

/**
 * Inputs from `INPUT_*`, with dashes or underscores. An unknown one, a word that is not among the choices, and a boolean that
 * is none (YAML 1.2: true and false) are problems, each with what would be accepted.
 */
export function readInputs(env: Readonly<Record<string, string | undefined>>): InputsResult {
  const given = new Map<string, string>();
  for (const [name, value = ''] of Object.entries(env)) {
    const match = /^INPUT_(.+)$/i.exec(name);
    if (match !== null && value.trim() !== '')
      given.set((match[1] as string).toLowerCase().replaceAll('_', '-'), value.trim());
  }
  const problems: string[] = [];
  for (const name of given.keys()) {
    if (inputNames.includes(name) || others.includes(name)) continue;
    const hint = didYouMean(name, inputNames) ?? `There are: ${inputNames.join(', ')}.`;
    problems.push(`There is no input ${shown(name)}. ${hint}`);
  }
  const choice = <N extends keyof typeof choices>(name: N): (typeof choices)[N][number] => {
    const allowed: readonly string[] = choices[name];
    const value = given.get(name) ?? (allowed[0] as string);
    if (!allowed.includes(value)) problems.push(`Input ${name} is ${shown(value)}; it takes ${allowed.join(', ')}.`);
    return value as (typeof choices)[N][number];
  };
  const boolean = (name: keyof typeof switches): boolean => {
    const value = given.get(name);
    if (value === undefined) return switches[name];
    if (/^(?:true|True|TRUE)$/.test(value)) return true;
    if (!/^(?:false|False|FALSE)$/.test(value))
      problems.push(`Input ${name} is ${shown(value)}; it takes true or false.`);
    return false;
  };
  const inputs: Inputs = {
    directory: given.get('directory') ?? texts.directory,
    failOn: choice('fail-on'),
    requireComplete: boolean('require-complete'),
    changedOnly: boolean('changed-only'),
    baseline: boolean('baseline'),
    policiesFrom: choice('policies-from'),
    comment: boolean('comment'),
  };
  return problems.length === 0 ? { inputs } : { problems };
}
