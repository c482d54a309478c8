import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { CapacityView, PoolView, WaveView } from '../plan/capacity-view.js';
import { verdictWords } from '../plan/view-words.js';
import type { ModelChange } from './change-words.js';
import { applicationSections } from './difference-markdown.js';
import { count, longestUntilWarm, objectsOf, summaryWords } from './difference-words.js';
import { codeBlock, codeCell, codeSpan, inertMarkdown } from './inert.js';
import { draftMark } from './publish-change.js';
import type { ObjectDifference } from './rendered-diff.js';
import { duration } from './rendered-diff-text.js';
import { secondsUntilWarm } from './rollout-effect.js';
import type { StateDifference } from './state-difference.js';

/** GitHub refuses a longer body (422, "body is too long"). In UTF-16 units, of which there are never fewer than its characters. */
export const bodyLimit = 65_536;

export interface BodyFacts {
  /** What changes, in sentences. */
  readonly words: readonly string[];
  readonly models: readonly ModelChange[];
  readonly capacity: { readonly before: CapacityView | undefined; readonly after: CapacityView | undefined };
  readonly difference: StateDifference;
  /** Findings of the tree as it would be, those that nobody accepted. */
  readonly findings: readonly Diagnostic[];
  /** Findings that were there before and stay. */
  readonly knownFindings: number;
  /** The lowest severity that would have stopped it; given where it is a draft for that reason. */
  readonly draftBecause?: string;
  /** Commands that bring the state before back. */
  readonly rollback: readonly string[];
  /** Full commit ids of both states, for the command that shows all of the difference. */
  readonly range: { readonly before: string; readonly after: string };
  /** Where all of the difference can be read, where it was written somewhere. */
  readonly artifact?: string;
  readonly tool: string;
}

/** What a reviewer needs, as Markdown of at most `bodyLimit` characters. Text from the repository stays text. */
export function pullRequestBody(facts: BodyFacts, limit = bodyLimit): string {
  const head = [
    changesSection(facts),
    modelsSection(facts),
    capacitySection(facts),
    wavesSection(facts),
    restartsSection(facts),
  ];
  const tail = [findingsSection(facts), rollbackSection(facts), footer(facts)];
  const fixed = [...head, ...tail].filter((each) => each !== '');
  const room = limit - fixed.join('\n\n').length - 400;
  if (room < 2000) return cut(facts, limit);
  return join([...head, differenceSection(facts, room), ...tail]);
}

/** Where even the short sections are too long: those that count most, each cut to a share. */
function cut(facts: BodyFacts, limit: number): string {
  const share = Math.floor((limit - 1200) / 6);
  const sections = [changesSection, modelsSection, capacitySection, restartsSection, findingsSection].map((section) =>
    cutLines(section(facts), share),
  );
  return join([...sections, differenceSection(facts, share), cutLines(rollbackSection(facts), 800), footer(facts)]);
}

/** Whole lines up to a length, and how many are left out. A table or a list stays one; nothing that is cut is left open. */
function cutLines(text: string, length: number): string {
  if (text.length <= length) return text;
  const lines = text.split('\n');
  const kept: string[] = [];
  let size = 100;
  for (const line of lines) {
    if (size + line.length + 1 > length) break;
    kept.push(line);
    size += line.length + 1;
  }
  const folded =
    kept.filter((line) => line.startsWith('<details>')).length - kept.filter((line) => line === '</details>').length;
  const open = kept.filter((line) => /^`{3,}/u.test(line)).length % 2;
  return [
    ...kept,
    ...(open === 1 ? ['```'] : []),
    '',
    `…and ${count(lines.length - kept.length, 'more line')}.`,
    ...(folded > 0 ? ['', '</details>'] : []),
  ].join('\n');
}

function join(sections: readonly string[]): string {
  return `${sections.filter((each) => each !== '').join('\n\n')}\n`;
}

function changesSection({ words, draftBecause }: BodyFacts): string {
  const warning =
    draftBecause === undefined
      ? []
      : [
          draftMark,
          '> [!WARNING]',
          `> A draft: there are findings at or above ${draftBecause}. They have to be resolved before this is merged.`,
          '',
        ];
  const lines = words.length === 0 ? ['No model changes.'] : words.map((word) => `- ${inertMarkdown(word)}`);
  return [...warning, '## What changes', '', ...lines].join('\n');
}

function modelsSection({ models }: BodyFacts): string {
  if (models.length === 0) return '';
  const rows = models.map(({ model, family, phase, wave, environment, cluster, change, replicas, gpus, gpu }) =>
    row([
      codeCell(model),
      codeCell(family),
      `${codeCell(phase)} (wave ${wave})`,
      codeCell(environment === cluster ? environment : `${environment}/${cluster}`),
      change,
      arrow(replicas.before ?? '-', replicas.after ?? '-'),
      `${arrow(String(gpus.before), String(gpus.after))}${gpu === '' ? '' : ` ${codeCell(gpu)}`}`,
    ]),
  );
  return [
    '### Models and phases',
    '',
    row(['model', 'family', 'phase', 'where', '', 'replicas', 'GPUs']),
    row(Array(7).fill('---')),
    ...rows,
  ].join('\n');
}

