import { didYouMean } from '../../diagnostics/closest.js';
import { setEnabledIn } from '../../plan/edit.js';
import { StateError } from '../../publish/errors.js';
import { orderPhases } from '../../spec/phases.js';
import type { Located } from '../../spec/spec-set.js';
import type { ModelFamily, Phase } from '../../spec/types.generated.js';
import { type CommandContext, type CommandDefinition, UsageError } from '../command.js';
import { clustersOf, environmentsOf } from '../environments.js';
import { exitCode } from '../io.js';
import { openToWrite } from '../merge-state.js';
import { refusesFaults } from '../problems.js';
import { checkEnvironment, isPinned, pinAt, placesOf, runsIn } from '../releases.js';
import type { Workspace } from '../workspace.js';
import { write, writeOptions } from '../write.js';

export const command: CommandDefinition = {
  name: 'phase',
  description:
    'Enables or disables a phase of a family in an environment: one line of the family file changes, and what comes of it is rendered. A phase that is not enabled is reserved: planned, and rendered nowhere. A phase is enabled only where those that it waits for are.',
  arguments: [
    { name: '<action>', description: 'enable or disable' },
    { name: '<phase>', description: 'its name in the family file' },
  ],
  options: [
    { flags: '--env <environment>', description: 'the environment that is meant' },
    { flags: '--family <name>', description: 'the family, where two have a phase of that name' },
    {
      flags: '--skip-order <reason>',
      description:
        'although the phases before are not enabled there, or later ones are; the reason is kept in the commit',
    },
    ...writeOptions,
  ],
  examples: [
    { command: 'phase enable enterprise --env production --dry-run', does: 'what would be deployed' },
    { command: 'phase disable enterprise --env staging --commit', does: 'its models leave staging' },
  ],
  async run(context) {
    const { options } = context;
    const action = String(context.arguments[0]);
    if (action !== 'enable' && action !== 'disable') {
      throw new UsageError(
        `'${action}' is not something to do with a phase`,
        didYouMean(action, ['enable', 'disable']) ?? 'Say enable or disable.',
      );
    }
    const environment = options['env'];
    if (typeof environment !== 'string') throw new UsageError('no environment is named', 'Give --env <environment>.');
    const workspace = await openToWrite(context);
    if (await refusesFaults(context, workspace)) return exitCode.usage;
    checkEnvironment(workspace, environment);
    const { family, phase } = phaseAt(workspace, String(context.arguments[1]), options['family']);
    return action === 'enable'
      ? enable(context, workspace, family, phase, environment)
      : disable(context, workspace, family, phase, environment);
  },
};

interface Found {
  readonly family: Located<ModelFamily>;
  readonly phase: Phase;
}

function phaseAt({ specs }: Workspace, name: string, wanted: unknown): Found {
  const all = specs.families
    .filter(({ value }) => wanted === undefined || value.metadata.name === wanted)
    .flatMap((family) => family.value.spec.phases.map((phase): Found => ({ family, phase })));
  const found = all.filter(({ phase }) => phase.name === name);
  const [first] = found;
  if (first === undefined) {
    const known = [...new Set(all.map(({ phase }) => phase.name))];
    throw new UsageError(
      `there is no phase '${name}'`,
      didYouMean(name, known) ?? `There are: ${known.join(', ') || 'none'}.`,
    );
  }
  if (found.length > 1) {
    const families = found.map(({ family }) => family.value.metadata.name);
    throw new UsageError(
      `${found.length} families have a phase '${name}'`,
      `Say which: --family ${families.join(' or --family ')}.`,
    );
  }
  return first;
}

