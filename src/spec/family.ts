import { shown } from '../diagnostics/show.js';
import type { Cursor } from './draft.js';
import { type Findings, Names, report, reportDuplicates, reportSlugCollisions, reportUnknown } from './findings.js';
import { dependenciesOf, orderPhases, type PhaseLinks } from './phases.js';
import { bytesOf, milliOf } from './quantity.js';
import { checkRange, namesOf } from './ranges.js';

/** Kubernetes, ObjectMeta validation: all annotations of one object together, keys and values. */
const annotationBytes = 262_144;

/** What a family alone decides: its models, its phases and how they fit each other. */
export function checkFamily(spec: Cursor, findings: Findings): void {
  const models = spec.get('models').items();
  reportDuplicates(findings, 'model', namesOf(spec.get('models')));
  for (const model of models) {
    checkModel(model, findings);
    for (const [, override] of model.get('environments').fields()) checkSettings(override, model, findings);
  }
  const phases = spec.get('phases').items();
  reportDuplicates(findings, 'phase', namesOf(spec.get('phases')));
  reportSlugCollisions(findings, 'phase', namesOf(spec.get('phases')));
  checkMembership(models, phases, findings);
  checkPhaseOrder(phases, findings);
}

function checkModel(model: Cursor, findings: Findings): void {
  checkSettings(model, model, findings);
  for (const [, replicas] of model.get('replicas').fields()) checkRange(replicas, 'replicas', findings);
  const deployed = new Set(
    model
      .get('replicas')
      .fields()
      .map(([name]) => name),
  );
  for (const [name, override] of model.get('environments').fields()) {
    if (deployed.has(name)) continue;
    report(
      findings,
      'spec-no-effect',
      override.at('key'),
      `"${shown(name)}" is not among the replicas of the model: it is not deployed there, and this override has no effect.`,
      `Add replicas for "${shown(name)}", or remove the override.`,
      { severity: 'warning', key: name },
    );
  }
}

/** Fields of a model or of an override; what an override leaves out is the model's. */
function checkSettings(settings: Cursor, model: Cursor, findings: Findings): void {
  checkParallelism(settings, model, findings);
  checkRequestAndLimit(settings.get('resources', 'cpu'), 'CPU', (value) => milliOf(value), findings);
  checkRequestAndLimit(settings.get('resources', 'memory'), 'memory', (value) => bytesOf(String(value)), findings);
  const annotations = settings.get('annotations');
  const bytes = annotations.fields().reduce((sum, [key, { text }]) => sum + utf8(key) + utf8(text ?? ''), 0);
  if (bytes > annotationBytes) {
    report(
      findings,
      'spec-range',
      annotations.at('key'),
      `The annotations have ${bytes} bytes in total; the limit is ${annotationBytes} (256 KiB).`,
      'Shorten them, or keep the text elsewhere and refer to it.',
    );
  }
}

function utf8(text: string): number {
  return new TextEncoder().encode(text).length;
}

function checkParallelism(settings: Cursor, model: Cursor, findings: Findings): void {
  const own = { gpus: settings.get('resources', 'gpus'), tensor: settings.get('parallelism', 'tensor') };
  if (!own.gpus.exists && !own.tensor.exists) return;
  const gpus = own.gpus.exists ? own.gpus : model.get('resources', 'gpus');
  const tensor = own.tensor.exists ? own.tensor : model.get('parallelism', 'tensor');
  const [count, degree] = [gpus.number, tensor.number];
  if (count === undefined || degree === undefined || degree < 1 || count % degree === 0) return;
  report(
    findings,
    'spec-parallelism',
    gpus,
    `${count} GPU${count === 1 ? '' : 's'} cannot hold a tensor parallelism of ${degree}: the number of GPUs must be divisible by it.`,
    `Write ${Math.ceil(count / degree) * degree} GPUs, or a tensor parallelism that divides ${count}; leave gpus out to have it worked out.`,
    { related: [{ message: `Tensor parallelism is ${degree}.`, at: tensor.at() }] },
  );
}

function checkRequestAndLimit(
  resource: Cursor,
  what: string,
  read: (value: string | number) => number | undefined,
  findings: Findings,
): void {
  const [request, limit] = [resource.get('request'), resource.get('limit')];
  const [low, high] = [request, limit].map(({ text, number }) =>
    text === undefined && number === undefined ? undefined : read(text ?? number!),
  );
  if (low === undefined || high === undefined || low <= high) return;
  report(
    findings,
    'spec-range',
    request,
    `The request of ${what} is above its limit.`,
    'Raise the limit or lower the request.',
    {
      related: [{ message: 'The limit.', at: limit.at() }],
    },
  );
}

