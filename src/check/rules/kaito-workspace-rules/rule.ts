import { chartValues } from '../../../capacity/chart-values.js';
import { modelOfPreset } from '../../../capacity/kaito.js';
import { kaitoInstance, kaitoInstances, kaitoMigProfiles, kaitoPresets } from '../../../capacity/kaito-instances.js';
import { at, integerAt, isObject, listAt, objectAt, objectsAt, stringAt } from '../../../capacity/read.js';
import { closest } from '../../../diagnostics/closest.js';
import type { JsonObject } from '../../../diagnostics/diagnostic.js';
import type { Repository } from '../../../repository/index.js';
import type { Deployed } from '../../../repository/model.js';
import { type Finding, noParameters, onField, type Rule } from '../../rule.js';

/** A Workspace, or what an InferenceSet makes Workspaces of. */
interface Workspace {
  readonly place: Deployed;
  /** Pointers of the parts. */
  readonly at: { readonly resource: string; readonly selector: string; readonly inference: string };
  readonly resource: JsonObject;
  readonly selector: JsonObject;
  readonly inference: JsonObject | undefined;
  readonly tuning: boolean;
}

type Fail = (
  pointer: string,
  message: string,
  more?: Partial<Pick<Finding, 'hint' | 'allowed' | 'severity'>> & { readonly part?: 'key' },
) => void;

export const kaitoWorkspaceRules: Rule = {
  id: 'kaito-workspace-rules',
  group: 'serving',
  severity: 'error',
  summary: 'A Workspace or InferenceSet of KAITO has fields that its webhook refuses.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    const all = workspacesOf(repository);
    for (const workspace of all) {
      const { place } = workspace;
      const fail: Fail = (pointer, message, more = {}) =>
        onFinding(
          onField(place.object, pointer, {
            application: place.application,
            namespace: place.namespace,
            key: `${pointer} ${message}`,
            message: `${place.object.kind} ${place.object.name} ${message}.`,
            ...more,
          }),
        );
      whatItRuns(workspace, fail);
      whatItRunsOn(workspace, fail);
      partition(workspace, fail);
      howNodesCome(workspace, all, repository, fail);
    }
  },
};

function workspacesOf(repository: Repository): readonly Workspace[] {
  const workspaces = (repository.byKind.get('kaito.sh/Workspace') ?? []).map((place): Workspace => {
    const { value } = place.object;
    const resource = objectAt(value, 'resource');
    const inference = at(value, 'inference');
    return {
      place,
      at: { resource: '/resource', selector: '/resource/labelSelector', inference: '/inference' },
      resource,
      selector: objectAt(resource, 'labelSelector'),
      inference: isObject(inference) ? inference : undefined,
      tuning: isObject(at(value, 'tuning')),
    };
  });
  const sets = (repository.byKind.get('kaito.sh/InferenceSet') ?? []).map((place): Workspace => {
    const { value } = place.object;
    const inference = at(value, 'spec', 'template', 'inference');
    return {
      place,
      at: {
        resource: '/spec/template/resource',
        selector: '/spec/labelSelector',
        inference: '/spec/template/inference',
      },
      resource: objectAt(value, 'spec', 'template', 'resource'),
      selector: objectAt(value, 'spec', 'labelSelector'),
      inference: isObject(inference) ? inference : undefined,
      tuning: false,
    };
  });
  return [...workspaces, ...sets];
}

function whatItRuns({ place, at: where, inference, tuning }: Workspace, fail: Fail): void {
  if (place.object.kind === 'Workspace' && (inference === undefined) === !tuning)
    fail(
      tuning ? '/tuning' : '',
      tuning ? 'has inference and tuning: one of the two' : 'has neither inference nor tuning',
    );
  if (inference === undefined) return;
  const preset = at(inference, 'preset');
  const template = at(inference, 'template');
  if (isObject(preset) === isObject(template)) {
    fail(
      isObject(preset) ? `${where.inference}/template` : where.inference,
      isObject(preset) ? 'has a preset and a template: one of the two' : 'has neither a preset nor a template',
      { part: 'key' },
    );
  }
  const name = stringAt(preset, 'name');
  if (name !== undefined) presetName(`${where.inference}/preset`, name, objectAt(preset, 'presetOptions'), fail);
  adapters(`${where.inference}/adapters`, objectsAt(inference, 'adapters'), fail);
}

function presetName(pointer: string, name: string, options: JsonObject, fail: Fail): void {
  const known = Object.hasOwn(kaitoPresets, name.toLowerCase());
  if (!known && !/^[^/]+\/.+$/.test(name)) {
    const near = closest(name, Object.keys(kaitoPresets));
    fail(
      `${pointer}/name`,
      `names the preset ${name}, which KAITO 0.12 does not have: presets are its short names, or owner/model of Hugging Face`,
      {
        ...(near.length > 0 ? { allowed: near } : {}),
      },
    );
    return;
  }
  const model = modelOfPreset(name);
  if (model?.license.gated === true && (stringAt(options, 'modelAccessSecret') ?? '') === '')
    fail(
      `${pointer}/name`,
      `downloads ${model.checkpoints[0]?.id ?? name}, which is gated, and names no presetOptions.modelAccessSecret`,
      {
        hint: 'Create a Secret with the key HF_TOKEN in the namespace and name it there.',
      },
    );
}

