import { parse } from 'yaml';
import type { Json, JsonObject } from '../diagnostics/diagnostic.js';
import type { ClusterPlan, DeploymentPlan, FamilyPlan, Plan, ReleasePlan } from '../plan/index.js';
import { writeYaml } from '../yaml/write.js';
import { type Blueprint, isObject } from './blueprint.js';
import { headerOf, type Output, put, putKustomization } from './manifest.js';
import { evaluateSettings } from './settings.js';

/** The ServiceAccount of the steps. */
const account = 'gitops-gen-rollout';

/** The folders of the workflows that run in a cluster. */
export function workflowsOn(plan: Plan, cluster: ClusterPlan): readonly string[] {
  return plan.families.flatMap((family) =>
    family.releases
      .filter((release) => release.cluster === cluster.name && release.workflow !== undefined)
      .map((release) => folderOf(family, release)),
  );
}

function folderOf(family: FamilyPlan, { workflow }: ReleasePlan): string {
  return `workflows/${family.name}/${workflow?.name ?? ''}`;
}

/**
 * The workflow that leads a family through its phases, where its spec asks for one: sync, validate, prove the route, then the next phase;
 * before the last a person. It applies nothing: every step syncs an Application to the commit that Git names, or asks a model.
 */
export function renderWorkflows(plan: Plan, blueprints: ReadonlyMap<string, Blueprint>, output: Output): void {
  for (const family of plan.families) {
    const blueprint = blueprints.get(family.runtime);
    for (const release of family.releases)
      if (release.workflow !== undefined && blueprint !== undefined) renderWorkflow(family, release, blueprint, output);
  }
}

function renderWorkflow(family: FamilyPlan, release: ReleasePlan, blueprint: Blueprint, output: Output): void {
  const { workflow } = release;
  if (workflow === undefined) return;
  const script = gateScript(blueprint);
  if (script === undefined) {
    output.onProblem({
      ruleId: 'workflow-without-gate',
      severity: 'error',
      message: `blueprint "${blueprint.name}" has no gate, so the workflow of ${family.name} could validate nothing`,
      at: { file: family.file, pointer: '/spec/workflow' },
      hint: 'List shared/gate.yaml among the files of the blueprint, or leave `workflow` out.',
    });
    return;
  }
  const folder = folderOf(family, release);
  const steps = phasesOf(family, release, blueprint);
  const image = hookImage(steps);
  const template: JsonObject = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'WorkflowTemplate',
    metadata: { name: workflow.name, namespace: workflow.namespace, labels },
    spec: {
      entrypoint: 'rollout',
      serviceAccountName: account,
      // Two releases at once would take each other's phases.
      synchronization: { mutexes: [{ name: workflow.name }] },
      arguments: {
        parameters: [
          { name: 'argocd-server', value: workflow.server },
          // For example --plaintext or --insecure, as the server is set up.
          { name: 'argocd-options', value: '' },
        ],
      },
      podSpecPatch: JSON.stringify({ enableServiceLinks: false }),
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 999,
        runAsGroup: 999,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      templates: [
        { name: 'rollout', steps: stepsOf(release, steps) },
        clientTemplate(workflow, 'release', [
          // All children follow the commit of the release before the first of them is synced.
          'argocd app wait {{inputs.parameters.application}} --sync --operation --timeout {{inputs.parameters.timeout}}',
        ]),
        clientTemplate(workflow, 'deploy', [
          'argocd app sync {{inputs.parameters.application}} --prune --timeout {{inputs.parameters.timeout}}',
          'argocd app wait {{inputs.parameters.application}} --sync --health --operation --timeout {{inputs.parameters.timeout}}',
        ]),
        validateTemplate(image, script),
        routeTemplate(image),
        { name: 'approve', suspend: {} },
      ] as unknown as Json,
    },
  };
  const source = family.file;
  const note =
    '# A release of this family here: argo submit --from workflowtemplate/' +
    `${workflow.name} -n ${workflow.namespace}, after the promotion is merged.\n`;
  put(output, `${folder}/workflow.yaml`, headerOf(source) + note + writeYaml(template), source);
  put(
    output,
    `${folder}/access.yaml`,
    headerOf(source) +
      access(workflow.namespace)
        .map((each) => writeYaml(each))
        .join('---\n'),
    source,
  );
  putKustomization(output, folder, source, 'Kustomization', { resources: ['access.yaml', 'workflow.yaml'] });
}

const labels = { 'app.kubernetes.io/managed-by': 'gitops-gen' };

