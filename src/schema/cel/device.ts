import { type CelInput, isCelError, parse } from '@bufbuild/cel';
import { planned, types } from './engine.js';
import { expand } from './expand.js';
import { parseQuantity } from './library/quantity.js';
import { parseVersion } from './library/semver.js';
import { wrap } from './opaque.js';
import { withoutOptionalSyntax } from './syntax.js';

/** A device as the selectors of DRA see it: attributes and capacity by qualified name (`domain/id`). */
export interface SelectableDevice {
  readonly driver: string;
  readonly attributes: Readonly<Record<string, string | number | boolean | { readonly version: string }>>;
  readonly capacity: Readonly<Record<string, number>>;
}

type Program = ReturnType<typeof planned>;
const programs = new Map<string, Program | undefined>();

function programOf(expression: string): Program | undefined {
  if (!programs.has(expression)) {
    let made: Program | undefined;
    try {
      made = planned(expand(parse(withoutOptionalSyntax(expression)).expr).expr);
    } catch {
      made = undefined;
    }
    programs.set(expression, made);
  }
  return programs.get(expression);
}

/**
 * Whether a device meets a selector (Kubernetes `dynamic-resource-allocation/cel`): `device.driver`, `device.attributes` and
 * `device.capacity` by domain; a domain that a device does not have is an empty map. Undefined where the expression does not
 * compile here or fails, for example on an attribute that the device does not have.
 */
export function meetsSelector(expression: string, device: SelectableDevice): boolean | undefined {
  const program = programOf(expression);
  if (program === undefined) return undefined;
  const domains = new Set([...expression.matchAll(/["']([a-z0-9.-]+)["']/g)].map((match) => match[1] as string));
  const attributes = byDomain(
    device.driver,
    domains,
    Object.entries(device.attributes).map(([name, value]) => [name, attributeValue(value)] as const),
  );
  const capacity = byDomain(
    device.driver,
    domains,
    Object.entries(device.capacity).flatMap(([name, amount]) => {
      const quantity = parseQuantity(String(amount));
      return quantity === undefined ? [] : [[name, wrap('quantity', quantity)] as const];
    }),
  );
  try {
    const result = program({
      ...types,
      device: new Map<string, CelInput>([
        ['driver', device.driver],
        ['attributes', attributes],
        ['capacity', capacity],
      ]),
    });
    return isCelError(result) || typeof result !== 'boolean' ? undefined : result;
  } catch {
    return undefined;
  }
}

function attributeValue(value: string | number | boolean | { readonly version: string }): CelInput {
  if (typeof value === 'number') return BigInt(Math.trunc(value));
  if (typeof value !== 'object') return value;
  const version = parseVersion(value.version);
  return version === undefined ? value.version : wrap('semver', version);
}

/** Every domain that the expression may ask for is there, empty where the device has nothing in it. */
function byDomain(
  driver: string,
  asked: ReadonlySet<string>,
  entries: readonly (readonly [string, CelInput])[],
): Map<string, CelInput> {
  const found = new Map<string, Map<string, CelInput>>([...asked, driver].map((domain) => [domain, new Map()]));
  for (const [name, value] of entries) {
    const slash = name.indexOf('/');
    const domain = slash < 0 ? driver : name.slice(0, slash);
    const own = found.get(domain) ?? new Map<string, CelInput>();
    own.set(name.slice(slash + 1), value);
    found.set(domain, own);
  }
  return found;
}
