/**
 * The instance types that KAITO knows, with their devices: what it asks for on a node is the whole node. Source: kaito-project/kaito
 * v0.12 `pkg/sku/{azure,aws,arc}_sku_handler.go`. Memory is of one device, in GiB as KAITO counts it. KAITO asks for
 * `nvidia.com/gpu` whatever the device is.
 */
export interface KaitoInstance {
  readonly type: string;
  readonly cloud: 'azure' | 'aws' | 'arc';
  readonly devices: number;
  readonly deviceMemoryGiB: number;
}

type Row = readonly [type: string, devices: number, deviceMemoryGiB: number];

const azure: readonly Row[] = [
  ['Standard_NV36ads_A10_v5', 1, 24],
  ['Standard_NV72ads_A10_v5', 2, 24],
  ['Standard_NC24ads_A100_v4', 1, 80],
  ['Standard_NC48ads_A100_v4', 2, 80],
  ['Standard_NC96ads_A100_v4', 4, 80],
  ['Standard_ND96asr_A100_v4', 8, 40],
  ['Standard_ND96amsr_A100_v4', 8, 80],
  ['Standard_NC40ads_H100_v5', 1, 94],
  ['Standard_NC80adis_H100_v5', 2, 94],
  ['Standard_ND96isr_H100_v5', 8, 80],
  ['Standard_NCC40ads_H100_v5', 1, 94],
  ['Standard_ND96isr_H200_v5', 8, 141],
  ['Standard_NG32ads_V620_v1', 1, 32],
  ['Standard_NG32adms_V620_v1', 1, 32],
];

const aws: readonly Row[] = [
  ['p4d.24xlarge', 8, 40],
  ['p4de.24xlarge', 8, 80],
  ['p5.48xlarge', 8, 80],
  ['p5e.48xlarge', 8, 141],
  ['p5en.48xlarge', 8, 141],
  ['g6.xlarge', 1, 24],
  ['g6.2xlarge', 1, 24],
  ['g6.4xlarge', 1, 24],
  ['g6.8xlarge', 1, 24],
  ['g6.16xlarge', 1, 24],
  ['gr6.4xlarge', 1, 24],
  ['gr6.8xlarge', 1, 24],
  ['g6.12xlarge', 4, 24],
  ['g6.24xlarge', 4, 24],
  ['g6.48xlarge', 8, 24],
  ['g5.xlarge', 1, 24],
  ['g5.2xlarge', 1, 24],
  ['g5.4xlarge', 1, 24],
  ['g5.8xlarge', 1, 24],
  ['g5.12xlarge', 4, 24],
  ['g5.16xlarge', 1, 24],
  ['g5.24xlarge', 4, 24],
  ['g5.48xlarge', 8, 24],
  ['g4ad.xlarge', 1, 8],
  ['g4ad.2xlarge', 1, 8],
  ['g4ad.4xlarge', 1, 8],
  ['g4ad.8xlarge', 2, 8],
  ['g4ad.16xlarge', 4, 8],
  ['trn1.2xlarge', 1, 32],
  ['trn1.32xlarge', 16, 32],
  ['trn1n.32xlarge', 16, 32],
  ['inf2.xlarge', 1, 32],
  ['inf2.8xlarge', 1, 32],
  ['inf2.24xlarge', 6, 32],
  ['inf2.48xlarge', 12, 32],
];

const arc: readonly Row[] = [
  ['Standard_NC4_A2', 1, 16],
  ['Standard_NC8_A2', 1, 16],
  ['Standard_NC16_A2', 2, 16],
  ['Standard_NC32_A2', 2, 16],
  ['Standard_NC4_A16', 1, 16],
  ['Standard_NC8_A16', 1, 16],
  ['Standard_NC16_A16', 2, 16],
  ['Standard_NC32_A16', 2, 16],
];

