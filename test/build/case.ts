import type { Files } from '../support/judge.js';

/** A repository that shows one feature; its folder `over` (or the root) is built. */
export interface Case {
  readonly name: string;
  readonly files: Files;
  readonly dir?: string;
  /** The rule that refuses it, where the real one fails too. */
  readonly fails?: string;
}

export const deployment = (name = 'app', extra = '') => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  labels: {app: ${name}}
spec:
  replicas: 1
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      serviceAccountName: sa
      containers:
      - name: main
        image: registry.example.com:5000/team/server:1.0
        args: [--port, "8080"]
        env:
        - {name: A, value: a}
        - {name: B, value: "yes"}
        ports:
        - {containerPort: 8080, protocol: TCP}
        - {containerPort: 9090}
${extra}`;

export const service = (name = 'app') => `apiVersion: v1
kind: Service
metadata: {name: ${name}}
spec:
  selector: {app: ${name}}
  ports: [{port: 80, targetPort: 8080}]
`;

/** A repository of one kustomization and one file of objects. */
export const one = (kustomization: string, objects: string, more: Files = {}): Files => ({
  'kustomization.yaml': `resources: [objects.yaml]\n${kustomization}`,
  'objects.yaml': objects,
  ...more,
});

/** A ConfigMap. */
export const cm = (name: string, data = 'a: b') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {${data}}\n`;
/** One of each of what most features touch. */
export const all = `${deployment()}---\n${service()}---\n${cm('conf')}`;