async function enable(
  context: CommandContext,
  workspace: Workspace,
  family: Located<ModelFamily>,
  phase: Phase,
  environment: string,
): Promise<number> {
  const name = family.value.metadata.name;
  if (isEnabled(phase, environment)) {
    await context.say(`nothing changed: phase ${phase.name} of ${name} is enabled in ${environment} already`);
    return 0;
  }
  if (modelsIn(family.value, phase, environment).length === 0) {
    throw new UsageError(
      `no model of phase ${phase.name} has replicas in ${environment}, so there is nothing to enable`,
      `Say how many under \`replicas\` in ${family.file}: ${phase.models.map((model) => `${model}: { ${environment}: 1 }`).join(', ')}.`,
    );
  }
  const missing = phasesBefore(family.value, phase, environment);
  const reason = await orderKept(
    context,
    missing.length === 0
      ? undefined
      : {
          message: `phase ${phase.name} waits for ${missing.join(', ')}, which ${missing.length === 1 ? 'is' : 'are'} not enabled in ${environment}`,
          hint: `First: gitops-gen phase enable ${missing[0]} --env ${environment}.`,
        },
  );
  const enabledIn = inOrder(workspace, [...(phase.enabledIn ?? []), environment]);
  return change(context, workspace, family, { phase, environment, enabledIn, verb: 'Enable', reason });
}

async function disable(
  context: CommandContext,
  workspace: Workspace,
  family: Located<ModelFamily>,
  phase: Phase,
  environment: string,
): Promise<number> {
  const name = family.value.metadata.name;
  if (!isEnabled(phase, environment)) {
    await context.say(`nothing changed: phase ${phase.name} of ${name} is not enabled in ${environment}`);
    return 0;
  }
  const waiting = phasesAfter(family.value, phase, environment);
  const reason = await orderKept(
    context,
    waiting.length === 0
      ? undefined
      : {
          message: `${waiting.join(', ')} wait${waiting.length === 1 ? 's' : ''} for phase ${phase.name} and ${waiting.length === 1 ? 'is' : 'are'} enabled in ${environment}`,
          hint: `First: gitops-gen phase disable ${waiting.at(-1)} --env ${environment}.`,
        },
  );
  const all = environmentsOf(workspace.specs).map((each) => each.name);
  const enabledIn = inOrder(workspace, phase.enabledIn ?? all).filter((each) => each !== environment);
  return change(context, workspace, family, { phase, environment, enabledIn, verb: 'Disable', reason });
}

interface Change {
  readonly phase: Phase;
  readonly environment: string;
  readonly enabledIn: readonly string[];
  readonly verb: 'Enable' | 'Disable';
  readonly reason: string | undefined;
}

async function change(
  context: CommandContext,
  workspace: Workspace,
  family: Located<ModelFamily>,
  { phase, environment, enabledIn, verb, reason }: Change,
): Promise<number> {
  const text = workspace.tree.files.get(family.file);
  if (typeof text !== 'string') throw new UsageError(`${family.file} is not text`);
  const name = family.value.metadata.name;
  const subject = `${verb} phase ${phase.name} of ${name} in ${environment}`;
  const models = modelsIn(family.value, phase, environment);
  const next = isPinned(workspace, environment) ? whatNext(workspace, family.value, phase, environment, enabledIn) : '';
  const applications = models.length * clustersOf(workspace.specs, environment).length;
  const { allowDelete } = context.options;
  return write(context, workspace, {
    edits: new Map([[family.file, setEnabledIn(text, phase.name, enabledIn)]]),
    // Its Applications may go: that is what was asked for.
    ...(verb === 'Disable' ? { allowDelete: (allowDelete as number | undefined) ?? applications } : {}),
    change: `phase-${verb.toLowerCase()}-${name}-${phase.name}-${environment}`,
    words: [
      `${subject}: ${models.join(', ')}`,
      ...(reason === undefined ? [] : [`Order of phases skipped: ${reason}`]),
    ],
    rollback: [
      `gitops-gen phase ${verb === 'Enable' ? 'disable' : 'enable'} ${phase.name} --family ${name} --env ${environment} --pr`,
    ],
    message: [subject, ...(reason === undefined ? [] : ['', `Order of phases skipped: ${reason}`])].join('\n'),
    done: `phase ${phase.name} of ${name} (${models.join(', ')}) is ${verb.toLowerCase()}d in ${environment}${next}`,
  });
}

