import {
  type Assessment,
  assess,
  demandsOf,
  type NodeFacts,
  nodesOfKubernetes,
  podContextOf,
  quotasOf,
  quotasOfCluster,
  type Scaler,
  scalerOf,
  settle,
  takenOfKubernetes,
  unplacedSlices,
  withResourceSlices,
  withScalers,
  withTaken,
} from '../../capacity/index.js';
import { capacityHtml, capacityMarkdown, capacityReport, capacityText } from '../../capacity/report.js';
import type { JsonObject, Problem } from '../../diagnostics/diagnostic.js';
import { loadHighs } from '../../io/highs.js';
import { nodesOf } from '../../plan/index.js';
import { waveOf } from '../../repository/waves.js';
import { loadDeviceSelector } from '../../schema/index.js';
import { parseClusterConfig } from '../../spec/parse.js';
import type { ClusterConfigSpec } from '../../spec/types.generated.js';
import { type CommandContext, type CommandDefinition, UsageError } from '../command.js';

import { exitCode } from '../io.js';
import { manifestsIn, textOfFile } from '../manifests.js';
import { formatOption, list, printJson } from '../options.js';
import { describeProblems, hasErrors } from '../problems.js';

export const command: CommandDefinition = {
  name: 'capacity',
  description:
    'Judges Kubernetes Nodes against Pods and workloads, as plain manifests and without a repository: possible with a placement, impossible with a proof, order-safe or not. Nodes that are cordoned or not ready are named, and count only for Pods that tolerate it. The exit code is 1 where something is impossible.',
  arguments: [],
  options: [
    { flags: '--nodes <file>', description: 'kubectl get nodes -o json or yaml, or a ClusterConfig' },
    {
      flags: '--pods <files>',
      description: 'Pods and workloads, as YAML or JSON; Pods that run on a node are what is taken',
      parse: list,
    },
    { flags: '--no-replay', description: 'do not sample the orders in which a scheduler may take the Pods' },
    { flags: '--all-placements', description: 'in JSON, the placement of every scenario' },
    formatOption(['text', 'json', 'markdown', 'html']),
  ],
  examples: [
    { command: 'capacity --nodes nodes.json --pods manifests.yaml', does: 'do these fit those' },
    {
      command: 'capacity --nodes cluster-config.yaml --pods a.yaml,b.yaml -o json',
      does: 'with the placement or the proof',
    },
  ],
  async run(context) {
    const { options, io } = context;
    if (typeof options['nodes'] !== 'string')
      throw new UsageError('no nodes are given', 'kubectl get nodes -o json > nodes.json, then --nodes nodes.json.');
    const files = (options['pods'] as readonly string[] | undefined) ?? [];
    if (files.length === 0) throw new UsageError('no Pods are given', 'Give --pods with files of manifests.');
    const problems: Problem[] = [];
    const texts = new Map<string, string>();
    const cluster = await clusterOf(context, options['nodes'], texts, problems);
    const objects: JsonObject[] = [];
    for (const file of files) objects.push(...(await objectsIn(context, file, texts, problems)));
    await io.stderr(describeProblems(problems, texts, context.global.color.stderr));
    if (cluster === undefined || hasErrors(problems)) return exitCode.usage;
    const assessment = await assessed(cluster, objects, options['replay'] !== false);
    const as = {
      text: () => capacityText(assessment),
      json: () => printJson(capacityReport(assessment, { allPlacements: options['allPlacements'] === true })),
      markdown: () => capacityMarkdown(assessment),
      html: () => capacityHtml(assessment),
    };
    await io.stdout(as[options['format'] as keyof typeof as]());
    return isImpossible(assessment) ? exitCode.findings : exitCode.ok;
  },
};

interface Cluster {
  readonly nodes: readonly NodeFacts[];
  /** Where the nodes came from a ClusterConfig: its quotas and scheduler. */
  readonly spec?: ClusterConfigSpec;
  /** What the listing of nodes has beside them: ResourceSlices, DeviceClasses, ResourceClaims. */
  readonly objects?: readonly JsonObject[];
}

async function clusterOf(
  context: CommandContext,
  file: string,
  texts: Map<string, string>,
  problems: Problem[],
): Promise<Cluster | undefined> {
  const objects = await objectsIn(context, file, texts, problems);
  if (objects.some(({ kind }) => kind === 'ClusterConfig')) {
    const { spec } = parseClusterConfig(file, texts.get(file) ?? '', (problem) => problems.push(problem));
    if (spec === undefined) return undefined;
    return { nodes: nodesOf(spec.value), spec: spec.value.spec };
  }
  const nodes = objects.filter(({ kind }) => kind === 'Node');
  if (hasErrors(problems)) return undefined;
  if (nodes.length === 0)
    throw new UsageError(
      `${file} holds no Node and no ClusterConfig`,
      'kubectl get nodes -o json writes what is expected.',
    );
  return { nodes: withResourceSlices(nodesOfKubernetes(nodes), objects), objects };
}

async function objectsIn(
  context: CommandContext,
  file: string,
  texts: Map<string, string>,
  problems: Problem[],
): Promise<readonly JsonObject[]> {
  const text = await textOfFile(context, file);
  texts.set(file, text);
  return manifestsIn(file, text, (problem) => problems.push(problem));
}

async function assessed(
  { nodes, spec, objects: beside = [] }: Cluster,
  objects: readonly JsonObject[],
  replay: boolean,
): Promise<Assessment> {
  const running = objects.filter(isRunningPod);
  const rest = objects.filter((object) => !isRunningPod(object));
  const all = [...beside, ...rest];
  const context = podContextOf(all);
  const workloads = rest.flatMap((object) => demandsOf(object, { ...context, wave: waveOf(object) }));
  if (workloads.length === 0)
    throw new UsageError(
      'the files hold no Pod and no workload that waits for a node',
      'Give Deployments, StatefulSets, Jobs, LeaderWorkerSets, Pods ….',
    );
  const scalers = rest.flatMap((object): Scaler[] => {
    const scaler = scalerOf(object);
    return scaler === undefined ? [] : [scaler];
  });
  const quotas = [...quotasOf(rest), ...(spec?.quotas === undefined ? [] : quotasOfCluster(spec.quotas))];
  const profile = spec?.scheduler?.profile;
  const claims = all.some(({ apiVersion }) => String(apiVersion).startsWith('resource.k8s.io/'));
  const settled = settle(withTaken(nodes, takenOfKubernetes([...running])), withScalers(workloads, scalers), {
    objects: all,
    ...(claims ? { selector: await loadDeviceSelector() } : {}),
  });
  const assessment = assess(settled.nodes, settled.workloads, {
    solver: await loadHighs(),
    quotas,
    ...(replay ? { replay: profile === undefined ? {} : { profile } } : {}),
  });
  return { ...assessment, unread: [...assessment.unread, ...unplacedSlices(beside)] };
}

function isRunningPod(object: JsonObject): boolean {
  const spec = object['spec'] as JsonObject | undefined;
  return object['kind'] === 'Pod' && typeof spec?.['nodeName'] === 'string';
}

function isImpossible({ waves, quotas }: Assessment): boolean {
  return waves.some(({ verdict }) => verdict === 'impossible') || quotas.length > 0;
}
