import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';
import type { Compact, Definitions } from './compact.js';
import { type Constraints, readConstraints } from './compiled-validators.js';

/** What one package of custom resources holds. */
export interface CrdModel {
  readonly definitions: Map<string, Compact>;
  /** `apiVersion/kind` → definition. */
  readonly kinds: Map<string, string>;
  /** References that nothing resolves: they accept anything. */
  readonly unresolved: Set<string>;
}

/** Types of the API machinery that are scalars in JSON. */
const machinery: Readonly<Record<string, string>> = {
  'apis/meta/v1/Time': 't',
  'apis/meta/v1/MicroTime': 'u',
  'apis/meta/v1/Duration': 's',
  'util/intstr/IntOrString': 'x',
  'api/resource/Quantity': 'q',
  'runtime/RawExtension': '*',
  'apis/meta/v1/FieldsV1': '*',
};

/**
 * Corrections by `Definition.field`: where Go types marshal themselves in a way their generated types do not show.
 * ParallelSteps is an anonymous list of steps (argo-workflows, `workflow_types.go`: its own UnmarshalJSON).
 */
const corrections: Readonly<Record<string, Compact>> = {
  'argoproj.io/v1alpha1/ParallelSteps': '[#argoproj.io/v1alpha1/WorkflowStep]',
  // A list item, parameter or artifact of any JSON kind (argo-workflows: Item, AnyString, Amount marshal themselves).
  'argoproj.io/v1alpha1/Item': '*',
  'argoproj.io/v1alpha1/AnyString': '*',
  'argoproj.io/v1alpha1/Amount': '*',
  'argoproj.io/v1alpha1/Plugin': '*',
  'argoproj.io/v1alpha1/ParamaterValue': '*',
};

/**
 * Core classes that a package embeds with a required field it then makes optional, by `Definition.field`: the
 * container of a template of Argo Workflows needs no name (its hack/manifests/crd.go drops the requirement).
 */
const optionalInside: Readonly<Record<string, string>> = {
  'argoproj.io/v1alpha1/Template.container': 'name',
  'argoproj.io/v1alpha1/ScriptTemplate': 'name',
  // Knative names the only container itself (its CRD leaves the name out of `required`).
  'serving.knative.dev/v1/RevisionSpec.containers': 'name',
};

/**
 * Fields that releases younger than the package have (Argo CD 3.6, KEDA 2.20, Argo Workflows 4.1, read from their CRDs in August 2026): they
 * are accepted, because a manifest that uses them deploys where such a release runs.
 */
const younger: Readonly<Record<string, Readonly<Record<string, Compact>>>> = {
  'argoproj.io/v1alpha1/ApplicationSource': { tagPrefix: 's' },
  'argoproj.io/v1alpha1/ApplicationSourceDirectory': { disableExtensionFilter: 'b' },
  'argoproj.io/v1alpha1/SyncSource': { repoURL: 's' },
  'argoproj.io/v1alpha1/AppProjectSpec': { sourceIntegrity: '*' },
  'argoproj.io/v1alpha1/SyncWindow': { syncOverrun: '*' },
  'argoproj.io/v1alpha1/WorkflowSpec': { executorPlugins: '*', podResources: '*', resourceClaims: '*' },
  'argoproj.io/v1alpha1/Template': { pendingTimeout: 's', podResources: '*', resourceClaims: '*' },
  'argoproj.io/v1alpha1/HTTPArtifact': { saveStreamViaFile: 'b' },
  'argoproj.io/v1alpha1/S3Artifact': { addressingStyle: 's' },
  'keda.sh/v1alpha1/AuthPodIdentity': { externalID: 's' },
  'keda.sh/v1alpha1/TriggerAuthenticationSpec': { oauth2: '*' },
};

class PackageReader {
  readonly definitions = new Map<string, Compact>();
  readonly unresolved = new Set<string>();
  readonly #files = new Map<string, ts.SourceFile>();

  constructor(
    readonly root: string,
    readonly core: Definitions,
    readonly siblings: ReadonlyMap<string, string>,
  ) {}

  source(path: string): ts.SourceFile {
    let file = this.#files.get(path);
    if (file === undefined) {
      file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
      this.#files.set(path, file);
    }
    return file;
  }

