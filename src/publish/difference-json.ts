import type { Json } from '../diagnostics/diagnostic.js';
import { longestUntilWarm } from './difference-words.js';
import type { ObjectDifference, ShownChange } from './rendered-diff.js';
import { secondsUntilWarm } from './rollout-effect.js';
import type { ApplicationDifference, StateDifference } from './state-difference.js';

/** What a state is called, and the commit where it is one. */
export interface StateName {
  readonly name: string;
  readonly commit?: string;
}

/** The contract of `diff -o json`: schemas/diff-report.schema.json. */
export function differenceJson(difference: StateDifference, before: StateName, after: StateName): Json {
  const warm = longestUntilWarm(difference);
  const { applications, compared, added, changed, removed, restarts, gpus } = difference;
  return {
    schemaVersion: 1,
    before: { ...before },
    after: { ...after },
    summary: {
      applications: { compared, different: applications.length },
      objects: { added, changed, removed },
      restarts: { ...restarts },
      gpus: { ...gpus },
      ...(warm === undefined ? {} : { warmSeconds: warm }),
    },
    applications: applications.map(applicationJson),
  };
}

function applicationJson(application: ApplicationDifference): Json {
  const { kind, name, namespace, cluster, change, pending, moved, revision, undecided, difference } = application;
  return {
    kind,
    name,
    ...(namespace === undefined ? {} : { namespace }),
    cluster,
    change,
    ...(pending === undefined ? {} : { pending }),
    ...(moved === undefined ? {} : { moved: { ...moved } }),
    ...(revision === undefined ? {} : { revision: { ...revision } }),
    ...(undecided === undefined ? {} : { undecided }),
    objects: difference.objects.map(objectJson),
  };
}

function objectJson({ key, change, renamedFrom, fields, effect, before, after }: ObjectDifference): Json {
  const origin = (after ?? before)?.origin.file;
  const untilWarm = effect === undefined ? undefined : secondsUntilWarm(effect);
  return {
    ...key,
    change,
    ...(renamedFrom === undefined ? {} : { renamedFrom }),
    ...(origin === undefined ? {} : { file: origin }),
    fields: fields.map((field) => fieldJson(field, after)),
    ...(effect === undefined
      ? {}
      : {
          effect: {
            restarts: effect.restarts,
            pods: { ...effect.pods },
            gpus: { ...effect.gpus },
            ...(effect.note === undefined ? {} : { note: effect.note }),
            ...(effect.dip === undefined ? {} : { dip: { ...effect.dip } }),
            ...(effect.surge === undefined ? {} : { surge: { ...effect.surge } }),
            ...(untilWarm === undefined ? {} : { secondsUntilWarm: untilWarm }),
          },
        }),
  };
}

function fieldJson(field: ShownChange, after: ObjectDifference['after']): Json {
  const { kind, path, pointer, hidden, before, after: now } = field;
  const file = kind === 'removed' ? undefined : after?.sourceOf(pointer).file;
  return {
    change: kind,
    path,
    pointer,
    ...(hidden ? { hidden } : {}),
    ...(before === undefined ? {} : { before }),
    ...(now === undefined ? {} : { after: now }),
    ...(file === undefined || file === '' ? {} : { file }),
  };
}
