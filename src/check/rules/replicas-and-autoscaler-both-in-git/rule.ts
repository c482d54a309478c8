import { at, isObject, listAt, objectAt, objectsAt, stringAt } from '../../../capacity/read.js';
import type { Json } from '../../../diagnostics/diagnostic.js';
import { compileGlob } from '../../../repository/glob.js';
import type { Repository } from '../../../repository/index.js';
import type { Application, Deployed } from '../../../repository/model.js';
import { found } from '../../neighbourhood.js';
import { noParameters, type OnFinding, onField, placeOf, type Rule } from '../../rule.js';
import { rangeFields, targetOf } from '../../scalers.js';

export const replicasAndAutoscaler: Rule = {
  id: 'replicas-and-autoscaler-both-in-git',
  group: 'autoscaling',
  severity: 'error',
  summary: 'Git sets the number of replicas that an autoscaler sets as well, so that each undoes the other.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const scaler of repository.deployed) {
      const target = targetOf(scaler.object);
      if (target === undefined) continue;
      for (const workload of found(repository, scaler, `${target.group}/${target.kind}/${target.name}`)) {
        // A state that is not deployed (the newest commit, where an Application pins an older one) is judged by itself.
        if (scaler.application === workload.application) judge(workload, scaler, repository, onFinding);
      }
    }
    for (const place of repository.deployed) if (scalesItself(place)) judge(place, place, repository, onFinding);
  },
};

/** A custom resource with a number of replicas and an autoscaler in one spec: its controller scales it through `spec.replicas`. */
function scalesItself({ object }: Deployed): boolean {
  const autoscaling = at(object.value, 'spec', 'autoscaling');
  if (!isObject(autoscaling) || !object.group.includes('.')) return false;
  return (
    autoscaling['enabled'] === true ||
    (autoscaling['enabled'] === undefined && autoscaling['maxReplicas'] !== undefined)
  );
}

function judge(workload: Deployed, scaler: Deployed, repository: Repository, onFinding: OnFinding): void {
  const replicas = at(workload.object.value, 'spec', 'replicas');
  if (typeof replicas !== 'number') return;
  // At 0 a HorizontalPodAutoscaler is off (its docs, "Implicit maintenance-mode deactivation"), which autoscaler-range says.
  if (replicas === 0 && scaler.object.kind === 'HorizontalPodAutoscaler') return;
  if (staysAt(replicas, scaler)) return;
  const application = workload.application ?? awaited(workload, repository);
  const ignores = application !== undefined && isIgnored(application, workload);
  if (ignores && respectsIgnored(application)) return;
  // What is ignored does not make an Application OutOfSync, and self-heal acts on nothing else.
  const heals =
    application !== undefined &&
    !ignores &&
    at(application.object.value, 'spec', 'syncPolicy', 'automated', 'selfHeal') === true;
  const { kind, name } = workload.object;
  const who = scaler === workload ? 'its own autoscaling' : `${scaler.object.kind} ${scaler.object.name}`;
  onFinding(
    onField(workload.object, '/spec/replicas', {
      application,
      namespace: workload.namespace,
      ...(heals ? {} : { severity: 'warning' as const }),
      message: `Git says ${replicas} ${replicas === 1 ? 'replica' : 'replicas'} of ${kind} ${name}, and ${who} scales it too: ${heals ? 'self-heal sets the number back whenever the autoscaler changes it' : 'every sync sets the number back'}, and running Pods are killed, with the model that they loaded where they serve one.`,
      hint: ignores
        ? 'Leave replicas out; or add the sync option RespectIgnoreDifferences=true to the Application: its ignoreDifferences alone only hide the difference.'
        : 'Leave replicas out; or keep it for the first start, with ignoreDifferences on /spec/replicas and the sync option RespectIgnoreDifferences=true in the Application.',
      ...(scaler === workload
        ? { related: [{ message: 'the autoscaler', at: placeOf(workload.object, '/spec/autoscaling', 'key') }] }
        : {
            related: [
              { message: `${scaler.object.kind} ${scaler.object.name}`, at: placeOf(scaler.object, '/metadata/name') },
            ],
          }),
    }),
  );
}

/** A range of one number, which is that of Git: the autoscaler never changes it. */
function staysAt(replicas: number, { object }: Deployed): boolean {
  if (object.kind !== 'HorizontalPodAutoscaler' && object.kind !== 'ScaledObject') return false;
  const { min, max } = rangeFields(object);
  // Without it an HorizontalPodAutoscaler keeps one Pod at least, a ScaledObject none (their API references).
  const least = at(object.value, 'spec', min) ?? (object.kind === 'ScaledObject' ? 0 : 1);
  return least === replicas && at(object.value, 'spec', max) === replicas;
}

/** The Application that will deploy the folder once its pin moves here. */
function awaited({ unit }: Deployed, { applications }: Repository): Application | undefined {
  return applications.find((application) => application.sources.some((source) => source.path === unit.dir));
}

/** Whether a sync leaves alone what the Application ignores. */
function respectsIgnored({ object }: Application): boolean {
  return listAt(object.value, 'spec', 'syncPolicy', 'syncOptions').includes('RespectIgnoreDifferences=true');
}

/** Whether a difference of the field does not count for the Application. */
function isIgnored(application: Application, { object, namespace }: Deployed): boolean {
  const { value } = application.object;
  return objectsAt(value, 'spec', 'ignoreDifferences').some((entry) => {
    const matches = (key: string, text: string) => compileGlob(stringAt(entry, key) ?? '')?.matches(text) ?? false;
    const exact = (key: string, text: string | undefined) =>
      (stringAt(entry, key) ?? '') === '' || stringAt(entry, key) === text;
    if (!matches('group', object.group) || !matches('kind', object.kind)) return false;
    if (!exact('name', object.name) || !exact('namespace', namespace)) return false;
    const pointers = listAt(entry, 'jsonPointers');
    const expressions = listAt(entry, 'jqPathExpressions');
    const managers: readonly Json[] = listAt(objectAt({ entry }, 'entry'), 'managedFieldsManagers');
    return pointers.includes('/spec/replicas') || expressions.includes('.spec.replicas') || managers.length > 0;
  });
}