interface WavePlace {
  readonly environment: string;
  readonly cluster: string;
  readonly before: WaveView | undefined;
  readonly after: WaveView | undefined;
}

/** Waves of both views, paired; only those where a figure, a workload or the verdict differs. */
function changedWaves({ capacity }: BodyFacts): readonly WavePlace[] {
  const places = new Map<string, { environment: string; cluster: string; before?: WaveView; after?: WaveView }>();
  for (const side of ['before', 'after'] as const)
    for (const environment of capacity[side]?.environments ?? [])
      for (const cluster of environment.clusters)
        for (const wave of cluster.waves) {
          const key = `${environment.name}\n${cluster.name}\n${wave.wave}`;
          places.set(key, { environment: environment.name, cluster: cluster.name, ...places.get(key), [side]: wave });
        }
  const figures = (wave: WaveView | undefined) =>
    JSON.stringify([wave?.pools, wave?.verdict, wave?.workloads.map(({ model, replicas }) => [model, replicas])]);
  return [...places.values()]
    .filter(({ before, after }) => figures(before) !== figures(after))
    .map(({ environment, cluster, before, after }) => ({ environment, cluster, before, after }));
}

function capacitySection(facts: BodyFacts): string {
  const waves = changedWaves(facts);
  const heading = '### GPUs, before → after, against the declared inventory';
  if (facts.capacity.after === undefined) return '';
  if (waves.length === 0) return `${heading}\n\nThe use of GPUs does not change.`;
  const rows = waves.flatMap(({ environment, cluster, before, after }) => {
    const names = [...new Set([...(before?.pools ?? []), ...(after?.pools ?? [])].map(({ pool }) => pool))];
    const wave = (after ?? before)?.wave ?? 0;
    return names.map((name) => {
      const [old, now] = [before, after].map((each) => each?.pools.find(({ pool }) => pool === name));
      const figure = (of: (pool: PoolView) => number) =>
        arrow(old === undefined ? '-' : String(of(old)), now === undefined ? '-' : String(of(now)));
      return row([
        codeCell(environment === cluster ? environment : `${environment}/${cluster}`),
        String(wave),
        codeCell(name),
        figure(({ have }) => have),
        figure(({ taken }) => taken),
        figure(({ steady }) => steady),
        figure(({ rollout }) => rollout),
        figure(({ maximum }) => maximum),
        figure(({ free }) => free),
        after === undefined ? 'goes' : verdictWords[after.verdict],
      ]);
    });
  });
  const head = ['where', 'wave', 'pool', 'have', 'taken', 'steady', 'rollout', 'maximum', 'free', 'verdict'];
  return [heading, '', row(head), row(head.map((_, index) => (index > 2 && index < 9 ? '--:' : '---'))), ...rows].join(
    '\n',
  );
}

/** A diagram is of use for a few waves; beyond that the table says it. */
const MOST_DIAGRAM_WAVES = 40;

/** The order of waves in every environment that changes. Mermaid takes labels in quotes; what could end one is written as an entity. */
function wavesSection(facts: BodyFacts): string {
  const changed = new Set(changedWaves(facts).map(({ environment, cluster }) => `${environment}\n${cluster}`));
  const places = (facts.capacity.after?.environments ?? []).flatMap((environment) =>
    environment.clusters
      .filter((cluster) => cluster.waves.length > 0 && changed.has(`${environment.name}\n${cluster.name}`))
      .map((cluster) => ({
        name: environment.name === cluster.name ? cluster.name : `${environment.name}/${cluster.name}`,
        waves: cluster.waves,
      })),
  );
  const waves = places.reduce((sum, place) => sum + place.waves.length, 0);
  if (waves === 0 || waves > MOST_DIAGRAM_WAVES) return '';
  const lines = places.flatMap(({ name, waves: all }, at) => {
    const nodes = all.map((wave, index) => {
      const models = wave.workloads.map(({ model, replicas: { min, max } }) =>
        mermaid(`${model} × ${min === max ? min : `${min} to ${max}`}`),
      );
      const title = `wave ${wave.wave}${wave.phase === '' ? '' : ` ${mermaid(wave.phase)}`}`;
      return `    p${at}w${index}["${[title, ...models].join('<br/>')}"]`;
    });
    const arrows = all.slice(1).map((_, index) => `    p${at}w${index} --> p${at}w${index + 1}`);
    return [`  subgraph p${at}["${mermaid(name)}"]`, '    direction LR', ...nodes, ...arrows, '  end'];
  });
  return ['### Waves', '', '```mermaid', 'flowchart TB', ...lines, '```'].join('\n');
}

