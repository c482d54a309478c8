import { findGpu, type GpuClass, listGpus, suggestGpus } from '../../models/index.js';
import { type CommandDefinition, UsageError } from '../command.js';
import { exitCode } from '../io.js';
import { formatOption, printJson } from '../options.js';
import { table } from '../table.js';

export const command: CommandDefinition = {
  name: 'gpus',
  description:
    'Lists the GPU classes of the catalog, or shows all that is known of one: memory, node labels, machine types, sources.',
  arguments: [{ name: '[name]', description: 'a class such as h100-80gb' }],
  options: [formatOption(['text', 'json'])],
  examples: [
    { command: 'gpus', does: 'the catalog' },
    { command: 'gpus a100-80gb', does: 'one class, with the labels that nodes carry' },
  ],
  async run({ arguments: [name], options, io }) {
    if (typeof name === 'string') {
      const gpu = known(name);
      await io.stdout(options['format'] === 'json' ? printJson(gpu) : describe(gpu));
      return exitCode.ok;
    }
    await io.stdout(options['format'] === 'json' ? printJson(listGpus()) : overview(listGpus()));
    return exitCode.ok;
  },
};

function known(name: string): GpuClass {
  const gpu = findGpu(name);
  if (gpu !== undefined) return gpu;
  const near = suggestGpus(name);
  throw new UsageError(
    `the catalog has no GPU '${name}'`,
    near.length > 0 ? `Did you mean ${near.join(' or ')}?` : 'gitops-gen gpus lists them.',
  );
}

function overview(gpus: readonly GpuClass[]): string {
  const rows = gpus.map((gpu) => [
    gpu.id,
    `${gpu.usableGiB.toFixed(2)} GiB`,
    gpu.computeCapability ?? '-',
    Object.entries(gpu.supports)
      .filter(([, yes]) => yes)
      .map(([kind]) => kind)
      .join(' '),
    gpu.resource,
    gpu.title,
  ]);
  return table([['GPU', 'USABLE', 'CC', 'NATIVE', 'RESOURCE', 'TITLE'], ...rows], [1]);
}

function describe(gpu: GpuClass): string {
  const rows = [
    ['id', [gpu.id, ...(gpu.aliases ?? [])].join(', ')],
    ['title', `${gpu.title} (${gpu.vendor})`],
    ['memory', `${gpu.nominalGB} GB nominal, ${gpu.usableGiB.toFixed(2)} GiB seen by the engine`],
    ['compute capability', gpu.computeCapability ?? '-'],
    ['resource', gpu.resource],
    ...gpu.products.map((product) => [
      'product',
      `${product.label} (${product.interconnect}, ${product.linkGBs} GB/s)`,
    ]),
    ...Object.entries(gpu.labels ?? {}).map(([key, values]) => ['label', `${key}=${values.join(' or ')}`]),
    ...(gpu.mig ? [['MIG profiles', gpu.mig.join(', ')]] : []),
    ...(gpu.nodeTypes ?? []).map((node) => ['machine', `${node.cloud} ${node.type}: ${node.gpus} GPUs`]),
    ...Object.entries(gpu.sources).map(([what, source]) => ['source', `${what}: ${source}`]),
  ];
  return table(rows);
}