  nameOf(path: string): string {
    return relative(this.root, path).replace(/\.d\.ts$/, '');
  }

  /** The definition in a `.d.ts` file, read once; its name. */
  define(path: string): string {
    const name = this.nameOf(path);
    if (this.definitions.has(name)) return name;
    const correction = corrections[name];
    this.definitions.set(name, correction ?? '*');
    if (correction !== undefined) {
      if (name.endsWith('ParallelSteps')) this.define(join(dirname(path), 'WorkflowStep.d.ts'));
      return name;
    }
    this.definitions.set(name, this.relaxed(name, this.read(path)));
    return name;
  }

  relaxed(name: string, value: Compact): Compact {
    if (typeof value === 'string') return value;
    let fields: Readonly<Record<string, unknown>> = value;
    const more = younger[name];
    if (more !== undefined) fields = { ...more, ...fields };
    const own = optionalInside[name];
    if (own !== undefined) fields = optional(fields, own);
    for (const [field, type] of Object.entries(value)) {
      const inner = optionalInside[`${name}.${field.replace(/!$/, '')}`];
      const core = typeof type === 'string' ? /^\[?\^(\w+)\]?$/.exec(type)?.[1] : undefined;
      if (inner === undefined || core === undefined) continue;
      const relaxed = optional(this.flattened(core), inner);
      fields = { ...fields, [field]: (type as string).startsWith('[') ? { '': '[', items: relaxed } : relaxed };
    }
    return fields;
  }

  read(path: string): Compact {
    const file = this.source(path);
    const stem = path.slice(path.lastIndexOf('/') + 1).replace(/\.d\.ts$/, '');
    for (const statement of file.statements) {
      if (ts.isInterfaceDeclaration(statement) && statement.name.text === `I${stem}`) {
        return this.members(statement, path, this.constraintsOf(path, file));
      }
      if (ts.isTypeAliasDeclaration(statement) && statement.name.text === `I${stem}`) {
        return this.type(statement.type, path, this.constraintsOf(path, file));
      }
    }
    return '*';
  }