function mermaid(text: string): string {
  return text.replace(/[^\p{L}\p{N} ._×-]/gu, (character) => `#${character.codePointAt(0)};`).slice(0, 200);
}

function restartsSection({ difference }: BodyFacts): string {
  const started = objectsOf(difference).filter(
    ({ effect }) =>
      effect !== undefined &&
      (effect.restarts !== 'no' || effect.pods.after !== effect.pods.before || effect.note !== undefined),
  );
  const heading = '### What restarts, and how long until it is warm';
  if (started.length === 0) return `${heading}\n\nNo Pod restarts.`;
  const { restarts } = difference;
  const warm = longestUntilWarm(difference);
  const sum = [
    restarts.workloads === 0
      ? 'No Pod restarts'
      : `${count(restarts.workloads, 'workload')} restart, with ${count(restarts.gpus, 'GPU')}`,
    ...(warm === undefined ? [] : [`the last Pod answers about ${duration(warm)} after it may start`]),
  ];
  const head = ['workload', 'Pods', 'GPUs', 'restarts', 'fewer at worst', 'warm after', ''];
  return [
    heading,
    '',
    `${sum.join('; ')}.`,
    '',
    row(head),
    row(head.map(() => '---')),
    ...started.map(restartRow),
  ].join('\n');
}

function restartRow({ key, effect }: ObjectDifference): string {
  const { pods, gpus, restarts, dip, note } = effect as NonNullable<ObjectDifference['effect']>;
  const seconds = secondsUntilWarm(effect as NonNullable<ObjectDifference['effect']>);
  return row([
    codeCell(`${key.kind} ${key.namespace === '' ? '' : `${key.namespace}/`}${key.name}`),
    arrow(String(pods.before), String(pods.after)),
    arrow(String(gpus.before), String(gpus.after)),
    restarts,
    dip === undefined || dip.pods === 0 ? '-' : `${count(dip.pods, 'Pod')} (${count(dip.gpus, 'GPU')})`,
    seconds === undefined ? '-' : `about ${duration(seconds)}`,
    note ?? '',
  ]);
}

function differenceSection({ difference, range, artifact }: BodyFacts, room: number): string {
  const heading = '### What changes in the cluster';
  const summary = summaryWords(difference).map((line) => `- ${line}`);
  const head = [heading, '', ...summary].join('\n');
  if (difference.applications.length === 0) return head;
  const command = `gitops-gen diff ${range.before.slice(0, 12)}..${range.after.slice(0, 12)}`;
  const { text, whole } = applicationSections(difference, { limit: room - head.length - 300 });
  const where = artifact === undefined ? '' : `, and in the artifact ${codeSpan(artifact)}`;
  const more = whole ? '' : `\n\nAll of it: ${codeSpan(command)}${where}.`;
  return `${head}\n\n${text}${more}`;
}

/** Longest list of findings; the report of the checks has all of them. */
const MOST_FINDINGS = 30;

const rank = { error: 0, warning: 1, info: 2 };

function findingsSection({ findings, knownFindings }: BodyFacts): string {
  const known =
    knownFindings === 0
      ? ''
      : ` ${count(knownFindings, 'finding')} elsewhere ${knownFindings === 1 ? 'was' : 'were'} there before.`;
  if (findings.length === 0) return `### Findings\n\nNone in what changes.${known}`;
  const sorted = [...findings].sort((a, b) => rank[a.severity] - rank[b.severity]);
  const lines = sorted.slice(0, MOST_FINDINGS).map(({ severity, ruleId, file, range, message }) => {
    const place = file === '' ? '' : ` ${codeSpan(range === undefined ? file : `${file}:${range.start.line}`)}`;
    return `- **${severity}**${place} ${codeSpan(ruleId)}: ${inertMarkdown(message.slice(0, 500))}`;
  });
  const rest =
    sorted.length > MOST_FINDINGS
      ? [`- …and ${count(sorted.length - MOST_FINDINGS, 'more finding')}: gitops-gen validate has them all`]
      : [];
  return ['### Findings', '', ...lines, ...rest, ...(known === '' ? [] : ['', known.trim()])].join('\n');
}

function rollbackSection({ rollback }: BodyFacts): string {
  return ['### How to roll back', '', codeBlock(rollback.join('\n'), 'sh')].join('\n');
}

function footer({ tool, range }: BodyFacts): string {
  return `<sub>Written by ${inertMarkdown(tool)} from ${codeSpan(range.after.slice(0, 12))}; it is written anew when the change is updated.</sub>`;
}

function arrow(before: string, after: string): string {
  return before === after ? after : `${before} → ${after}`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