/** Every model stands in exactly one phase, and every phase names models that exist. */
function checkMembership(models: readonly Cursor[], phases: readonly Cursor[], findings: Findings): void {
  const names = new Map(
    models.flatMap((model) =>
      model.get('name').text === undefined ? [] : [[model.get('name').text!, model] as const],
    ),
  );
  const known = new Names(names.keys());
  const seen = new Map<string, { readonly entry: Cursor; readonly phase: Cursor }>();
  for (const phase of phases) {
    for (const entry of phase.get('models').items()) {
      const name = entry.text;
      if (name === undefined) continue;
      if (!known.has(name)) reportUnknown(findings, 'model', entry, name, known);
      const before = seen.get(name);
      if (before === undefined) seen.set(name, { entry, phase });
      else if (before.phase === phase)
        report(
          findings,
          'spec-duplicate-name',
          entry,
          `The model "${shown(name)}" is listed twice in this phase.`,
          'Remove one of the two.',
          { key: name, related: [{ message: 'It stands here first.', at: before.entry.at() }] },
        );
      else {
        report(
          findings,
          'spec-phase-membership',
          entry,
          `The model "${shown(name)}" stands in two phases: "${shown(before.phase.get('name').text ?? '')}" and "${shown(phase.get('name').text ?? '')}".`,
          'Remove it from one of the two.',
          { key: name, related: [{ message: 'It stands here first.', at: before.entry.at() }] },
        );
      }
    }
  }
  for (const [name, model] of names) {
    if (seen.has(name)) continue;
    report(
      findings,
      'spec-phase-membership',
      model.get('name'),
      `The model "${shown(name)}" stands in no phase, so that it would never be released.`,
      'Add it to the models of a phase.',
      { key: name },
    );
  }
}

function checkPhaseOrder(phases: readonly Cursor[], findings: Findings): void {
  const byName = new Map<string, Cursor>();
  for (const phase of phases) {
    const name = phase.get('name').text;
    if (name !== undefined && !byName.has(name)) byName.set(name, phase);
  }
  const known = new Names(byName.keys());
  for (const phase of phases) {
    for (const entry of phase.get('dependsOn').items()) {
      if (entry.text !== undefined && !byName.has(entry.text))
        reportUnknown(findings, 'phase', entry, entry.text, known);
    }
  }
  const cursors = [...byName.values()];
  const links = cursors.map(linksOf);
  const { ordered, cycle } = orderPhases(links);
  if (cycle) reportCycle(cycle, byName, findings);
  const waves = new Map(ordered.map(({ phase, wave }) => [phase.name, wave] as const));
  for (const { phase, index, wave } of ordered) {
    for (const before of dependenciesOf(links, index)) {
      const other = waves.get(before);
      if (other === undefined || other < wave) continue;
      const [own, its] = [byName.get(phase.name)!, byName.get(before)!];
      report(
        findings,
        'spec-wave-order',
        own.get('wave').exists ? own.get('wave') : own.get('name'),
        `Phase "${shown(phase.name)}" in wave ${wave} depends on "${shown(before)}" in wave ${other}: Argo CD would ${other === wave ? 'start both at once' : 'deploy it first'}.`,
        `Give "${shown(phase.name)}" a wave above ${other}, or leave the waves out to have them worked out.`,
        {
          key: before,
          related: [
            {
              message: `"${shown(before)}" is in wave ${other}.`,
              at: (its.get('wave').exists ? its.get('wave') : its.get('name')).at(),
            },
          ],
        },
      );
    }
  }
}

function linksOf(phase: Cursor): PhaseLinks {
  const dependsOn = phase.get('dependsOn');
  const wave = phase.get('wave').number;
  return {
    name: phase.get('name').text!,
    ...(dependsOn.exists ? { dependsOn: dependsOn.items().flatMap(({ text }) => text ?? []) } : {}),
    ...(wave !== undefined && Number.isInteger(wave) ? { wave } : {}),
  };
}

function reportCycle(cycle: readonly string[], byName: ReadonlyMap<string, Cursor>, findings: Findings): void {
  const edges = cycle.slice(0, -1).map((name, i) => {
    const phase = byName.get(name)!;
    const next = cycle[i + 1]!;
    const edge = phase
      .get('dependsOn')
      .items()
      .find(({ text }) => text === next);
    const implied = edge ? '' : ' (the phase before it, because it has no dependsOn)';
    return { message: `"${shown(name)}" depends on "${shown(next)}"${implied}.`, at: (edge ?? phase.get('name')).at() };
  });
  const shownCycle =
    cycle.length > 12 ? [...cycle.slice(0, 10), `… ${cycle.length - 11} more …`, cycle.at(-1)!] : cycle;
  report(
    findings,
    'spec-phase-cycle',
    edges[0]!.at,
    `The phases depend on each other in a circle: ${shownCycle.map((name) => shown(name)).join(' → ')}.`,
    'Remove one of the dependencies.',
    {
      key: [...cycle.slice(0, -1)].sort()[0]!,
      related: edges.slice(0, 100),
    },
  );
}
