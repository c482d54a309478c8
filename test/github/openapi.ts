import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

type Schema = { readonly [key: string]: unknown };

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Schema;
}

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly (Parameter | { readonly $ref: string })[];
  readonly requestBody?: {
    readonly required?: boolean;
    readonly content: Readonly<Record<string, { readonly schema: Schema }>>;
  };
  readonly responses: Readonly<Record<string, unknown>>;
}

interface Description {
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** An operation of the API that a request is. */
export interface Matched {
  readonly operation: Operation;
  /** How the description writes the path. */
  readonly template: string;
  readonly method: string;
  readonly parameters: Readonly<Record<string, string>>;
}

const id = 'https://github.example/openapi';

/** GitHub's own description of its REST API, cut to what is used here: judges requests and answers, and makes answers. */
export class GitHubDescription {
  private readonly description: Description;
  private readonly ajv: Ajv;
  private readonly compiled = new Map<string, ValidateFunction>();

  constructor() {
    this.description = JSON.parse(
      readFileSync(resolve(import.meta.dirname, '../../fixtures/github-openapi.json'), 'utf8'),
    );
    this.ajv = new Ajv({ strict: false, allErrors: true, logger: false });
    (addFormats as unknown as (ajv: Ajv) => void)(this.ajv);
    this.ajv.addSchema({ $id: id, ...this.description } as object);
  }

  match(method: string, path: string): Matched | undefined {
    for (const [template, operations] of Object.entries(this.description.paths)) {
      const operation = operations[method.toLowerCase()];
      if (operation === undefined) continue;
      // A ref is written with its slashes; every other parameter is one segment.
      const pattern = template.replace(
        /\{(\w+)\}/gu,
        (_, name: string) => `(?<${name}>${name === 'ref' ? '.+' : '[^/]+'})`,
      );
      const found = new RegExp(`^${pattern}$`, 'u').exec(path);
      if (found === null) continue;
      const parameters = Object.fromEntries(
        Object.entries(found.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]),
      );
      return { operation, template, method: method.toLowerCase(), parameters };
    }
    return undefined;
  }

  /** What is wrong with a request. */
  requestFaults({ operation, template, method, parameters }: Matched, query: URLSearchParams, body: unknown): string[] {
    const name = operation.operationId;
    const known = (operation.parameters ?? []).map((each) =>
      '$ref' in each ? this.resolve<Parameter>(each.$ref) : each,
    );
    const faults: string[] = [];
    for (const [key, value] of query) {
      const parameter = known.find((each) => each.in === 'query' && each.name === key);
      if (parameter === undefined) faults.push(`${name}: the API has no query parameter ${key}`);
      else faults.push(...this.check(parameter.schema, typed(value, parameter.schema), `${name}: query ${key}`));
    }
    for (const parameter of known.filter((each) => each.in === 'path'))
      faults.push(
        ...this.check(
          parameter.schema,
          typed(parameters[parameter.name] ?? '', parameter.schema),
          `${name}: path ${parameter.name}`,
        ),
      );
    const content = operation.requestBody?.content['application/json'];
    if (content === undefined) {
      if (body !== undefined) faults.push(`${name}: takes no body`);
    } else if (body === undefined) {
      if (operation.requestBody?.required === true) faults.push(`${name}: needs a body`);
    } else {
      const pointer = ['paths', template, method, 'requestBody', 'content', 'application/json', 'schema'];
      faults.push(...this.checkAt(pointer, body, `${name}: body`));
      const properties = (content.schema['properties'] ?? {}) as Schema;
      for (const key of Object.keys(body as object))
        if (content.schema['properties'] !== undefined && properties[key] === undefined)
          faults.push(`${name}: the API has no field ${key}`);
    }
    return faults;
  }

  /** What is wrong with an answer. */
  responseFaults({ operation, template, method }: Matched, status: number, body: unknown): string[] {
    const stated = operation.responses[String(status)] as { $ref?: string; content?: Schema } | undefined;
    // Errors of the whole API (401, 403, 404, 5xx) are not listed everywhere.
    if (stated === undefined) return status >= 400 ? [] : [`${operation.operationId}: the API never answers ${status}`];
    const pointer =
      stated.$ref === undefined
        ? ['paths', template, method, 'responses', String(status)]
        : stated.$ref.slice(2).split('/');
    const response = stated.$ref === undefined ? stated : this.resolve<typeof stated>(stated.$ref);
    if (response.content?.['application/json'] === undefined) return [];
    return this.checkAt(
      [...pointer, 'content', 'application/json', 'schema'],
      body,
      `${operation.operationId}: answer ${status}`,
    );
  }

  /** The least that a schema of the description takes: every required field, with what says least. */
  sample(name: string): Record<string, unknown> {
    return this.sampleOf({ $ref: `#/components/schemas/${name}` }, 0) as Record<string, unknown>;
  }

  private sampleOf(schema: Schema, depth: number): unknown {
    if (typeof schema['$ref'] === 'string') return this.sampleOf(this.resolve<Schema>(schema['$ref']), depth + 1);
    if (schema['nullable'] === true && depth > 0) return null;
    if (Array.isArray(schema['enum'])) return schema['enum'][0];
    const all = schema['allOf'] as readonly Schema[] | undefined;
    if (all !== undefined) return Object.assign({}, ...all.map((each) => this.sampleOf(each, depth) as object));
    const any = (schema['anyOf'] ?? schema['oneOf']) as readonly Schema[] | undefined;
    if (any !== undefined) return this.sampleOf(any[0] as Schema, depth);
    if (schema['type'] === 'object' || schema['properties'] !== undefined) {
      const required = (schema['required'] ?? []) as readonly string[];
      const properties = (schema['properties'] ?? {}) as Record<string, Schema>;
      return Object.fromEntries(required.map((key) => [key, this.sampleOf(properties[key] ?? {}, depth + 1)]));
    }
    if (schema['type'] === 'array') return [];
    if (schema['type'] === 'integer' || schema['type'] === 'number') return 1;
    if (schema['type'] === 'boolean') return false;
    const format = String(schema['format'] ?? '');
    if (format === 'uri' || format === 'uri-template') return 'https://example.com';
    return format === 'date-time' ? '2026-11-21T12:00:00Z' : format === 'email' ? 'a@example.com' : 'text';
  }

  private checkAt(path: readonly string[], value: unknown, where: string): string[] {
    const pointer = path.map((each) => encodeURIComponent(each.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');
    return this.check({ $ref: `${id}#/${pointer}` }, value, where);
  }

  private check(schema: Schema, value: unknown, where: string): string[] {
    const key = JSON.stringify(schema);
    const absolute = JSON.parse(key.replaceAll('"#/components', `"${id}#/components`)) as object;
    const validate = this.compiled.get(key) ?? this.ajv.compile(absolute);
    this.compiled.set(key, validate);
    if (validate(value)) return [];
    return (validate.errors ?? []).slice(0, 3).map((error) => `${where}${error.instancePath} ${error.message}`);
  }

  private resolve<T>(reference: string): T {
    let at: unknown = this.description;
    for (const part of reference.slice(2).split('/')) at = (at as Record<string, unknown>)[part];
    return at as T;
  }
}

function typed(value: string, { type }: Schema): unknown {
  if (type === 'integer' || type === 'number') return Number(value);
  return type === 'boolean' ? value === 'true' : value;
}
