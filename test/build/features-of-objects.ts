import { all, type Case, cm, deployment, one, service } from './case.js';

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

/** What becomes of objects: scalars, names, namespaces, labels, images, replicas, generators. */
export const objects: readonly Case[] = [
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
];
