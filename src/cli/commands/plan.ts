import { didYouMean } from '../../diagnostics/closest.js';
import { loadHighs } from '../../io/highs.js';
import { type CapacityView, capacityView } from '../../plan/capacity-view.js';
import { formatPlanHtml } from '../../plan/view-html.js';
import { formatPlanMarkdown } from '../../plan/view-markdown.js';
import { formatPlanText } from '../../plan/view-text.js';
import type { ViewOptions } from '../../plan/view-words.js';
import { demandByCluster } from '../../render/demand.js';
import { type CommandDefinition, UsageError } from '../command.js';
import { environmentsOf } from '../environments.js';
import { generate } from '../generate.js';
import { exitCode } from '../io.js';
import { formatOption, printJson } from '../options.js';
import { describeProblems, hasErrors } from '../problems.js';
import { replanEffects } from '../replan.js';
import { openWorkspace } from '../workspace.js';

const formats = {
  text: formatPlanText,
  json: (view: CapacityView) => printJson(view),
  markdown: formatPlanMarkdown,
  html: formatPlanHtml,
} satisfies Record<string, (view: CapacityView, options: ViewOptions) => string>;

export const command: CommandDefinition = {
  name: 'plan',
  description:
    'Shows phases, waves, placements and GPU use, wave by wave: steady, during a rollout, at the autoscaler’s maximum, with one node gone. Writes nothing.',
  arguments: [],
  options: [
    { flags: '--env <environment>', description: 'only this environment' },
    { flags: '--worked-out', description: 'every figure that nobody typed, with its arithmetic' },
    formatOption(Object.keys(formats)),
  ],
  examples: [
    { command: 'plan --env production', does: 'does it fit, and when' },
    { command: 'plan --worked-out', does: 'where the sizes come from' },
    { command: 'plan -o json', does: 'for a script' },
    { command: 'plan -o html > plan.html', does: 'a page with bars' },
  ],
  async run(context) {
    const { options, io, global } = context;
    const workspace = await openWorkspace(context);
    const environment = environmentOption(
      options['env'],
      environmentsOf(workspace.specs).map(({ name }) => name),
    );
    await context.progress('planning and rendering');
    // Nothing is written here, so that nothing has to be guarded.
    const generated = generate(workspace, { allowDelete: Number.MAX_SAFE_INTEGER });
    const { problems, after } = generated;
    await context.progress(undefined);
    await io.stderr(describeProblems(problems, workspace.tree.files, global.color.stderr));
    if (generated.plan === undefined || hasErrors(problems)) return exitCode.usage;
    const plan = { ...generated.plan, notes: [...generated.plan.notes, ...replanEffects(workspace, generated)] };
    await context.progress('placing Pods on nodes');
    const view = capacityView({
      plan,
      clusters: workspace.specs.clusters.map(({ value }) => value),
      demand: demandByCluster(plan, after.files),
      options: { solver: await loadHighs() },
      ...(environment === undefined ? {} : { environment }),
    });
    await context.progress(undefined);
    const format = formats[options['format'] as keyof typeof formats];
    await io.stdout(format(view, { workedOut: options['workedOut'] === true }));
    return exitCode.ok;
  },
};

function environmentOption(given: unknown, known: readonly string[]): string | undefined {
  if (given === undefined || known.includes(String(given))) return given as string | undefined;
  throw new UsageError(
    `there is no environment '${given}'`,
    didYouMean(String(given), known) ?? `There are: ${known.join(', ')}.`,
  );
}