const table: ReadonlyMap<string, KaitoInstance> = new Map(
  Object.entries({ azure, aws, arc }).flatMap(([cloud, rows]) =>
    rows.map(([type, devices, deviceMemoryGiB]) => [
      type.toLowerCase(),
      { type, cloud: cloud as KaitoInstance['cloud'], devices, deviceMemoryGiB },
    ]),
  ),
);

/** An instance type as KAITO looks it up: without regard to case. */
export function kaitoInstance(type: string): KaitoInstance | undefined {
  return table.get(type.toLowerCase());
}

/** Every instance type of the table. */
export function kaitoInstances(): readonly KaitoInstance[] {
  return [...table.values()];
}

/**
 * Presets by the names that KAITO had before it took Hugging Face ids, with the id that each stands for (KAITO v0.12
 * `pkg/utils/plugin/plugin.go`). Other names than these must be `owner/model`.
 */
export const kaitoPresets: Readonly<Record<string, string>> = {
  'phi-4': 'microsoft/phi-4',
  'phi-4-mini-instruct': 'microsoft/phi-4-mini-instruct',
  'llama-3.1-8b-instruct': 'meta-llama/llama-3.1-8b-instruct',
  'llama-3.3-70b-instruct': 'meta-llama/llama-3.3-70b-instruct',
  'deepseek-r1-distill-llama-8b': 'deepseek-ai/deepseek-r1-distill-llama-8b',
  'deepseek-r1-distill-qwen-14b': 'deepseek-ai/deepseek-r1-distill-qwen-14b',
  'deepseek-r1-0528': 'deepseek-ai/deepseek-r1-0528',
  'deepseek-v3-0324': 'deepseek-ai/deepseek-v3-0324',
  'phi-3-mini-4k-instruct': 'microsoft/phi-3-mini-4k-instruct',
  'phi-3-mini-128k-instruct': 'microsoft/phi-3-mini-128k-instruct',
  'phi-3-medium-4k-instruct': 'microsoft/phi-3-medium-4k-instruct',
  'phi-3-medium-128k-instruct': 'microsoft/phi-3-medium-128k-instruct',
  'phi-3.5-mini-instruct': 'microsoft/phi-3.5-mini-instruct',
  'qwen2.5-coder-7b-instruct': 'qwen/qwen2.5-coder-7b-instruct',
  'qwen2.5-coder-32b-instruct': 'qwen/qwen2.5-coder-32b-instruct',
  'gpt-oss-20b': 'openai/gpt-oss-20b',
  'gpt-oss-120b': 'openai/gpt-oss-120b',
  'gemma-3-4b-instruct': 'google/gemma-3-4b-it',
  'gemma-3-27b-instruct': 'google/gemma-3-27b-it',
  'mistral-7b': 'mistralai/mistral-7b-v0.3',
  'mistral-7b-instruct': 'mistralai/mistral-7b-instruct-v0.3',
  'ministral-3-3b-instruct': 'mistralai/ministral-3-3b-instruct-2512',
  'ministral-3-8b-instruct': 'mistralai/ministral-3-8b-instruct-2512',
  'ministral-3-14b-instruct': 'mistralai/ministral-3-14b-instruct-2512',
  'mistral-large-3-675b-instruct': 'mistralai/mistral-large-3-675b-instruct-2512',
};

/** MIG profiles that KAITO takes (v0.12 `pkg/utils/mig/mig.go`, after NVIDIA's MIG user guide). */
export const kaitoMigProfiles: readonly string[] = (
  '1g.6gb 2g.12gb 4g.24gb 1g.5gb 2g.10gb 3g.20gb 4g.20gb 7g.40gb 1g.10gb 1g.20gb 2g.20gb 3g.40gb 4g.40gb 7g.80gb ' +
  '1g.12gb 1g.24gb 2g.24gb 3g.47gb 4g.47gb 7g.94gb 3g.48gb 4g.48gb 7g.96gb 1g.18gb 1g.35gb 2g.35gb 3g.71gb 4g.71gb ' +
  '7g.141gb 1g.23gb 1g.45gb 2g.45gb 3g.90gb 4g.90gb 7g.180gb'
).split(' ');
