import { type EngineName, type ExternalEngine, findEngine } from '../io/external-kustomize.js';
import { UsageError } from './command.js';
import type { Io } from './io.js';

/** The external engine on PATH. Throws UsageError where there is none, or one that is too old. */
export async function engineOf(name: EngineName, env: Io['env']): Promise<ExternalEngine> {
  const found = await findEngine(name, env);
  if ('problem' in found)
    throw new UsageError(
      found.problem,
      'Install Kustomize 5 or a kubectl of 1.27 or later, or leave the engine to gitops-gen.',
    );
  return found;
}