interface PhaseSteps {
  readonly phase: string;
  readonly models: readonly {
    readonly slug: string;
    readonly deployment: DeploymentPlan;
    readonly endpoint: string;
    readonly modelName: string;
  }[];
}

/** The phases that are enabled in the environment, with their models, in their order. */
function phasesOf(family: FamilyPlan, release: ReleasePlan, blueprint: Blueprint): readonly PhaseSteps[] {
  return family.phases
    .filter((phase) => phase.enabledIn.includes(release.environment))
    .map((phase) => ({
      phase: phase.name,
      models: family.models.flatMap(({ name, slug, deployments }) => {
        if (!phase.models.includes(name)) return [];
        const deployment = deployments.find(
          (each) => each.environment === release.environment && each.cluster === release.cluster,
        );
        if (deployment === undefined) return [];
        const { values, namespace } = deployment;
        const service = evaluateSettings(blueprint.settings, values)['service'];
        const port = isObject(service) ? String(service['port'] ?? 8000) : '8000';
        const endpoint = `http://${String(values['serviceName'])}.${namespace}.svc:${port}`;
        return [{ slug, deployment, endpoint, modelName: String(values['modelName']) }];
      }),
    }))
    .filter(({ models }) => models.length > 0);
}

/** The steps in their order: each list is one after the other, what is inside of one runs side by side. */
function stepsOf(release: ReleasePlan, phases: readonly PhaseSteps[]): Json {
  const steps: JsonObject[][] = [[step('release', 'release', { application: release.parent.name, timeout: '600' })]];
  for (const [index, { models }] of phases.entries()) {
    const before = index === 0 ? [] : (phases[index - 1]?.models ?? []);
    // Results of the phase before: only where all of its routes were proved is the next one touched.
    const passed = before
      .map(({ slug }) => `{{steps.route-${slug}.outputs.parameters.result}} == success`)
      .join(' && ');
    const when = passed === '' ? {} : { when: passed };
    if (index > 0 && index === phases.length - 1) steps.push([{ ...step('approve', 'approve', {}), ...when }]);
    steps.push(
      models.map(({ slug, deployment }) => ({
        ...step(`deploy-${slug}`, 'deploy', {
          application: deployment.application,
          timeout: String(secondsOf(deployment)),
        }),
        ...when,
      })),
      models.map((model) => ({
        ...step(`validate-${model.slug}`, 'validate', questions(model)),
        when: `{{steps.deploy-${model.slug}.outputs.parameters.result}} == success`,
      })),
      models.map(({ slug, endpoint, modelName }) => ({
        ...step(`route-${slug}`, 'route', { endpoint: `${endpoint}/v1/models`, model: modelName }),
        when: `{{steps.validate-${slug}.outputs.parameters.result}} == success`,
      })),
    );
  }
  return steps as unknown as Json;
}

function step(name: string, template: string, parameters: Readonly<Record<string, string>>): JsonObject {
  const list = Object.entries(parameters).map(([key, value]) => ({ name: key, value }));
  return { name, template, ...(list.length === 0 ? {} : { arguments: { parameters: list } }) };
}

/** Every Pod may be replaced one after the other. */
function secondsOf({ values, replicas }: DeploymentPlan): number {
  const startup = values['startup'];
  const each = isObject(startup) ? Number(startup['progressDeadlineSeconds'] ?? 1800) : 1800;
  return each * Math.max(1, replicas.min);
}

function questions({
  deployment,
  endpoint,
  modelName,
}: PhaseSteps['models'][number]): Readonly<Record<string, string>> {
  const asked = deployment.validation ?? {};
  return {
    endpoint: `${endpoint}/v1/completions`,
    model: modelName,
    requests: String(asked['requests'] ?? '20'),
    'min-success-rate': String(asked['minSuccessRate'] ?? '0.99'),
    'max-latency-ms': String(asked['maxLatencyMs'] ?? ''),
    'timeout-seconds': String(asked['timeoutSeconds'] ?? '60'),
  };
}

const resources = { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '256Mi' } };
const hardened = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};

/** The word that conditions compare stands in a file of its own: what a step says besides does not matter. */
const scratchPath = '/scratch';
const resultPath = `${scratchPath}/result`;
const outputs = { parameters: [{ name: 'result', valueFrom: { path: resultPath } }] };
const scratch = { name: 'scratch', emptyDir: { sizeLimit: '10Mi' } };
const scratchMount = { name: 'scratch', mountPath: scratchPath };

