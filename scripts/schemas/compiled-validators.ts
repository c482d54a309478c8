/**
 * Reads limits back out of validators that ajv compiled (`_schemas/*.js` of `@kubernetes-models`): the types beside
 * them say `number` and `string` where the API says int32, a pattern or a bound. Every error that such a validator can
 * push carries its keyword and parameters, and every field has a function of its own, so reading the text suffices.
 */
export interface Constraints {
  readonly integer: boolean;
  readonly format?: string;
  /** `pattern`, `minimum`, `maxLength`, … and `enum`, in the names of JSON Schema. */
  readonly limits: Readonly<Record<string, unknown>>;
  readonly props: ReadonlyMap<string, Constraints>;
  readonly items?: Constraints;
  readonly values?: Constraints;
}

/** The limits of the main definition in a compiled file. */
export function readConstraints(text: string): Constraints | undefined {
  const bodies = functionBodies(text);
  const main = /export const validate=(validate\d+)/.exec(text)?.[1];
  return main === undefined ? undefined : constraintsOf(main, bodies, text, 0);
}

function functionBodies(text: string): Map<string, string> {
  const starts = [...text.matchAll(/function (validate\d+)\(data,/g)];
  return new Map(starts.map((start, i) => [start[1]!, text.slice(start.index, starts[i + 1]?.index ?? text.length)]));
}

/** Deeper than any definition nests in place; a guard against a file that calls itself. */
const maxDepth = 40;

function constraintsOf(
  name: string,
  bodies: Map<string, string>,
  text: string,
  depth: number,
): Constraints | undefined {
  const body = bodies.get(name);
  if (body === undefined || depth > maxDepth) return undefined;
  const wrapped = /return null!==data&&\((validate\d+)\(data,/.exec(body)?.[1];
  if (wrapped !== undefined) return constraintsOf(wrapped, bodies, text, depth + 1);
  const props = new Map<string, Constraints>();
  for (const call of body.matchAll(/(validate\d+)\(data(?:\.([\w$]+)|\["([^"]+)"\]),/g)) {
    const found = constraintsOf(call[1]!, bodies, text, depth + 1);
    if (found !== undefined) props.set(call[2] ?? call[3]!, found);
  }
  const child = (pattern: RegExp): Constraints | undefined => {
    const called = pattern.exec(body)?.[1];
    return called === undefined ? undefined : constraintsOf(called, bodies, text, depth + 1);
  };
  const items = child(/(validate\d+)\(data\[i\d*\],/);
  const values = child(/(validate\d+)\(data\[key\d*\],/);
  const format = /keyword:"format",params:\{format:"([\w-]+)"/.exec(body)?.[1];
  return {
    integer: body.includes('params:{type:"integer"}'),
    ...(format !== undefined && { format }),
    limits: { ...limitsOf(body, text), ...presenceIn(body, bodies) },
    props,
    ...(items !== undefined && { items }),
    ...(values !== undefined && { values }),
  };
}

/** Which fields may or must stand together: `oneOf`, `anyOf` and `not` over nothing but required fields. */
type Presence = Readonly<Record<string, unknown>>;

const combinations = ['oneOf', 'anyOf', 'not'];

/** The alternatives of an object that say nothing of its fields but whether they are there (Istio's `oneof`). */
function presenceIn(body: string, bodies: Map<string, string>): Presence {
  const called = calledInPlace(body);
  const own = combinations.filter((keyword) => body.includes(`keyword:"${keyword}"`));
  // A combination in the body itself calls its own parts; with two of them nothing tells whose they are.
  if (own.length > 1) return {};
  if (own.length === 1) return combined(own[0]!, called, bodies, 0) ?? {};
  const found: Record<string, unknown> = {};
  for (const name of called) {
    for (const [key, value] of Object.entries(presenceOf(name, bodies, 0) ?? {})) {
      if (key !== 'required' && !(key in found)) found[key] = value;
    }
  }
  return found;
}

/** The validators that look at the same value. */
function calledInPlace(body: string): string[] {
  return [...body.matchAll(/(validate\d+)\(data,\{instancePath,/g)].map((call) => call[1]!);
}

function presenceOf(name: string, bodies: Map<string, string>, depth: number): Presence | undefined {
  const body = bodies.get(name) ?? '';
  const keywords = new Set([...body.matchAll(/keyword:"(\w+)"/g)].map((error) => error[1]!));
  const parts = calledInPlace(body);
  const [keyword] = keywords;
  if (keyword === undefined || keywords.size > 1 || depth > maxDepth) return undefined;
  if (keyword === 'required') {
    const names = [...body.matchAll(/missingProperty:"([^"]+)"/g)].map((error) => error[1]!);
    return names.length === 0 || parts.length > 0 ? undefined : { required: names };
  }
  return combinations.includes(keyword) ? combined(keyword, parts, bodies, depth) : undefined;
}

function combined(
  keyword: string,
  parts: readonly string[],
  bodies: Map<string, string>,
  depth: number,
): Presence | undefined {
  const inner = parts.map((part) => presenceOf(part, bodies, depth + 1));
  if (inner.length === 0 || inner.some((part) => part === undefined)) return undefined;
  return { [keyword]: keyword === 'not' ? inner[0] : inner };
}

const bounds = [
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
];

function limitsOf(body: string, text: string): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  // Alternatives (`oneOf`, `not`) are left to the reader of types: their branches are not limits of the value itself.
  for (const error of body.matchAll(/keyword:"(\w+)",params:\{(.*?)\}\}[;,]/g)) {
    const [, keyword, params] = error;
    if (keyword === 'pattern') out['pattern'] = JSON.parse(/pattern:("(?:[^"\\]|\\.)*")/.exec(params!)![1]!);
    else if (keyword === 'enum') {
      const list = new RegExp(`\\b${/allowedValues:(\\w+)/.exec(params!)?.[1]}=(\\[.*?\\]);`).exec(text)?.[1];
      if (list !== undefined) out['enum'] = JSON.parse(list);
    } else if (bounds.includes(keyword!)) {
      const limit = /limit:(-?(?:0x[\da-f]+|[\d.e+]+))/.exec(params!)?.[1];
      if (limit !== undefined) out[keyword!] = Number(limit);
    }
  }
  return out;
}
