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

const one = (kustomization: string, objects: string, more: Files = {}): Files => ({
  'kustomization.yaml': `resources: [objects.yaml]\n${kustomization}`,
  'objects.yaml': objects,
  ...more,
});

const cm = (name: string, data = 'a: b') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {${data}}\n`;
const all = `${deployment()}---\n${service()}---\n${cm('conf')}`;

const scalars = `apiVersion: v1
kind: Thing
metadata:
  name: scalars
  annotations: {bool: "true", num: "1"}
values:
  int: 12
  negative: -7
  float: 1.0
  exp: 1e3
  small: 0.00001
  tenth: 0.1
  big: 123456789012345678
  huge: 99999999999999999999
  uint: 18446744073709551615
  large: 1234567.5
  million: 1000000.0
  e21: 1e21
  e20: 1e20
  octal: 010
  octal12: 0o17
  hex: 0x1F
  bin: 0b101
  under: 1_000
  nine: 089
  dot: .5
  trail: 5.
  plus: +3
  bools: [true, True, TRUE, false, yes, no, on, off, y, n, Y, N]
  nulls: [~, null, Null]
  empty:
  emptystring: ""
  emptymap: {}
  emptylist: []
  date: 2020-01-02
  datetime: 2020-01-02T03:04:05Z
  time: 12:30:45
  sexagesimal: 1:30
  strings: ["yes", "n", "1:30", "0x1", "1e3", "null", "~", "true", " lead", "trail ", "a: b", "a #b", "#x", "- a", "-a", "?x", "? x", "@x", "%x", "*x", "&x", "!x", "|x", ">x", "'x", "{x", "[x", "a,b", "a]b", "=", "<<", "a:b", ":x", "x:", "---", "---x", "...", "0.5", ".5", "5.", "1_000", "+1", "-1", "-", "--", "012", "08", "0o7", "0b1", "2020-01-02", "2020-01-02T03:04:05Z", "2020-1-2", "1.2.3", "v1", ".inf", "NaN", ".nan", "inf", "0", "00", "1e", "e1", "1E5", "1e+5", "_1", "1__0", "é", "日本", "a\\tb", "a\\nb", "\\u0001", "😀", "a\\\\b", "\\"q\\"", "it's", "a\\u00a0b"]
  quoted: 'single ''quoted'' text'
  tagged: [!!str 12, !!str true, !!int "3", !!float "1.5", !!bool "true"]
  literal: |
    line one
      indented
    last
  literalstrip: |-
    a
    b
  literalkeep: |+
    a

  folded: >
    one
    two

    three
  leading: "  a\\nb"
  tabs: "a\\tb\\nc"
  trailspace: "a \\nb"
  newline: "\\n"
  twonewlines: "a\\n\\n"
  crlf: "a\\r\\nb"
  long: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb ccccccccccccccccccccccc dddddddddddddddddd eeeeeeeeeeeeeeee
  longsingle: "# aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb ccccccccccccccccccccccc dddddddddddddddddd it's"
  longdouble: "\\ta aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb ccccccccccc  cccccc dddddddddddddddddd it's"
  longspaces: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa  bbb   ccc dddddddddddd"
  "yes": key
  "1": key
  a10: x
  a2: x
  B: x
  _u: x
  "a b": x
  "a: b": x
  keylong_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: x
  nested: [[1, [2, {a: [b]}]], [], {}]