/** A step with the client of Argo CD. */
function clientTemplate(
  workflow: NonNullable<ReleasePlan['workflow']>,
  name: string,
  commands: readonly string[],
): JsonObject {
  return {
    name,
    inputs: { parameters: [{ name: 'application' }, { name: 'timeout' }] },
    outputs,
    volumes: [scratch],
    script: {
      image: `quay.io/argoproj/argocd:v${workflow.argocdVersion.replace(/^v/u, '')}`,
      command: ['sh'],
      source: `set -eu\n${commands.join('\n')}\nprintf success > "$RESULT"\n`,
      env: [
        { name: 'RESULT', value: resultPath },
        // The client keeps its settings in its home.
        { name: 'HOME', value: scratchPath },
        { name: 'ARGOCD_SERVER', value: '{{workflow.parameters.argocd-server}}' },
        { name: 'ARGOCD_OPTS', value: '{{workflow.parameters.argocd-options}}' },
        { name: 'ARGOCD_AUTH_TOKEN', valueFrom: { secretKeyRef: { name: workflow.tokenSecret, key: 'token' } } },
      ],
      volumeMounts: [scratchMount],
      resources,
      securityContext: hardened,
    },
  };
}

/** The questions of the gate. */
function validateTemplate(image: string, script: string): JsonObject {
  const parameters = ['endpoint', 'model', 'requests', 'min-success-rate', 'max-latency-ms', 'timeout-seconds'];
  return {
    name: 'validate',
    inputs: { parameters: parameters.map((name) => ({ name })) },
    outputs,
    volumes: [scratch],
    script: {
      image,
      command: ['python3', '-u'],
      source: `${script.trimEnd()}\nopen(os.environ["RESULT"], "w").write("success")\n`,
      env: [
        { name: 'RESULT', value: resultPath },
        ...parameters.map((name) => ({
          name: name.toUpperCase().replaceAll('-', '_'),
          value: `{{inputs.parameters.${name}}}`,
        })),
      ],
      volumeMounts: [scratchMount],
      resources,
      securityContext: hardened,
    },
  };
}

/** Routes are in Git and come with the sync: this step proves that the one of a model leads to it. */
function routeTemplate(image: string): JsonObject {
  return {
    name: 'route',
    inputs: { parameters: [{ name: 'endpoint' }, { name: 'model' }] },
    outputs,
    volumes: [scratch],
    script: {
      image,
      command: ['python3', '-u'],
      source: [
        'import json, os, sys, urllib.request',
        '',
        'with urllib.request.urlopen(os.environ["ENDPOINT"], timeout=30) as response:',
        '    served = [each["id"] for each in json.load(response)["data"]]',
        'if os.environ["MODEL"] not in served:',
        "    sys.exit(f\"{os.environ['ENDPOINT']} leads to {served}, and not to {os.environ['MODEL']}.\")",
        'open(os.environ["RESULT"], "w").write("success")',
        '',
      ].join('\n'),
      env: [
        { name: 'RESULT', value: resultPath },
        { name: 'ENDPOINT', value: '{{inputs.parameters.endpoint}}' },
        { name: 'MODEL', value: '{{inputs.parameters.model}}' },
      ],
      volumeMounts: [scratchMount],
      resources,
      securityContext: hardened,
    },
  };
}

/** What the executor of Argo Workflows needs to report the result of a step (its documentation, "Workflow RBAC"). */
function access(namespace: string): readonly JsonObject[] {
  const metadata = { name: account, namespace, labels };
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata,
      rules: [{ apiGroups: ['argoproj.io'], resources: ['workflowtaskresults'], verbs: ['create', 'patch'] }],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: account },
      subjects: [{ kind: 'ServiceAccount', name: account, namespace }],
    },
  ];
}

/** The image that hooks run, as versions/<environment> pins it: Kustomize sets images of Pods, and not of steps. */
function hookImage(phases: readonly PhaseSteps[]): string {
  const deployment = phases[0]?.models[0]?.deployment;
  const hook = deployment?.values['hook'];
  const name = isObject(hook) ? String(hook['image']) : '';
  const tag = deployment?.images.find((each) => each.name === name)?.tag ?? '';
  return tag === '' || tag.startsWith('@') ? `${name}${tag}` : `${name}:${tag}`;
}

/** The script of the gate, as the blueprint has it; it holds no expression. */
function gateScript({ files }: Blueprint): string | undefined {
  const file = files.find(({ path, scope }) => path === 'gate.yaml' && scope === 'overlay');
  if (file === undefined) return undefined;
  const job = parse(file.text) as { spec?: { template?: { spec?: { containers?: { command?: string[] }[] } } } };
  const text = job.spec?.template?.spec?.containers?.[0]?.command?.at(-1);
  return typeof text === 'string' && !text.includes('{{') ? text : undefined;
}
