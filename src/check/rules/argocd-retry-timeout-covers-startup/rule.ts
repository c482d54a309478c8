import { stringAt } from '../../../capacity/read.js';
import type { Repository } from '../../../repository/index.js';
import type { Deployed, KubeObject } from '../../../repository/model.js';
import { annotation, commaList, hookAnnotation, isHook, waveOf } from '../../../repository/waves.js';
import { noParameters, type OnFinding, onField, placeOf, type Rule } from '../../rule.js';
import { argumentsFor, commandsOf, scriptsOf, workflowSpec } from '../../scripts.js';
import type { Engine } from '../../serving.js';
import { hostNeeds, nameOf, servers, weightsOf } from '../../workloads.js';

export const argocdRetryTimeoutCoversStartup: Rule = {
  id: 'argocd-retry-timeout-covers-startup',
  group: 'order',
  severity: 'warning',
  summary: 'A sync, or a step that waits for one, gives up while an engine is still loading.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    const engines = servers(repository);
    if (engines.length === 0) return;
    for (const object of repository.objects) {
      if (object.kind === 'ConfigMap' && object.name === 'argocd-cmd-params-cm') {
        syncTimeout(repository, object, engines, onFinding);
        continue;
      }
      const workflow = workflowSpec(object);
      for (const { text, pointer, template } of scriptsOf(object)) {
        for (const { target, timeout, isApplication } of waitsIn(commandsOf(text))) {
          const parameter = /inputs\.parameters\.([\w-]+)/.exec(target)?.[1];
          const names =
            parameter === undefined
              ? [target]
              : workflow === undefined
                ? []
                : argumentsFor(workflow.spec, template ?? '', parameter);
          const meant = engines.filter(
            ({ place }) =>
              names.includes((isApplication ? place.application?.name : place.object.name) ?? '') &&
              !runsAfter(object, place),
          );
          const slow = slowest(repository, meant, timeout);
          if (slow === undefined) continue;
          const { place } = slow.engine;
          onFinding(
            onField(object, pointer, {
              key: `${pointer} ${target}`,
              message: `The script waits ${timeout} s for ${isApplication ? place.application?.name : nameOf(place)}, and ${nameOf(place)} takes about ${slow.warm} s to load its weights and start: the step fails although nothing is wrong.`,
              hint: `Wait ${enough(slow.warm)} s.`,
              related: [{ message: 'the engine', at: placeOf(place.object, slow.engine.container.pointer) }],
            }),
          );
        }
      }
    }
  },
};

/** A PostSync hook starts when what its Application deploys is healthy: it has nothing left to wait for. */
function runsAfter(object: KubeObject, { application }: Deployed): boolean {
  const isPostSync = commaList(annotation(object.value, hookAnnotation)).every((each) => each === 'PostSync');
  return isPostSync && isHook(object.value) && application?.deployed.some((each) => each.object === object) === true;
}

/** `controller.sync.timeout.seconds`: a sync that waits for the health of an earlier wave longer than that is ended. */
function syncTimeout(
  repository: Repository,
  object: KubeObject,
  engines: readonly Engine[],
  onFinding: OnFinding,
): void {
  const key = 'controller.sync.timeout.seconds';
  const timeout = Number(stringAt(object.value, 'data', key) ?? 0);
  if (!Number.isFinite(timeout) || timeout <= 0) return;
  const slow = slowest(repository, engines.filter(isWaitedFor), timeout);
  if (slow === undefined) return;
  const { place } = slow.engine;
  onFinding(
    onField(object, `/data/${key}`, {
      message: `Argo CD ends a sync after ${timeout} s, and ${nameOf(place)} of Application ${place.application?.name} takes about ${slow.warm} s to load its weights and start, while later waves wait for it: the sync fails although nothing is wrong.`,
      hint: `Set at least ${enough(slow.warm)}, or 0 for no limit.`,
      related: [{ message: 'the engine', at: placeOf(place.object, slow.engine.container.pointer) }],
    }),
  );
}

/** Whether something of its Application, or a sibling of that, comes in a later wave or phase, so that a sync waits for it. */
function isWaitedFor({ place }: Engine): boolean {
  const { application, object } = place;
  if (application === undefined) return false;
  const wave = waveOf(object.value);
  const own = application.deployed.some(
    (each) =>
      waveOf(each.object.value) > wave || commaList(annotation(each.object.value, hookAnnotation)).includes('PostSync'),
  );
  const wavesOfApplication = waveOf(application.object.value);
  return (
    own ||
    application.parents.some((parent) => parent.deployed.some((each) => waveOf(each.object.value) > wavesOfApplication))
  );
}

interface Wait {
  readonly target: string;
  /** Seconds. */
  readonly timeout: number;
  /** Whether it is an Application that is waited for, or the workload itself. */
  readonly isApplication: boolean;
}

/** `argocd app wait`, `kubectl wait` and `kubectl rollout status` with a timeout. */
function* waitsIn(text: string): Generator<Wait> {
  for (const [whole, target = ''] of text.matchAll(/\bargocd\s+app\s+wait\s+(\{\{[^}]*\}\}|[\w.-]+)[^\n;&|]*/g)) {
    const timeout = Number(/--timeout[= ](\d{1,6})\b/.exec(whole)?.[1] ?? 0);
    if (timeout > 0) yield { target, timeout, isApplication: true };
  }
  for (const [whole, target = ''] of text.matchAll(
    /\bkubectl\s+(?:-\S+\s+(?:[\w.-]+\s+)?)*(?:wait|rollout\s+status)\b[^\n;&|]*?\b(?:deploy(?:ment)?s?(?:\.apps)?|statefulsets?|sts)[/ ]([\w.-]+)[^\n;&|]*/g,
  )) {
    const [, count = '', unit = 's'] = /--timeout[= ]["']?(\d{1,6})(s|m|h)?\b/.exec(whole) ?? [];
    const timeout = Number(count) * { s: 1, m: 60, h: 3600 }[unit as 's' | 'm' | 'h'];
    if (timeout > 0) yield { target, timeout, isApplication: false };
  }
}

function slowest(
  repository: Repository,
  engines: readonly Engine[],
  timeout: number,
): { readonly engine: Engine; readonly warm: number } | undefined {
  return engines
    .map((engine) => ({ engine, warm: warmSeconds(repository, engine) }))
    .filter(({ warm }) => warm > timeout)
    .sort((a, b) => b.warm - a.warm)[0];
}

/** Twice the expected time, in whole minutes, as seconds. */
function enough(warm: number): number {
  return Math.ceil((warm * 2) / 60) * 60;
}

/** The expected time to the first answer, in seconds; 0 where it is not known. */
function warmSeconds(repository: Repository, engine: Engine): number {
  const weights = weightsOf(repository, engine);
  return weights === undefined ? 0 : (hostNeeds(engine)?.warmSeconds[weights.storage] ?? 0);
}
