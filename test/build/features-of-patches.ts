import { all, type Case, cm, deployment, one } from './case.js';

/** Patches of every kind, and the fields that did their work before. */
export const patches: readonly Case[] = [
  {
    name: 'patch by name',
    files: one('patches:\n- path: p.yaml\n', all, {
      'p.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: app, labels: {new: "1"}, annotations: {x: y}}\nspec:\n  replicas: 4\n  template:\n    spec:\n      nodeSelector: {gpu: h100}\n      containers:\n      - name: main\n        resources: {limits: {nvidia.com/gpu: 1}}\n        env: [{name: B, value: "no"}, {name: C, value: c}]\n        ports: [{containerPort: 9090, name: metrics}, {containerPort: 8080, protocol: UDP}]\n      - {name: side, image: s}\n      tolerations: [{key: a}]\n',
    }),
  },
  {
    name: 'patch deletes with null',
    files: one('patches:\n- path: p.yaml\n', all, {
      'p.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: app, labels: {app: null}}\nspec:\n  replicas: null\n  template:\n    spec:\n      serviceAccountName:\n      containers:\n      - {name: main, args: null, ports: null}\n',
    }),
  },
  {
    name: 'patch directives',
    files: one('patches:\n- path: p.yaml\n', all, {
      'p.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: app}\nspec:\n  selector:\n    $patch: replace\n    matchLabels: {x: y}\n  template:\n    metadata:\n      labels: {$patch: delete}\n    spec:\n      containers:\n      - name: main\n        env:\n        - {name: A, $patch: delete}\n        - $patch: merge\n        ports:\n        - $patch: replace\n        - {containerPort: 1}\n',
    }),
  },
  {
    name: 'patch deletes an object',
    files: one(
      'patches:\n- patch: |-\n    apiVersion: v1\n    kind: Service\n    metadata: {name: app}\n    $patch: delete\n',
      all,
    ),
  },
  {
    name: 'patch deletes selected objects',
    files: one(
      'patches:\n- target: {kind: Service|ConfigMap}\n  patch: |-\n    apiVersion: v1\n    kind: X\n    metadata: {name: x}\n    $patch: delete\n',
      all,
    ),
  },
  {
    name: 'patch with target and null label',
    files: one(
      'patches:\n- target: {kind: Deployment}\n  patch: |-\n    apiVersion: v1\n    kind: X\n    metadata: {name: x, labels: {app: null, z: }, annotations: {b: "1"}}\n',
      all,
    ),
  },
  {
    name: 'patch by selectors',
    files: one(
      'patches:\n- target: {labelSelector: "app in (app,web),!no"}\n  patch: |-\n    {apiVersion: v1, kind: X, metadata: {name: x, annotations: {sel: "1"}}}\n- target: {name: a.*}\n  patch: |-\n    [{"op": "add", "path": "/metadata/annotations", "value": {"json": "2"}}]\n- target: {annotationSelector: json=2, group: apps, version: v1}\n  patch: |-\n    - {op: add, path: /metadata/annotations/three, value: "3"}\n',
      all,
    ),
  },
  {
    name: 'patches of several documents',
    files: one('patches:\n- path: p.yaml\n', all, {
      'p.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: app}\nspec: {replicas: 2}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: app}\nspec: {type: NodePort}\n',
    }),
  },
  {
    name: 'JSON patch operations',
    files: one('patches:\n- target: {kind: Deployment}\n  path: p.json\n', all, {
      'p.json':
        '[{"op": "test", "path": "/spec/replicas", "value": 1}, {"op": "replace", "path": "/spec/replicas", "value": 9}, {"op": "add", "path": "/spec/template/spec/containers/0/env/0", "value": {"name": "Z"}}, {"op": "add", "path": "/spec/template/spec/containers/0/args/-", "value": "x"}, {"op": "remove", "path": "/spec/template/spec/containers/0/ports/1"}, {"op": "copy", "from": "/metadata/labels", "path": "/metadata/annotations"}, {"op": "move", "from": "/spec/template/spec/serviceAccountName", "path": "/spec/template/spec/sa"}, {"op": "add", "path": "/metadata/labels/a~1b~0c", "value": "q"}, {"op": "add", "path": "/spec/n", "value": null}]',
    }),
  },
  {
    name: 'JSON patch on what is missing',
    files: one(
      'patches:\n- target: {kind: Deployment}\n  patch: \'[{"op": "replace", "path": "/spec/nope", "value": 1}]\'\n',
      all,
    ),
  },
  {
    name: 'JSON patch with a missing parent',
    files: one(
      'patches:\n- target: {kind: Deployment}\n  patch: \'[{"op": "add", "path": "/spec/nope/x", "value": 1}]\'\n',
      all,
    ),
    fails: 'kustomize-json-patch',
  },
  {
    name: 'JSON patch that removes what is missing',
    files: one('patches:\n- target: {kind: Deployment}\n  patch: \'[{"op": "remove", "path": "/spec/nope"}]\'\n', all),
    fails: 'kustomize-json-patch',
  },
  {
    name: 'JSON patch that changes the name',
    files: one(
      'patches:\n- target: {kind: ConfigMap}\n  patch: \'[{"op": "replace", "path": "/metadata/name", "value": "renamed"}]\'\n',
      `${deployment('app', '        envFrom: [{configMapRef: {name: conf}}]\n')}---\n${cm('conf')}`,
    ),
  },
  {
    name: 'patch that may change name and kind',
    files: one(
      'patches:\n- target: {kind: ConfigMap}\n  options: {allowNameChange: true, allowKindChange: true}\n  patch: |-\n    {apiVersion: v1, kind: Secret, metadata: {name: renamed}}\n',
      `${deployment('app', '        envFrom: [{configMapRef: {name: conf}}]\n')}---\n${cm('conf')}`,
    ),
  },
  {
    name: 'patch that may not change the name',
    files: one(
      'patches:\n- target: {kind: ConfigMap}\n  patch: |-\n    {apiVersion: v1, kind: Secret, metadata: {name: renamed}}\n',
      cm('conf'),
    ),
  },
  {
    name: 'patch of a custom resource replaces lists',
    files: one(
      'patches:\n- patch: |-\n    {apiVersion: example.com/v1, kind: Custom, metadata: {name: c}, spec: {list: [{name: b}], map: {x: 2}}}\n',
      'apiVersion: example.com/v1\nkind: Custom\nmetadata: {name: c}\nspec: {list: [{name: a}], map: {x: 1, y: 1}}\n',
    ),
  },
  {
    name: 'patch without target object',
    files: one('patches:\n- patch: |-\n    {apiVersion: v1, kind: Service, metadata: {name: nope}}\n', all),
    fails: 'kustomize-patch-no-target',
  },
  {
    name: 'patch of another kind of node',
    files: one(
      'patches:\n- patch: |-\n    {apiVersion: v1, kind: Service, metadata: {name: app}, spec: {selector: [a]}}\n',
      all,
    ),
    fails: 'kustomize-patch',
  },
  {
    name: 'patch with target and two documents',
    files: one(
      'patches:\n- target: {kind: Service}\n  patch: |-\n    {apiVersion: v1, kind: Service, metadata: {name: app}}\n    ---\n    {apiVersion: v1, kind: Service, metadata: {name: app}}\n',
      all,
    ),
    fails: 'kustomize-patch',
  },
  {
    name: 'patch with both path and patch',
    files: one('patches:\n- path: p.yaml\n  patch: "{}"\n', all, { 'p.yaml': '{}' }),
    fails: 'kustomize-patch',
  },
  {
    name: 'deprecated patch fields',
    files: one(
      'patchesStrategicMerge:\n- p.yaml\n- |-\n  {apiVersion: v1, kind: Service, metadata: {name: app}, spec: {type: NodePort}}\npatchesJson6902:\n- target: {version: v1, kind: ConfigMap, name: conf}\n  path: j.yaml\n- target: {kind: Service, name: app}\n  patch: \'[{"op": "add", "path": "/spec/x", "value": 1}]\'\n',
      all,
      {
        'p.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: app}\nspec: {replicas: 2}\n',
        'j.yaml': '- {op: add, path: /data/new, value: "1"}\n',
      },
    ),
  },
  {
    name: 'bases and imageTags',
    files: {
      'base/kustomization.yaml': 'resources: [d.yaml]\n',
      'base/d.yaml': deployment(),
      'over/kustomization.yaml':
        'bases: [../base]\nimageTags:\n- {name: registry.example.com:5000/team/server, newTag: old}\n',
    },
    dir: 'over',
  },
];
