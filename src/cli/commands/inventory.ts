import { importInventory } from '../../capacity/index.js';
import { didYouMean } from '../../diagnostics/closest.js';
import type { JsonObject, Problem } from '../../diagnostics/diagnostic.js';
import { gpuOfLabel, gpuOfMachine, gpuOfProduct } from '../../models/index.js';
import { refuseName } from '../../spec/names.js';
import { writeYaml } from '../../yaml/write.js';
import { type CommandDefinition, UsageError } from '../command.js';

import { exitCode } from '../io.js';
import { manifestsIn, textOfFile } from '../manifests.js';
import { describeProblems, hasErrors } from '../problems.js';
import { today } from '../today.js';

export const command: CommandDefinition = {
  name: 'inventory',
  description:
    'inventory import turns what kubectl says of a cluster into a ClusterConfig: equal nodes become one pool, with their GPUs, labels and taints. It prints the file; nothing is written.',
  arguments: [
    { name: '<action>', description: 'import' },
    { name: '<file>', description: 'kubectl get nodes -o json, or - for standard input' },
  ],
  options: [
    { flags: '--name <cluster>', description: 'the name of the cluster (default: cluster)' },
    { flags: '--pods <file>', description: 'kubectl get pods -A -o json: what is taken already' },
  ],
  examples: [
    {
      command: 'inventory import nodes.json --name production > clusters/production/cluster-config.yaml',
      does: 'the inventory of a cluster',
    },
    { command: 'inventory import nodes.json --pods pods.json', does: 'with what is taken already' },
  ],
  async run(context) {
    const { arguments: args, options, io, global } = context;
    const [action, file] = args.map(String) as [string, string];
    if (action !== 'import')
      throw new UsageError(`inventory cannot '${action}'`, didYouMean(action, ['import']) ?? 'It can import.');
    const name = typeof options['name'] === 'string' ? options['name'] : 'cluster';
    const refused = refuseName(name);
    if (refused !== undefined) throw new UsageError(`--name: ${refused.message}`, refused.hint);
    const problems: Problem[] = [];
    const texts = new Map<string, string>();
    const read = async (name: string): Promise<readonly JsonObject[]> => {
      texts.set(name, await textOfFile(context, name));
      return manifestsIn(name, texts.get(name) ?? '', (problem) => problems.push(problem));
    };
    const nodes = await read(file);
    const pods = typeof options['pods'] === 'string' ? await read(options['pods']) : undefined;
    await io.stderr(describeProblems(problems, texts, global.color.stderr));
    if (hasErrors(problems)) return exitCode.usage;
    if (!nodes.some(({ kind }) => kind === 'Node'))
      throw new UsageError(`${file} holds no Node`, 'kubectl get nodes -o json writes what is expected.');
    const { nodePools, notes } = importInventory([...nodes], pods === undefined ? undefined : [...pods], {
      gpuOf,
      machineOf,
    });
    for (const note of notes) await context.say(`note: ${note}`);
    const config = {
      apiVersion: 'gitops-gen.io/v1alpha1',
      kind: 'ClusterConfig',
      metadata: { name },
      spec: { observedAt: today(io), nodePools: nodePools as unknown as JsonObject[] },
    };
    await io.stdout(
      `# yaml-language-server: $schema=../../.gitops-gen/schemas/cluster-config.schema.json\n${writeYaml(config)}`,
    );
    return exitCode.ok;
  },
};

/** The class of a product label, or of the labels that clouds use in its place. */
function gpuOf(product: string): string | undefined {
  const known =
    gpuOfProduct(product) ??
    gpuOfLabel('cloud.google.com/gke-accelerator', product) ??
    gpuOfLabel('karpenter.k8s.aws/instance-gpu-name', product);
  return known?.id;
}

function machineOf(type: string): { readonly gpu: string; readonly gpus: number } | undefined {
  const found = gpuOfMachine(type);
  return found === undefined ? undefined : { gpu: found.gpu.id, gpus: found.gpus };
}
