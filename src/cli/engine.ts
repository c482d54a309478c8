import {
  defaultExternalLimits,
  type EngineName,
  type ExternalEngine,
  type ExternalLimits,
  findEngine,
} from '../io/external-kustomize.js';
import { type OptionDefinition, UsageError } from './command.js';
import type { Io } from './io.js';

/** The external engine on PATH. Throws UsageError where there is none, or one that is too old. */
export async function engineOf(name: EngineName, env: Io['env']): Promise<ExternalEngine> {
  const found = await findEngine(name, env);
  if ('problem' in found) throw new UsageError(found.problem, await instead(name, env));
  return found;
}

/** The engine that is there, where the other one is not. */
async function instead(name: EngineName, env: Io['env']): Promise<string> {
  const other: EngineName = name === 'kubectl' ? 'kustomize' : 'kubectl';
  if (!('problem' in (await findEngine(other, env)))) return `There is a ${other} that can be taken in its place.`;
  return 'Install Kustomize 5 or a kubectl of 1.27 or later, or leave the engine to gitops-gen.';
}

const mebibyte = 1024 * 1024;

/** What an external engine may take. */
export const limitOptions: readonly OptionDefinition[] = [
  {
    flags: '--engine-timeout <seconds>',
    description: `how long an external engine may run (${defaultExternalLimits.timeoutMs / 1000})`,
  },
  {
    flags: '--engine-output <MiB>',
    description: `how much it may print (${defaultExternalLimits.maxOutputBytes / mebibyte})`,
  },
  {
    flags: '--engine-memory <MiB>',
    description: `how much memory it may have, on Linux (${defaultExternalLimits.maxMemoryBytes / mebibyte})`,
  },
];

/** The limits that the options ask for. Throws UsageError on what is no positive number. */
export function engineLimits(options: Readonly<Record<string, unknown>>): ExternalLimits {
  const of = (name: string, flag: string, unit: number, otherwise: number): number => {
    const given = options[name];
    if (given === undefined) return otherwise;
    const value = Number(given);
    if (!(value > 0) || !Number.isFinite(value))
      throw new UsageError(`${flag} takes a number above zero, not '${String(given)}'`, `Write ${flag} 60.`);
    return Math.round(value * unit);
  };
  return {
    timeoutMs: of('engineTimeout', '--engine-timeout', 1000, defaultExternalLimits.timeoutMs),
    maxOutputBytes: of('engineOutput', '--engine-output', mebibyte, defaultExternalLimits.maxOutputBytes),
    maxMemoryBytes: of('engineMemory', '--engine-memory', mebibyte, defaultExternalLimits.maxMemoryBytes),
  };
}

/** Refuses limits where no external engine runs: they would do nothing. */
export function refuseLimits(options: Readonly<Record<string, unknown>>): void {
  if (['engineTimeout', 'engineOutput', 'engineMemory'].some((name) => options[name] !== undefined))
    throw new UsageError('the limits of an external engine need an external engine', 'Add --engine kubectl.');
}
