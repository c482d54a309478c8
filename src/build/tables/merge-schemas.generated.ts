import type { MergeSchema } from '../merge-schema-types.js';
const container = { fields: { env: { keys: ['name'] }, ports: { keys: ['containerPort', 'protocol'] }, volumeMounts: { keys: ['mountPath'] }, volumeDevices: { keys: ['devicePath'] } } };
const podSpec = { fields: { containers: { keys: ['name'], ...container }, initContainers: { keys: ['name'], ...container }, volumes: { keys: ['name'] }, imagePullSecrets: { keys: ['name'] }, hostAliases: { keys: ['ip'] }, topologySpreadConstraints: { keys: ['topologyKey', 'whenUnsatisfiable'] } } };
const template = { fields: { spec: { fields: { template: { fields: { spec: podSpec } } } } } };
export const mergeSchemas: Readonly<Record<string, MergeSchema>> = {
  'v1/Pod': { fields: { spec: podSpec } }, 'apps/v1/Deployment': template, 'apps/v1/StatefulSet': template, 'apps/v1/DaemonSet': template, 'batch/v1/Job': template,
  'batch/v1/CronJob': { fields: { spec: { fields: { jobTemplate: template } } } },
  'v1/Service': { fields: { spec: { fields: { ports: { keys: ['port', 'protocol'] } } } } },
  'v1/ServiceAccount': { fields: { secrets: { keys: ['name'] } } },
};
