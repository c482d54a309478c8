const environments = ['development', 'staging', 'production'] as const;

const base = (name: string): Record<string, string> => ({
  'kustomization.yaml': 'resources:\n- deployment.yaml\n- service.yaml\n- hpa.yaml\n- pvc.yaml\n- policy.yaml\n',
  'deployment.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  labels:
    app.kubernetes.io/name: ${name}
spec:
  replicas: 1
  selector:
    matchLabels:
      app.kubernetes.io/name: ${name}
  strategy:
    rollingUpdate:
      maxSurge: 1
      maxUnavailable: 0
  template:
    metadata:
      labels:
        app.kubernetes.io/name: ${name}
    spec:
      serviceAccountName: ${name}
      containers:
      - name: server
        image: vllm/vllm-openai:v0.6.0
        args:
        - --model
        - meta-llama/Llama-3.1-8B-Instruct
        - --max-model-len
        - "8192"
        env:
        - name: HF_HOME
          value: /models
        - name: VLLM_LOGGING_LEVEL
          value: INFO
        ports:
        - name: http
          containerPort: 8000
        resources:
          limits:
            nvidia.com/gpu: 1
            memory: 40Gi
        readinessProbe:
          httpGet:
            path: /health
            port: http
        volumeMounts:
        - name: models
          mountPath: /models
      volumes:
      - name: models
        persistentVolumeClaim:
          claimName: ${name}-models
      tolerations:
      - key: nvidia.com/gpu
        operator: Exists
`,
  'service.yaml': `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\nspec:\n  selector:\n    app.kubernetes.io/name: ${name}\n  ports:\n  - name: http\n    port: 80\n    targetPort: http\n`,
  'hpa.yaml': `apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata:\n  name: ${name}\nspec:\n  minReplicas: 1\n  maxReplicas: 4\n  scaleTargetRef:\n    apiVersion: apps/v1\n    kind: Deployment\n    name: ${name}\n  metrics:\n  - type: Pods\n    pods:\n      metric:\n        name: requests\n      target:\n        type: AverageValue\n        averageValue: "4"\n`,
  'pvc.yaml': `apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata:\n  name: ${name}-models\nspec:\n  accessModes:\n  - ReadWriteMany\n  resources:\n    requests:\n      storage: 100Gi\n`,
  'policy.yaml': `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: ${name}\nspec:\n  podSelector:\n    matchLabels:\n      app.kubernetes.io/name: ${name}\n  ingress:\n  - ports:\n    - port: 8000\n`,
});

const overlay = (name: string, environment: string, i: number): Record<string, string> => ({
  'kustomization.yaml': `resources:
- ../../../bases/${name}
namespace: ${name}-${environment}
namePrefix: ${environment.slice(0, 3)}-
labels:
- pairs:
    environment: ${environment}
    family: llama
  includeSelectors: true
images:
- name: vllm/vllm-openai
  newTag: v0.${i % 9}.1
replicas:
- name: ${name}
  count: ${(i % 5) + 1}
patches:
- path: resources.yaml
- path: hpa.yaml
- target:
    kind: PersistentVolumeClaim
  patch: |-
    - op: replace
      path: /spec/resources/requests/storage
      value: ${100 + i}Gi
`,
  'resources.yaml': `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\nspec:\n  template:\n    spec:\n      containers:\n      - name: server\n        env:\n        - name: VLLM_LOGGING_LEVEL\n          value: ${environment === 'production' ? 'WARNING' : 'DEBUG'}\n        resources:\n          limits:\n            memory: ${40 + (i % 8)}Gi\n`,
  'hpa.yaml': `apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata:\n  name: ${name}\nspec:\n  maxReplicas: ${5 + (i % 5)}\n`,
});

/** A fleet: a base of five manifests for each model, an overlay for each environment, and folders that aggregate overlays. */
export function fleet(models: number): Record<string, string> {
  const files: Record<string, string> = {};
  const overlays: string[] = [];
  for (let i = 0; i < models; i += 1) {
    const name = `model-${i}`;
    for (const [path, text] of Object.entries(base(name))) files[`bases/${name}/${path}`] = text;
    for (const environment of environments) {
      const folder = `overlays/${name}/${environment}`;
      overlays.push(folder);
      for (const [path, text] of Object.entries(overlay(name, environment, i))) files[`${folder}/${path}`] = text;
    }
  }
  return files;
}

/** One base and many overlays of it in one namespace, told apart by prefixes; folders that aggregate the first N of them. */
export function tenants(count: number): Record<string, string> {
  const files: Record<string, string> = {};
  for (const [path, text] of Object.entries(base('app'))) files[`bases/app/${path}`] = text;
  for (let i = 0; i < count; i += 1) {
    for (const [path, text] of Object.entries(overlay('app', 'production', i)))
      files[`overlays/app/t${i}/${path}`] = text.replace('namePrefix: pro-', `namePrefix: t${i}-`);
  }
  for (const size of [100, 300, 1000]) {
    if (count < size) continue;
    files[`aggregate-${size}/kustomization.yaml`] =
      `resources:\n${Array.from({ length: size }, (_, i) => `- ../overlays/app/t${i}\n`).join('')}`;
  }
  return files;
}