/** When a pinned environment takes the change: with a promotion, or at once where its parent Application goes. */
function whatNext(
  workspace: Workspace,
  { metadata: { name }, spec, ...rest }: ModelFamily,
  phase: Phase,
  environment: string,
  enabledIn: readonly string[],
): string {
  const phases = spec.phases.map((each) => (each.name === phase.name ? { ...each, enabledIn: [...enabledIn] } : each));
  if (runsIn({ metadata: { name }, spec: { ...spec, phases }, ...rest }, environment))
    return `; ${environment} takes it when this is merged and promoted: gitops-gen promote ${name} --to ${environment}`;
  const isReleased = placesOf(workspace, name, environment).some((place) => pinAt(workspace.tree, place) !== undefined);
  return isReleased
    ? `. It was the last of ${name} there: the parent Application goes when this is merged, and Argo CD deletes what it runs once a person confirms it (argocd app confirm-deletion)`
    : '';
}

function isEnabled({ enabledIn }: Phase, environment: string): boolean {
  return enabledIn === undefined || enabledIn.includes(environment);
}

function modelsIn({ spec }: ModelFamily, phase: Phase, environment: string): readonly string[] {
  return phase.models.filter(
    (name) => spec.models.find((model) => model.name === name)?.replicas[environment] !== undefined,
  );
}

/** The phases that a phase waits for and that are not enabled; one without models there passes the question on. */
function phasesBefore(family: ModelFamily, phase: Phase, environment: string): readonly string[] {
  const { ordered } = orderPhases(family.spec.phases);
  const byName = new Map(ordered.map((each) => [each.phase.name, each]));
  const missing = new Set<string>();
  const open = [...(byName.get(phase.name)?.dependsOn ?? [])];
  const seen = new Set<string>();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const before = byName.get(next);
    if (before === undefined || seen.has(next)) continue;
    seen.add(next);
    if (modelsIn(family, before.phase, environment).length === 0) open.push(...before.dependsOn);
    else if (!isEnabled(before.phase, environment)) missing.add(next);
  }
  return ordered.map((each) => each.phase.name).filter((name) => missing.has(name));
}

/** The phases that are enabled and wait for a phase, through phases that have no models there too. */
function phasesAfter(family: ModelFamily, phase: Phase, environment: string): readonly string[] {
  const without: ModelFamily = {
    ...family,
    spec: {
      ...family.spec,
      phases: family.spec.phases.map((each) => (each.name === phase.name ? { ...each, enabledIn: [] } : each)),
    },
  };
  return orderPhases(without.spec.phases)
    .ordered.map((each) => each.phase)
    .filter((each) => isEnabled(each, environment) && modelsIn(family, each, environment).length > 0)
    .filter((each) => phasesBefore(without, each, environment).includes(phase.name))
    .map((each) => each.name);
}

/** Throws where the order is not kept and no reason is given; warns and returns the reason where one is. */
async function orderKept(
  context: CommandContext,
  broken: { readonly message: string; readonly hint: string } | undefined,
): Promise<string | undefined> {
  const { skipOrder } = context.options;
  if (typeof skipOrder === 'string' && skipOrder.trim() === '')
    throw new UsageError('--skip-order takes a reason', 'It is kept in the commit: --skip-order "incident 4711".');
  if (broken === undefined) return undefined;
  if (typeof skipOrder !== 'string')
    throw new StateError('order', broken.message, `${broken.hint} If it cannot wait: --skip-order <reason>.`);
  await context.say(`warning: ${broken.message}`);
  return skipOrder.trim();
}

/** In the order of promotion, names that are no environment last. */
function inOrder({ specs }: Workspace, names: readonly string[]): readonly string[] {
  const known = environmentsOf(specs).map(({ name }) => name);
  return [...known.filter((name) => names.includes(name)), ...names.filter((name) => !known.includes(name))];
}