function adapters(pointer: string, list: readonly JsonObject[], fail: Fail): void {
  if (list.length > 10) fail(pointer, `has ${list.length} adapters: 10 at most`, { part: 'key' });
  const names = list.map((each) => stringAt(each, 'source', 'name'));
  list.forEach((adapter, index) => {
    const own = `${pointer}/${index}`;
    const source = objectAt(adapter, 'source');
    if (names[index] === undefined || names[index] === '') fail(own, 'has an adapter without source.name');
    else if (names.indexOf(names[index]) < index) fail(`${own}/source/name`, `names the adapter ${names[index]} twice`);
    const urls = listAt(source, 'urls').length > 0;
    if (urls || (stringAt(source, 'image') === undefined && !isObject(at(source, 'volume'))))
      fail(own, `has an adapter ${urls ? 'from URLs' : 'without image or volume'}: it comes from an image or a volume`);
    const strength = stringAt(adapter, 'strength');
    if (strength !== undefined && !(Number(strength) >= 0 && Number(strength) <= 1 && strength.trim() !== ''))
      fail(`${own}/strength`, `has an adapter of strength ${strength}: 0 to 1`);
  });
}

function whatItRunsOn({ at: where, resource, selector, inference }: Workspace, fail: Fail): void {
  const type = stringAt(resource, 'instanceType') ?? '';
  if (type !== '' && kaitoInstance(type) === undefined) {
    const near = closest(
      type,
      kaitoInstances().map((each) => each.type),
    );
    // Azure lets other machines of the N and D series pass the webhook; how many devices they have KAITO then does not know.
    const passes = /^standard_[nd]/i.test(type);
    if (!passes || isObject(at(inference, 'preset')))
      fail(
        `${where.resource}/instanceType`,
        passes
          ? `takes the instance type ${type}, of which KAITO 0.12 does not know the GPUs: it makes no Pods of a preset on it (cards before Ampere were dropped)`
          : `takes the instance type ${type}, which KAITO 0.12 does not know`,
        {
          ...(passes ? { severity: 'warning' as const } : {}),
          ...(near.length > 0 ? { allowed: near } : {}),
        },
      );
  }
  objectsAt(selector, 'matchExpressions').forEach((each, index) => {
    if (stringAt(each, 'operator') !== 'In' || listAt(each, 'values').length !== 1)
      fail(
        `${where.selector}/matchExpressions/${index}`,
        'selects nodes by an expression other than In with one value',
        {
          hint: 'Write it as matchLabels.',
        },
      );
  });
}

function partition({ at: where, resource }: Workspace, fail: Fail): void {
  const found = at(resource, 'partition');
  if (!isObject(found)) return;
  const pointer = `${where.resource}/partition`;
  if ((stringAt(resource, 'instanceType') ?? '') !== '')
    fail(
      pointer,
      'takes a part of a node and names an instanceType: parts are of nodes that are there, and those have no instanceType',
      { part: 'key' },
    );
  const mode = stringAt(found, 'mode');
  const profile = stringAt(found, 'profile');
  if (mode === 'mig') {
    if (profile === undefined || !kaitoMigProfiles.includes(profile))
      fail(
        profile === undefined ? pointer : `${pointer}/profile`,
        `takes the MIG profile ${profile ?? '(none)'}, which is none`,
        {
          allowed: closest(profile ?? '', kaitoMigProfiles),
        },
      );
    if (at(found, 'count') !== undefined) fail(`${pointer}/count`, 'counts MIG slices: a replica runs on one');
  }
  if (mode === 'accelerator') {
    if (integerAt(found, 'count') === undefined)
      fail(pointer, 'takes whole GPUs of a node and does not say how many (count)', { part: 'key' });
    if (profile !== undefined) fail(`${pointer}/profile`, 'has a MIG profile in mode accelerator');
  }
}

/**
 * KAITO either adds nodes for all Workspaces, and each names an instanceType, or for none, and none may. Which one is set when it
 * is installed: by its chart's values where an Application shows them, else Workspaces that differ cannot all be right.
 */
function howNodesCome(workspace: Workspace, all: readonly Workspace[], repository: Repository, fail: Fail): void {
  const { place, at: where, resource } = workspace;
  const names = (each: Workspace) => (stringAt(each.resource, 'instanceType') ?? '') !== '';
  const adds = addsNodes(repository, place);
  if (adds === true && !names(workspace))
    fail(where.resource, 'names no instanceType, and KAITO is installed there to add nodes', { part: 'key' });
  else if (adds === false && names(workspace))
    fail(
      `${where.resource}/instanceType`,
      'names an instanceType, and KAITO is installed there without adding nodes (featureGates.disableNodeAutoProvisioning)',
    );
  else if (adds === undefined && !names(workspace) && place.cluster !== '') {
    const other = all.find((each) => each.place.cluster === place.cluster && names(each));
    if (other !== undefined)
      fail(
        where.resource,
        `names no instanceType, and ${other.place.object.kind} ${other.place.object.name} of the same cluster does: KAITO adds nodes for all of them or for none, and refuses one of the two`,
        {
          part: 'key',
          ...(isObject(at(resource, 'partition'))
            ? {}
            : { hint: 'Give it the instance type of its nodes, or take it away from all.' }),
        },
      );
  }
}

/** By the values of the chart (`workspace` of kaito-project) in an Application of the same cluster; its default is to add. */
function addsNodes(repository: Repository, place: Deployed): boolean | undefined {
  for (const application of repository.applications) {
    if (application.cluster !== place.cluster) continue;
    const isKaito = application.sources.some((each) => /kaito/i.test(each.repoURL));
    const values = isKaito ? chartValues(application.object.value, 'workspace') : undefined;
    if (values !== undefined) return at(values, 'featureGates', 'disableNodeAutoProvisioning') !== true;
  }
  return undefined;
}