  /** The compiled validator beside a definition: its file is called as the long export alias says. */
  constraintsOf(_path: string, file: ts.SourceFile): Constraints | undefined {
    const alias = /export type \{ \w+ as I(\w+)/.exec(file.text)?.[1];
    const path = join(this.root, '_schemas', `${alias ?? this.guess(file.fileName)}.js`);
    return existsSync(path) ? readConstraints(readFileSync(path, 'utf8')) : undefined;
  }

  /** `networking.istio.io/v1/Gateway` → `NetworkingIstioIoV1Gateway`, the form of packages made from CRDs. */
  guess(path: string): string {
    return this.nameOf(path)
      .split(/[./-]/)
      .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
      .join('');
  }

  members(node: ts.InterfaceDeclaration | ts.TypeLiteralNode, path: string, constraints?: Constraints): Compact {
    const props: Record<string, Compact> = {};
    if (ts.isInterfaceDeclaration(node)) {
      for (const clause of node.heritageClauses ?? []) {
        for (const parent of clause.types) Object.assign(props, this.inherited(parent, path));
      }
    }
    const index = node.members.find(ts.isIndexSignatureDeclaration);
    for (const member of node.members) {
      if (!ts.isPropertySignature(member) || member.type === undefined) continue;
      const name = (member.name as ts.StringLiteral | ts.Identifier).text;
      // Which object it is was settled by the look-up; an embedded one may leave it out.
      if ((name === 'apiVersion' || name === 'kind') && ts.isLiteralTypeNode(member.type)) {
        props[name] = 's';
        continue;
      }
      const value = this.type(member.type, path, constraints?.props.get(name));
      delete props[`${name}!`];
      delete props[name];
      props[member.questionToken === undefined ? `${name}!` : name] = value;
    }
    const own = constraints?.limits ?? {};
    if (index !== undefined && Object.keys(props).length === 0) {
      const values = this.type(index.type, path, constraints?.values);
      if (typeof values === 'string' && Object.keys(own).length === 0) return `{${values}}`;
      return { '': '{', values, ...own };
    }
    // An object without fields is one whose fields are preserved, as `valuesObject` is.
    if (Object.keys(props).length === 0) return index === undefined ? '*' : 'o';
    if (index !== undefined) return { '': 'p', props, open: true, ...own };
    return Object.keys(own).length === 0 ? props : { '': 'p', props, ...own };
  }

  inherited(parent: ts.ExpressionWithTypeArguments, path: string): Record<string, Compact> {
    const name = (parent.expression as ts.Identifier).text;
    if (name === 'TypeMeta') return { apiVersion: 's', kind: 's' };
    const target = this.resolve(name, path);
    if (target === undefined) return {};
    const value = typeof target === 'object' ? target.compact : this.definitions.get(this.define(target));
    if (typeof value === 'string') return value.startsWith('^') ? this.flattened(value.slice(1)) : {};
    return { ...((value?.[''] === 'p' ? value['props'] : value) as Record<string, Compact>) };
  }

  /** The fields of a core class, written as references out of this file. */
  flattened(name: string): Record<string, Compact> {
    const fields = Object.entries((this.core.get(name) ?? {}) as Readonly<Record<string, string>>);
    return Object.fromEntries(fields.map(([key, type]) => [key, type.replace('#', '^')]));
  }

  type(node: ts.TypeNode, path: string, constraints?: Constraints): Compact {
    const limits = constraints?.limits ?? {};
    const plain = (compact: string): Compact =>
      Object.keys(limits).length === 0 ? compact : { '': compact, ...limits };
    switch (node.kind) {
      case ts.SyntaxKind.StringKeyword:
        return constraints?.format === 'date-time' ? plain('t') : plain('s');
      case ts.SyntaxKind.BooleanKeyword:
        return 'b';
      case ts.SyntaxKind.NumberKeyword:
        return plain(
          constraints?.integer === true ? ({ int32: 'i', int64: 'l' }[constraints.format ?? ''] ?? 'I') : 'n',
        );
      case ts.SyntaxKind.AnyKeyword:
        return '*';
    }
    if (ts.isTypeLiteralNode(node)) return this.members(node, path, constraints);
    if (ts.isParenthesizedTypeNode(node)) return this.type(node.type, path, constraints);
    if (ts.isLiteralTypeNode(node) && ts.isStringLiteral(node.literal)) return { '': 's', enum: [node.literal.text] };
    // `{…all fields…} & (one | or | another)`: alternatives over the same fields, written by Istio's `oneOf`.
    if (ts.isIntersectionTypeNode(node)) return this.type(node.types[0]!, path, constraints);
    if (ts.isUnionTypeNode(node)) return this.union(node, path, constraints);
    if (ts.isTypeReferenceNode(node)) {
      const name = (node.typeName as ts.Identifier).text;
      if (name === 'Array') return this.list(node, path, constraints);
      const target = this.resolve(name, path);
      if (target === undefined) return '*';
      if (typeof target === 'object') return target.compact;
      const defined = this.define(target);
      return this.limitedAlias(this.definitions.get(defined), limits) ?? `#${defined}`;
    }
    throw new Error(`${path}: type ${ts.SyntaxKind[node.kind]}`);
  }

  /** A scalar that another definition names, with the limits that its field adds (a port is an integer there). */
  limitedAlias(alias: Compact | undefined, limits: Readonly<Record<string, unknown>>): Compact | undefined {
    const scalar = typeof alias === 'string' ? alias : alias?.[''];
    if (Object.keys(limits).length === 0 || typeof scalar !== 'string' || !/^[sbilInxqt]$/.test(scalar))
      return undefined;
    return { ...(typeof alias === 'object' && alias), '': scalar, ...limits };
  }

  list(node: ts.TypeReferenceNode, path: string, constraints?: Constraints): Compact {
    const items = this.type(node.typeArguments![0]!, path, constraints?.items);
    const limits = constraints?.limits ?? {};
    return typeof items === 'string' && Object.keys(limits).length === 0 ? `[${items}]` : { '': '[', items, ...limits };
  }

  union(node: ts.UnionTypeNode, path: string, constraints?: Constraints): Compact {
    const types = node.types.filter(
      (type) => !(ts.isLiteralTypeNode(type) && type.literal.kind === ts.SyntaxKind.NullKeyword),
    );
    if (types.length === 1) return this.type(types[0]!, path, constraints);
    if (types.every((type) => ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal))) {
      return { '': 's', enum: types.map((type) => ((type as ts.LiteralTypeNode).literal as ts.StringLiteral).text) };
    }
    const kinds = new Set(types.map((type) => type.kind));
    const isIntOrString =
      kinds.size === 2 && kinds.has(ts.SyntaxKind.NumberKeyword) && kinds.has(ts.SyntaxKind.StringKeyword);
    return isIntOrString ? 'x' : '*';
  }

