import { UsageError } from './command.js';

/** As `spec.models[].replicas` has it. */
export type ReplicasOption = Readonly<Record<string, number | { readonly min: number; readonly max: number }>>;

const most = 10_000;

/** `development=1,production=5..20`; may be repeated. */
export function replicasByEnvironment(text: string, previous: unknown): ReplicasOption {
  const replicas = new Map(Object.entries((previous as ReplicasOption | undefined) ?? {}));
  for (const part of text.split(',')) {
    const match = /^([A-Za-z0-9][\w.-]*)=(\d{1,6})(?:\.\.(\d{1,6}))?$/.exec(part.trim());
    if (match === null)
      throw new UsageError(`'${part.trim()}' is not environment=replicas`, 'Write development=1 or production=5..20.');
    const [, environment = '', low = '', high] = match;
    if (replicas.has(environment)) throw new UsageError(`environment '${environment}' is given twice`);
    const [min, max] = [Number(low), Number(high ?? low)];
    if (max > most) throw new UsageError(`${max} replicas are more than ${most}`);
    if (min > max) throw new UsageError(`in '${part.trim()}' the minimum ${min} is above the maximum ${max}`);
    replicas.set(environment, high === undefined ? min : { min, max });
  }
  return Object.fromEntries(replicas);
}
