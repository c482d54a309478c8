import { at, integerAt, isObject } from '../../../capacity/read.js';
import type { ModelStorage } from '../../../models/index.js';
import { noParameters, type Rule } from '../../rule.js';
import { gib, gibibyte, hostNeeds, nameOf, onServer, probeBudget, servers, weightsOf } from '../../workloads.js';

export const startupProbeCoversLoad: Rule = {
  id: 'startup-probe-covers-load',
  group: 'serving',
  severity: 'error',
  summary: 'The startup probe gives up before the weights can be loaded.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const engine of servers(repository)) {
      const probe = at(engine.container.value, 'startupProbe');
      const needs = hostNeeds(engine);
      const weights = weightsOf(repository, engine);
      if (!isObject(probe) || needs === undefined || weights === undefined) continue;
      const storage = weights.prepared ? 'node-cache' : weights.storage;
      const [budget, warm] = [probeBudget(probe), needs.warmSeconds[storage]];
      const least = Math.ceil(needs.downloadBytes / gibibyte / fastest);
      if (budget >= warm) continue;
      const isShort = budget < least;
      onFinding(
        onServer(engine, `${engine.container.pointer}/startupProbe`, {
          part: 'key',
          severity: isShort ? 'error' : 'warning',
          message: `${nameOf(engine.place)} is stopped ${budget} s after its start by the startup probe; ${gib(needs.downloadBytes)} of weights ${isShort ? `take ${least} s at ${fastest} GiB/s alone` : `${sources[storage]} and the start of the engine take about ${warm} s`}.`,
          hint: `Write failureThreshold ${Math.ceil((needs.startupSeconds[storage] - (integerAt(probe, 'initialDelaySeconds') ?? 0)) / (integerAt(probe, 'periodSeconds') ?? 10))} (twice the expected time).`,
        }),
      );
    }
  },
};

/** GiB/s that no single Pod exceeds from the storages in use here: what is shorter than this fails for certain. */
const fastest = 2;

const sources: Readonly<Record<ModelStorage, string>> = {
  'pvc-rwx': 'from a shared volume',
  'pvc-rox': 'from a block volume',
  'node-cache': 'from the disk of the node',
  'object-stream': 'from object storage',
  'oci-volume': 'from an image',
  ephemeral: 'from the hub',
};