`;

/** One case for each feature; all are compared with the real kubectl, byte by byte. */
export const features: readonly Case[] = [
  { name: 'scalars of every spelling', files: one('', scalars) },
  {
    name: 'scalars after a JSON patch',
    files: one(
      'patches:\n- target: {kind: Thing}\n  patch: \'[{"op": "add", "path": "/x", "value": 1.50}]\'\n',
      scalars,
    ),
  },
  {
    name: 'scalars after a strategic merge',
    files: one(
      'patches:\n- patch: |-\n    {apiVersion: v1, kind: Thing, metadata: {name: scalars}, x: 1.50}\n',
      scalars,
    ),
  },
  {
    name: 'non-string annotations',
    files: one(
      'commonAnnotations: {z: "1"}\n',
      'apiVersion: v1\nkind: A\nmetadata: {name: a, annotations: {t: true, n: 1.10, z: ~}, labels: {n: 1, t: true}}\n',
    ),
  },
  {
    name: 'non-string annotations untouched',
    files: one(
      '',
      'apiVersion: v1\nkind: A\nmetadata: {name: a, annotations: {t: true, n: 1.10}, labels: {n: 1, t: true}}\n',
    ),
  },
  {
    name: 'empty annotations and labels',
    files: one('', 'apiVersion: v1\nkind: A\nmetadata: {name: a, annotations: {}, labels: {}}\n'),
  },
  {
    name: 'null annotations',
    files: one('', 'apiVersion: v1\nkind: A\nmetadata: {name: a, annotations: , labels: null}\n'),
  },
  {
    name: 'null annotations with commonAnnotations',
    files: one(
      'commonAnnotations: {a: b}\n',
      'apiVersion: v1\nkind: A\nmetadata: {name: a, annotations: , labels: null}\n',
    ),
  },
  {
    name: 'numeric names',
    files: one(
      'namePrefix: "1"\n',
      'apiVersion: v1\nkind: A\nmetadata: {name: 23}\n---\napiVersion: v1\nkind: A\nmetadata: {name: "45"}\n',
    ),
  },
  {
    name: 'anchors, aliases and merge keys',
    files: one(
      '',
      'apiVersion: v1\nkind: A\nmetadata: {name: a}\nbase: &b {x: 1, y: [1]}\ncopy: *b\nmerged:\n  <<: *b\n  x: 2\n',
    ),
  },
  {
    name: 'lists of objects',
    files: one(
      'namePrefix: p-\n',
      'apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n- {apiVersion: v1, kind: ConfigMapList, items: [{apiVersion: v1, kind: ConfigMap, metadata: {name: b}}]}\n',
    ),
  },
  {
    name: 'empty documents',
    files: one('', '---\n---\n# only a comment\n---\napiVersion: v1\nkind: A\nmetadata: {name: a}\n---\n'),
  },
  {
    name: 'output order',
    files: one(
      '',
      [
        'v1 Service',
        'v1 Namespace',
        'apps/v1 Deployment',
        'v1 ConfigMap',
        'example.com/v1 Zed',
        'batch/v1 CronJob',
        'admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration',
        'v1 Secret',
        'rbac.authorization.k8s.io/v1 ClusterRole',
        'v1 Pod',
        'example.com/v1 Namespace',
        'networking.k8s.io/v1 Ingress',
      ]
        .map((text) => {
          const [apiVersion, kind] = text.split(' ');
          return `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: x}\n`;
        })
        .join('---\n'),
    ),
  },
  { name: 'fifo order', files: one('sortOptions: {order: fifo}\n', `${service()}---\n${deployment()}---\n${cm('a')}`) },
  {
    name: 'custom order',
    files: one(
      'sortOptions: {order: legacy, legacySortOptions: {orderFirst: [Service], orderLast: [ConfigMap]}}\n',
      `${cm('b')}---\n${deployment()}---\n${service()}`,
    ),
  },
  {
    name: 'namespace',
    files: one(
      'namespace: prod\n',
      `${all}---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: crb}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cr}\nsubjects:\n- {kind: ServiceAccount, name: default, namespace: x}\n- {kind: ServiceAccount, name: other, namespace: x}\n- {kind: ServiceAccount, name: sa, namespace: default}\n---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: sa}\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: old}\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: cr}\n---\napiVersion: example.com/v1\nkind: Custom\nmetadata: {name: c, namespace: x}\n`,
    ),
  },
  {
    name: 'namespace of webhooks and API services',
    files: one(
      'namespace: prod\n',
      'apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata: {name: w}\nwebhooks:\n- {name: a, clientConfig: {service: {name: s, namespace: x}}}\n---\napiVersion: apiregistration.k8s.io/v1\nkind: APIService\nmetadata: {name: v1.x}\nspec: {service: {name: s, namespace: x}}\n---\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: crd}\nspec: {conversion: {webhook: {clientConfig: {service: {name: s, namespace: x}}}}}\n',
    ),
  },
  {
    name: 'prefix and suffix',
    files: one(
      'namePrefix: p-\nnameSuffix: -s\n',
      `${all}---\napiVersion: v1\nkind: Namespace\nmetadata: {name: n}\n---\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: crd}\n`,
    ),
  },
  {
    name: 'references follow names',
    files: one(
      'namePrefix: p-\nnamespace: prod\n',
      `${deployment('app', '        envFrom:\n        - configMapRef: {name: conf}\n        - secretRef: {name: sec}\n      volumes:\n      - {name: v, configMap: {name: conf}}\n      - {name: w, secret: {secretName: sec}}\n      - {name: x, persistentVolumeClaim: {claimName: pvc}}\n      - {name: y, projected: {sources: [{configMap: {name: conf}}, {secret: {name: sec}}]}}\n      imagePullSecrets: [{name: sec}]\n')}---\n${cm('conf')}---\napiVersion: v1\nkind: Secret\nmetadata: {name: sec}\n---\napiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: pvc}\n---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: sa}\nimagePullSecrets: [{name: sec}]\n---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: hpa}\nspec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: app}}\n---\n${service('svc')}---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: ing}\nspec: {tls: [{secretName: sec}], defaultBackend: {service: {name: svc}}, rules: [{http: {paths: [{backend: {service: {name: svc}}}]}}]}\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: rb}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: role}\nsubjects: [{kind: ServiceAccount, name: sa}, {kind: User, name: sa}]\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: role}\nrules: [{resources: [configmaps], resourceNames: [conf, other, sec]}]\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: role}\n---\napiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: sts}\nspec: {serviceName: svc, volumeClaimTemplates: [{metadata: {name: pvc}}]}\n`,
    ),
  },
  { name: 'labels without selectors', files: one('labels:\n- pairs: {team: a, app: z}\n', all) },
  {
    name: 'labels in templates',
    files: one(
      'labels:\n- pairs: {team: a}\n  includeTemplates: true\n',
      `${all}---\napiVersion: batch/v1\nkind: CronJob\nmetadata: {name: cj}\nspec: {jobTemplate: {spec: {template: {spec: {}}}}}\n---\napiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: s}\nspec: {template: {metadata: {}}, volumeClaimTemplates: [{metadata: {name: v}}]}\n`,
    ),
  },
  {
    name: 'labels in selectors',
    files: one(
      'labels:\n- pairs: {team: a}\n  includeSelectors: true\n',
      `${all}---\napiVersion: batch/v1\nkind: CronJob\nmetadata: {name: cj}\nspec: {jobTemplate: {spec: {template: {spec: {}}}}}\n---\napiVersion: batch/v1\nkind: Job\nmetadata: {name: j}\nspec: {template: {spec: {}}}\n---\napiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: s}\nspec: {selector: {matchLabels: {a: b}}, volumeClaimTemplates: [{metadata: {name: v}}]}\n---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: np}\nspec: {podSelector: {matchLabels: {a: b}}, ingress: [{from: [{podSelector: {matchLabels: {a: b}}}]}]}\n---\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: pdb}\nspec: {selector: {matchLabels: {a: b}}}\n---\napiVersion: v1\nkind: ReplicationController\nmetadata: {name: rc}\n---\napiVersion: example.com/v1\nkind: Custom\nmetadata: {name: c}\nspec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}}}\n`,
    ),
  },
  {
    name: 'labels with affinity and topology spread',
    files: one(
      'commonLabels: {team: a}\n',
      deployment(
        'app',
        '      affinity: {podAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{podAffinityTerm: {labelSelector: {matchLabels: {a: b}}}}], requiredDuringSchedulingIgnoredDuringExecution: [{labelSelector: {matchLabels: {a: b}}}]}}\n      topologySpreadConstraints: [{topologyKey: z, labelSelector: {matchLabels: {a: b}}}]\n',
      ),
    ),
  },
  {
    name: 'labels in own fields',
    files: one(
      'labels:\n- pairs: {team: a}\n  fields:\n  - {path: spec/my/labels, create: true}\n  - {kind: Service, path: spec/other, create: true}\n',
      all,
    ),
  },
  {
    name: 'commonLabels and commonAnnotations',
    files: one(
      'commonLabels: {team: "1"}\ncommonAnnotations: {note: "true"}\n',
      `${all}---\napiVersion: batch/v1\nkind: CronJob\nmetadata: {name: cj}\nspec: {jobTemplate: {spec: {template: {spec: {}}}}}\n---\napiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: ds}\nspec: {}\n`,
    ),
  },
  ...[
    'newTag: v2',
    'newName: other/server',
    'digest: sha256:abc',
    'newTag: v2\n  digest: sha256:abc',
    'newName: x\n  newTag: v2',
    'tagSuffix: -dev',
    'newTag: v1.2.3@sha256:abc',
  ].map((change, i) => ({
    name: `images ${i}: ${change.replaceAll('\n  ', ', ')}`,
    files: one(
      `images:\n- name: registry.example.com:5000/team/server\n  ${change}\n`,
      `${deployment('app', '      initContainers:\n      - {name: i, image: registry.example.com:5000/team/server@sha256:def}\n      - {name: j, image: registry.example.com:5000/team/server}\n      - {name: k, image: "registry.example.com:5000/team/server:1@sha256:def"}\n      - {name: l, image: registry.example.com:5000/team/server2}\n      ephemeralContainers: [{name: e, image: registry.example.com:5000/team/server}]\n      volumes: [{name: m, image: {reference: registry.example.com:5000/team/server}}]\n')}---\napiVersion: example.com/v1\nkind: Custom\nmetadata: {name: c}\nspec: {deep: [{containers: [{image: registry.example.com:5000/team/server}]}], image: registry.example.com:5000/team/server}\n`,
    ),
  })),
  { name: 'images by regular expression', files: one('images:\n- {name: .*/server, newTag: v9}\n', deployment()) },
  {
    name: 'images in another image list',
    files: {
      ...one(
        'images:\n- {name: a, newTag: b}\nconfigurations: [conf.yaml]\n',
        'apiVersion: example.com/v1\nkind: Custom\nmetadata: {name: c}\nspec: {own: {image: a}, list: [{image: "a:1"}]}\n',
      ),
      'conf.yaml': 'images:\n- {path: spec/own/image, kind: Custom}\n- {path: "spec/list[]/image", kind: Custom}\n',
    },
  },
  {
    name: 'replicas',
    files: one(
      'replicas:\n- {name: app, count: 0}\n',
      `${deployment()}---\napiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: app}\n---\napiVersion: example.com/v1\nkind: Deployment\nmetadata: {name: app}\n`,
    ),
  },
  {
    name: 'replicas by the name before',
    files: {
      'base/kustomization.yaml': 'resources: [d.yaml]\nnamePrefix: p-\n',
      'base/d.yaml': deployment(),
      'over/kustomization.yaml': 'resources: [../base]\nreplicas:\n- {name: app, count: 5}\n',
    },
    dir: 'over',
  },
  {
    name: 'replicas of nothing',
    files: one('replicas:\n- {name: nope, count: 5}\n', deployment()),
    fails: 'kustomize-replicas-no-target',
  },
  {
    name: 'config maps of literals, files and envs',
    files: {
      ...one(
        'configMapGenerator:\n- name: a\n  literals: [x=1, "y=a b=c", "z=\'quoted\'", "q=\\"dq\\"", e=]\n  files: [conf/app.properties, renamed.txt=conf/app.properties]\n  envs: [env.txt]\n- name: b\n  namespace: other\n  env: env.txt\nsecretGenerator:\n- name: s\n  type: kubernetes.io/tls\n  literals: [k=v]\n  files: [conf/long.txt, conf/bin]\ngeneratorOptions: {labels: {g: l}, annotations: {a: "1"}}\n',
        deployment('app', '        envFrom: [{configMapRef: {name: a}}, {secretRef: {name: s}}]\n'),
      ),
      'conf/app.properties': 'a=1\nb=2\n',
      'env.txt': '# comment\nFOO=bar\nEMPTY=\nNOVALUE\n  LEAD=x \nURL=http://a?b=c\n\n',
      'conf/long.txt': 'x'.repeat(200),
      'conf/bin': new Uint8Array([0, 1, 2, 255, 254]),
    },
  },
  {
    name: 'binary in a config map',
    files: {
      ...one('configMapGenerator:\n- name: a\n  files: [bin]\n  literals: [t=x]\n', deployment()),
      bin: new Uint8Array(Array.from({ length: 100 }, (_, i) => 255 - i)),
    },
  },
  {
    name: 'generator options',
    files: one(
      'configMapGenerator:\n- name: a\n  literals: [x=1]\n  options: {disableNameSuffixHash: true, labels: {l: own}, immutable: true}\n- name: b\n  literals: [x=<&>]\n  options: {annotations: {note: own}}\ngeneratorOptions: {labels: {l: global, m: g}, annotations: {note: global}}\n',
      deployment(),
    ),
  },
  {
    name: 'behaviors merge and replace',
    files: {
      'base/kustomization.yaml':
        'configMapGenerator:\n- {name: m, literals: [a=1, b=2]}\n- {name: r, literals: [a=1, b=2], options: {labels: {x: base}}}\nsecretGenerator:\n- {name: s, literals: [a=1]}\nresources: [d.yaml]\n',
      'base/d.yaml': deployment(
        'app',
        '        envFrom: [{configMapRef: {name: m}}, {configMapRef: {name: r}}, {secretRef: {name: s}}]\n',
      ),
      'over/kustomization.yaml':
        'resources: [../base]\nnamePrefix: p-\nconfigMapGenerator:\n- {name: m, behavior: merge, literals: [b=3, c=4], options: {labels: {why: over}}}\n- {name: r, behavior: replace, literals: [z=9]}\nsecretGenerator:\n- {name: s, behavior: merge, literals: [b=2]}\n',
    },
    dir: 'over',
  },
  {
    name: 'merge of what is not there',
    files: one('configMapGenerator:\n- {name: m, behavior: merge, literals: [b=3]}\n', deployment()),
    fails: 'kustomize-generator',
  },
  {
    name: 'create of what is there',
    files: one('configMapGenerator:\n- {name: conf, literals: [b=3]}\n', all),
    fails: 'kustomize-duplicate-id',
  },
  {
    name: 'hash and prefix through two layers',
    files: {
      'base/kustomization.yaml':
        'configMapGenerator:\n- {name: c, literals: [a=1]}\nresources: [d.yaml]\nnamePrefix: b-\n',
      'base/d.yaml': deployment('app', '        envFrom: [{configMapRef: {name: c}}]\n'),
      'mid/kustomization.yaml': 'resources: [../base]\nnameSuffix: -m\nnamespace: mid\n',
      'over/kustomization.yaml': 'resources: [../mid]\nnamePrefix: o-\nnamespace: over\n',
    },
    dir: 'over',
  },
  {
    name: 'two overlays of one base',
    files: {
      'base/kustomization.yaml': 'configMapGenerator:\n- {name: c, literals: [a=1]}\nresources: [d.yaml]\n',
      'base/d.yaml': deployment('app', '        envFrom: [{configMapRef: {name: c}}]\n'),
      'a/kustomization.yaml': 'resources: [../base]\nnamePrefix: a-\n',
      'b/kustomization.yaml':
        'resources: [../base]\nnamePrefix: b-\nconfigMapGenerator:\n- {name: c, behavior: merge, literals: [x=1]}\n',
      'over/kustomization.yaml': 'resources: [../a, ../b]\nnamespace: ns\n',
    },
    dir: 'over',
  },
  {
    name: 'overlays in different namespaces',
    files: {
      'base/kustomization.yaml': 'resources: [d.yaml]\n',
      'base/d.yaml': `${deployment('app', '        envFrom: [{configMapRef: {name: conf}}]\n')}---\n${cm('conf')}`,
      'a/kustomization.yaml': 'resources: [../base]\nnamespace: a\n',
      'b/kustomization.yaml': 'resources: [../base]\nnamespace: b\n',
      'over/kustomization.yaml': 'resources: [../a, ../b]\nnamePrefix: x-\n',
    },
    dir: 'over',
  },
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
  {
    name: 'components',
    files: {
      'base/kustomization.yaml': 'resources: [d.yaml]\n',
      'base/d.yaml': all,
      'c1/kustomization.yaml':
        'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnamePrefix: c-\nresources: [extra.yaml]\npatches:\n- patch: |-\n    {apiVersion: apps/v1, kind: Deployment, metadata: {name: app}, spec: {replicas: 7}}\n',
      'c1/extra.yaml': cm('extra'),
      'c2/kustomization.yaml':
        'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nconfigMapGenerator:\n- {name: conf, behavior: merge, literals: [z=1]}\n',
      'over/kustomization.yaml': 'resources: [../base]\ncomponents: [../c2, ../c1]\nnameSuffix: -o\n',
    },
    dir: 'over',
  },
  {
    name: 'a component under resources',
    files: {
      'c/kustomization.yaml': 'kind: Component\nresources: [d.yaml]\n',
      'c/d.yaml': cm('a'),
      'kustomization.yaml': 'resources: [c]\n',
    },
    fails: 'kustomize-kind',
  },
  {
    name: 'a kustomization under components',
    files: {
      'c/kustomization.yaml': 'resources: [d.yaml]\n',
      'c/d.yaml': cm('a'),
      'kustomization.yaml': 'components: [c]\n',
    },
    fails: 'kustomize-kind',
  },
  {
    name: 'replacements',
    files: one(
      'replacements:\n- source: {kind: ConfigMap, name: conf, fieldPath: data.a}\n  targets:\n  - select: {kind: Deployment}\n    fieldPaths: ["spec.template.spec.containers.[name=main].env.[name=A].value", spec.template.spec.containers.0.args.1]\n  - select: {kind: Service}\n    reject: [{name: other}]\n    fieldPaths: [metadata.annotations.made]\n    options: {create: true}\n- source: {kind: ConfigMap, name: conf, fieldPath: metadata.name}\n  targets:\n  - select: {kind: Deployment}\n    fieldPaths: ["spec.template.spec.containers.*.image"]\n    options: {delimiter: "/", index: 1}\n- sourceValue: literal\n  targets:\n  - select: {kind: Service}\n    fieldPaths: [metadata.labels.lit]\n    options: {create: true}\n',
      all,
    ),
  },
  {
    name: 'replacement of structures',
    files: one(
      'replacements:\n- source: {kind: Deployment, fieldPath: spec.template.spec.containers.0.ports}\n  targets:\n  - select: {kind: Service}\n    fieldPaths: [spec.copied]\n    options: {create: true}\n- source: {kind: Deployment, fieldPath: "spec.template.metadata.labels"}\n  targets:\n  - select: {kind: Service}\n    fieldPaths: [spec.selector]\n',
      all,
    ),
  },
  {
    name: 'replacement of a number into a string and back',
    files: one(
      'replacements:\n- source: {kind: Service, fieldPath: spec.ports.0.port}\n  targets:\n  - select: {kind: Deployment}\n    fieldPaths: ["spec.template.spec.containers.0.args.1", spec.replicas]\n- source: {kind: ConfigMap, fieldPath: data.a}\n  targets:\n  - select: {kind: Service}\n    fieldPaths: [spec.ports.0.targetPort]\n',
      `${deployment()}---\n${service()}---\n${cm('conf', 'a: "99"')}`,
    ),
  },
  {
    name: 'replacement with escaped dots',
    files: one(
      'replacements:\n- source: {kind: ConfigMap, fieldPath: "data.a\\\\.b"}\n  targets:\n  - select: {kind: Service}\n    fieldPaths: ["metadata.annotations.x\\\\.io/y", "metadata.annotations.[z.io/w]"]\n    options: {create: true}\n'
        .replaceAll('"data.a\\\\.b"', "'data.a\\.b'")
        .replaceAll('"metadata.annotations.x\\\\.io/y"', "'metadata.annotations.x\\.io/y'"),
      `${service()}---\n${cm('conf', 'a.b: "99"')}`,
    ),
  },
  {
    name: 'replacement from a file',
    files: one('replacements:\n- path: r.yaml\n- path: rs.yaml\n', all, {
      'r.yaml':
        'source: {kind: Service, fieldPath: metadata.name}\ntargets:\n- select: {kind: ConfigMap}\n  fieldPaths: [data.a]\n',
      'rs.yaml':
        '- source: {kind: Deployment}\n  targets:\n  - select: {kind: ConfigMap}\n    fieldPaths: [data.b]\n    options: {create: true}\n',
    }),
  },
  {
    name: 'replacement with indexes beyond',
    files: one(
      'replacements:\n- source: {kind: ConfigMap, fieldPath: data.a}\n  targets:\n  - select: {kind: ConfigMap}\n    fieldPaths: [data.b]\n    options: {delimiter: "-", index: 5}\n- source: {kind: ConfigMap, fieldPath: data.a, options: {delimiter: "_", index: 1}}\n  targets:\n  - select: {kind: ConfigMap}\n    fieldPaths: [data.c]\n    options: {delimiter: "-", index: -1}\n',
      cm('conf', 'a: x_y, b: p-q, c: r-s'),
    ),
  },
  {
    name: 'replacement without source',
    files: one(
      'replacements:\n- source: {kind: Nope}\n  targets:\n  - select: {kind: ConfigMap}\n    fieldPaths: [data.a]\n',
      all,
    ),
    fails: 'kustomize-replacement',
  },
  {
    name: 'replacement of a field that is missing',
    files: one(
      'replacements:\n- source: {kind: Service}\n  targets:\n  - select: {kind: ConfigMap}\n    fieldPaths: [data.nope.deep]\n',
      all,
    ),
    fails: 'kustomize-replacement',
  },
  {
    name: 'replacement that selects nothing',
    files: one(
      'replacements:\n- source: {kind: Service}\n  targets:\n  - select: {kind: Nope}\n    fieldPaths: [data.nope.deep]\n',
      all,
    ),
  },
  {
    name: 'vars',
    files: one(
      'vars:\n- {name: NAME, objref: {apiVersion: v1, kind: Service, name: app}}\n- {name: PORT, objref: {apiVersion: v1, kind: Service, name: app}, fieldref: {fieldPath: "spec.ports[0].port"}}\nnamePrefix: p-\n',
      `${deployment('app', '        command: [run, $(NAME), "$(NAME)-x", $(PORT), $(UNKNOWN), $$(NAME)]\n')}---\n${service()}`,
    ),
  },
  {
    name: 'own configuration',
    files: one(
      'configurations: [conf.yaml]\nnamePrefix: p-\ncommonLabels: {l: v}\ncommonAnnotations: {note: v}\nnamespace: ns\n',
      `${cm('conf')}---\napiVersion: example.com/v1\nkind: Custom\nmetadata: {name: c}\nspec: {ref: conf, refs: [conf, other], deep: {name: conf, namespace: default}, space: old, name: x}\n`,
      {
        'conf.yaml':
          'nameReference:\n- kind: ConfigMap\n  version: v1\n  fieldSpecs:\n  - {kind: Custom, path: spec/ref}\n  - {kind: Custom, path: spec/refs}\n  - {kind: Custom, path: spec/deep}\nnamespace:\n- {kind: Custom, path: spec/space}\nnamePrefix:\n- {kind: Custom, path: spec/name}\ncommonLabels:\n- {kind: Custom, path: spec/labels, create: true}\ncommonAnnotations:\n- {kind: Custom, path: spec/notes, create: true}\n',
      },
    ),
  },
  {
    name: 'local configuration is left out',
    files: one(
      '',
      `${cm('a')}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: b, annotations: {config.kubernetes.io/local-config: "true"}}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, annotations: {config.kubernetes.io/local-config: "false"}}\n`,
    ),
  },
  {
    name: 'a folder twice',
    files: {
      'base/kustomization.yaml': 'resources: [d.yaml]\n',
      'base/d.yaml': cm('a'),
      'kustomization.yaml': 'resources: [base, base]\n',
    },
    fails: 'kustomize-duplicate-id',
  },
  { name: 'an unknown field', files: one('resource: []\n', cm('a')), fails: 'kustomize-unknown-field' },
  { name: 'a field of another type', files: one('namePrefix: 12\n', cm('a')), fails: 'kustomize-invalid-field' },
  {
    name: 'a label that is not a string',
    files: one('commonLabels: {a: 1}\n', cm('a')),
    fails: 'kustomize-invalid-field',
  },
  {
    name: 'a tag that is not a string',
    files: one('images:\n- {name: a, newTag: 1.10}\n', cm('a')),
    fails: 'kustomize-invalid-field',
  },
  {
    name: 'fields in another case',
    files: { 'kustomization.yaml': 'Resources: [objects.yaml]\nnameprefix: p-\n', 'objects.yaml': cm('a') },
  },
  { name: 'an empty kustomization', files: { 'kustomization.yaml': '' }, fails: 'kustomize-empty' },
  { name: 'a kustomization without resources', files: { 'kustomization.yaml': 'namespace: a\n' } },
  { name: 'no kustomization', files: { 'x.yaml': '' }, fails: 'kustomize-no-kustomization' },
  {
    name: 'two kustomizations',
    files: { 'kustomization.yaml': 'resources: []', 'kustomization.yml': 'resources: []' },
    fails: 'kustomize-several-kustomizations',
  },
  { name: 'Kustomization without ending', files: { Kustomization: 'resources: [a.yaml]\n', 'a.yaml': cm('a') } },
  {
    name: 'a cycle',
    files: { 'a/kustomization.yaml': 'resources: [../b]\n', 'b/kustomization.yaml': 'resources: [../a]\n' },
    dir: 'a',
    fails: 'kustomize-cycle',
  },
  { name: 'itself', files: { 'kustomization.yaml': 'resources: [.]\n' }, fails: 'kustomize-cycle' },
  { name: 'a missing file', files: { 'kustomization.yaml': 'resources: [a.yaml]\n' }, fails: 'kustomize-missing-file' },
  {
    name: 'a file outside',
    files: { 'over/kustomization.yaml': 'resources: [../a.yaml]\n', 'a.yaml': cm('a') },
    dir: 'over',
    fails: 'kustomize-outside-root',
  },
  { name: 'a document without kind', files: one('', 'a: b\n'), fails: 'kustomize-not-an-object' },
  {
    name: 'a document without name',
    files: one('', 'apiVersion: v1\nkind: A\nmetadata: {}\n'),
    fails: 'kustomize-not-an-object',
  },
  {
    name: 'a duplicate key',
    files: one('', 'apiVersion: v1\nkind: A\nmetadata: {name: a}\nx: 1\nx: 2\n'),
    fails: 'yaml-syntax',
  },
  { name: 'bad YAML', files: one('', 'apiVersion: v1\nkind: [\n'), fails: 'yaml-syntax' },
  {
    name: 'openAPI, crds and metadata fields',
    files: one('metadata: {name: x}\nbuildMetadata: [managedByLabel]\n', cm('a')),
  },
  {
    name: 'origin annotations',
    files: {
      'base/kustomization.yaml': 'resources: [d.yaml]\nconfigMapGenerator: [{name: g, literals: [a=b]}]\n',
      'base/d.yaml': cm('a'),
      'over/kustomization.yaml':
        'resources: [../base]\nbuildMetadata: [originAnnotations, transformerAnnotations]\nnamePrefix: p-\n',
    },
    dir: 'over',
  },
  {
    name: 'a built-in transformer and generator',
    files: one('transformers: [t.yaml]\ngenerators: [g.yaml]\n', all, {
      't.yaml':
        'apiVersion: builtin\nkind: PrefixTransformer\nmetadata: {name: x}\nprefix: t-\nfieldSpecs: [{path: metadata/name}]\n---\napiVersion: builtin\nkind: LabelTransformer\nmetadata: {name: l}\nlabels: {q: r}\nfieldSpecs: [{path: metadata/labels, create: true}]\n',
      'g.yaml': 'apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: gen}\nliterals: [a=b]\n',
    }),
  },
  {
    name: 'a namespace transformer with options',
    files: one(
      'transformers:\n- |-\n  apiVersion: builtin\n  kind: NamespaceTransformer\n  metadata: {name: x, namespace: ns}\n  setRoleBindingSubjects: allServiceAccounts\n  unsetOnly: true\n  fieldSpecs: [{path: metadata/namespace, create: true}]\n',
      `${cm('a')}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: b, namespace: own}\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: rb}\nsubjects: [{kind: ServiceAccount, name: x}, {kind: User, name: y}]\n`,
    ),
  },
];