  /** The file a name is imported from, or what it means where it comes from another package. */
  resolve(name: string, path: string): string | { readonly compact: Compact } | undefined {
    for (const statement of this.source(path).statements) {
      if (!ts.isImportDeclaration(statement)) continue;
      const bindings = statement.importClause?.namedBindings;
      if (bindings === undefined || !ts.isNamedImports(bindings)) continue;
      const found = bindings.elements.find((element) => element.name.text === name);
      if (found === undefined) continue;
      const from = (statement.moduleSpecifier as ts.StringLiteral).text;
      if (from.startsWith('.')) return resolve(dirname(path), from.replace(/\.js$/, '.d.ts'));
      return this.foreign(from);
    }
    const own = /^I(\w+)$/.exec(name);
    const stem = path.slice(path.lastIndexOf('/') + 1).replace(/\.d\.ts$/, '');
    if (own !== null && (own[1] === stem || this.source(path).text.includes(`as ${name},`))) return path;
    this.unresolved.add(`${this.nameOf(path)}: ${name}`);
    return undefined;
  }

  foreign(from: string): { readonly compact: Compact } {
    // Types of another project's package are not followed: cert-manager's references to Gateways accept anything.
    if (!/^(?:kubernetes-models|@kubernetes-models\/apimachinery)\//.test(from)) return { compact: '*' };
    const machine = from.replace('@kubernetes-models/apimachinery/', '');
    if (machine in machinery) return { compact: machinery[machine]! };
    const parts = machine.split('/');
    const name = parts.at(-1)!;
    if (name === 'JSON' || name === 'RawExtension') return { compact: '*' };
    const version = parts.at(-2) ?? 'v1';
    const versioned = `${version.charAt(0).toUpperCase()}${version.slice(1)}${name}`;
    for (const candidate of [versioned, `Core${versioned}`]) {
      if (this.core.has(candidate)) return { compact: `^${candidate}` };
    }
    this.unresolved.add(from);
    return { compact: '*' };
  }
}

/** Every kind has the three fields of an object; which apiVersion and kind they name was settled by the look-up. */
function asKind(definitions: Map<string, Compact>, name: string): void {
  const value = definitions.get(name);
  if (value === undefined || typeof value === 'string') return;
  const own = Object.entries(value).filter(([key]) => !/^(apiVersion|kind|metadata)!?$/.test(key));
  definitions.set(name, { 'apiVersion!': 's', 'kind!': 's', metadata: '^V1ObjectMeta', ...Object.fromEntries(own) });
}

/** Reads a package of `@kubernetes-models`: types give the structure, compiled validators the limits. */
export function readModels(root: string, core: Definitions, skipGroups: readonly string[] = []): CrdModel {
  const reader = new PackageReader(root, core, new Map());
  const kinds = new Map<string, string>();
  for (const group of readdirSync(root, { withFileTypes: true })) {
    if (!group.isDirectory() || !group.name.includes('.') || skipGroups.includes(group.name)) continue;
    for (const version of readdirSync(join(root, group.name), { withFileTypes: true })) {
      if (!version.isDirectory() || !/^v\d/.test(version.name)) continue;
      for (const file of readdirSync(join(root, group.name, version.name))) {
        if (!file.endsWith('.d.ts') || file === 'index.d.ts') continue;
        const path = join(root, group.name, version.name, file);
        const kind = file.replace('.d.ts', '');
        const text = readFileSync(path, 'utf8');
        const isKind = text.includes(`static kind: I${kind}["kind"]`);
        if (!isKind || kind.endsWith('List')) continue;
        kinds.set(`${group.name}/${version.name}/${kind}`, reader.define(path));
      }
    }
  }
  for (const definition of kinds.values()) asKind(reader.definitions, definition);
  return { definitions: reader.definitions, kinds, unresolved: reader.unresolved };
}

function optional(fields: Readonly<Record<string, unknown>>, name: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([key, type]) => [key === `${name}!` ? name : key, type]));
}
