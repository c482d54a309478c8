/** The forms of names (https://kubernetes.io/docs/concepts/overview/working-with-objects/names/). */
export type NameForm = 'subdomain' | 'label' | 'service' | 'path-segment' | 'port' | 'cronjob' | 'statefulset' | 'job';

const label = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;
const subdomain = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const label1035 = /^[a-z](?:[-a-z0-9]*[a-z0-9])?$/;

const labelText = 'lower-case letters, digits and `-`, beginning and ending with a letter or digit';
const subdomainText = 'lower-case letters, digits, `-` and `.`, each part beginning and ending with a letter or digit';

/** What is wrong with a name of this form, to be read after the name; undefined where nothing is. */
export function nameFault(form: NameForm, name: string): string | undefined {
  switch (form) {
    case 'label':
      return tooLong(name, 63) ?? (label.test(name) ? undefined : `must be ${labelText} (DNS-1123 label)`);
    case 'service':
      return (
        tooLong(name, 63) ??
        (label1035.test(name)
          ? undefined
          : 'must be lower-case letters, digits and `-`, beginning with a letter and ending with a letter or digit (DNS-1035 label)')
      );
    case 'subdomain':
      return tooLong(name, 253) ?? (subdomain.test(name) ? undefined : `must be ${subdomainText} (DNS-1123 subdomain)`);
    case 'cronjob':
      // The controller appends 11 characters to name a Job, whose Pods carry the name as a label.
      return tooLong(name, 52) ?? nameFault('subdomain', name);
    case 'statefulset':
      // Pods carry `<name>-<hash of 10>` as the label controller-revision-hash.
      return tooLong(name, 52) ?? nameFault('subdomain', name);
    case 'job':
      return tooLong(name, 63) ?? nameFault('subdomain', name);
    case 'path-segment':
      return name === '.' || name === '..' || /[/%]/.test(name)
        ? 'must not be `.` or `..` and hold no `/` or `%`'
        : undefined;
    case 'port':
      return tooLong(name, 15) ?? portNameFault(name);
  }
}

function tooLong(name: string, most: number): string | undefined {
  return name.length > most ? `has ${name.length} characters, at most ${most} are allowed` : undefined;
}

/** IANA service names (RFC 6335, section 5.1). */
function portNameFault(name: string): string | undefined {
  const legal = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(name) && /[a-z]/.test(name) && !name.includes('--');
  return legal ? undefined : 'must be lower-case letters, digits and single `-` with at least one letter';
}

/** A name of this form near to what was written. */
export function nearName(form: NameForm, name: string): string | undefined {
  const dots = form === 'subdomain' || form === 'cronjob' || form === 'statefulset' || form === 'job';
  let out = name.toLowerCase().replaceAll(dots ? /[^a-z0-9.-]+/g : /[^a-z0-9-]+/g, '-');
  out = out.replaceAll(/^[-.]+|[-.]+$/g, '');
  if (form === 'service') out = out.replace(/^[^a-z]+/, '');
  return out !== '' && out !== name && nameFault(form, out) === undefined ? out : undefined;
}

const qualifiedName = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

const legalKeys = new Set<string>();
const mostKept = 10_000;

/** What is wrong with the key of a label or annotation. The same keys come again in every object. */
export function keyFault(key: string): string | undefined {
  if (legalKeys.has(key)) return undefined;
  const fault = faultOfKey(key);
  if (fault === undefined && legalKeys.size < mostKept) legalKeys.add(key);
  return fault;
}

function faultOfKey(key: string): string | undefined {
  const parts = key.split('/');
  if (parts.length > 2) return 'has more than one `/`';
  const name = parts.at(-1)!;
  if (parts.length === 2) {
    if (parts[0] === '') return 'has an empty prefix before `/`';
    const fault = nameFault('subdomain', parts[0]!);
    if (fault !== undefined) return `its prefix ${fault}`;
  }
  if (name === '') return 'has an empty name';
  if (name.length > 63) return `its name has ${name.length} characters, at most 63 are allowed`;
  return qualifiedName.test(name)
    ? undefined
    : 'its name must be letters, digits, `-`, `_` and `.`, beginning and ending with a letter or digit';
}

/** What is wrong with the value of a label. */
export function labelValueFault(value: string): string | undefined {
  if (value === '') return undefined;
  if (value.length > 63) return `has ${value.length} characters, at most 63 are allowed in a label`;
  return qualifiedName.test(value)
    ? undefined
    : 'must be letters, digits, `-`, `_` and `.`, beginning and ending with a letter or digit';
}

const units: Readonly<Record<string, number>> = {
  '': 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** The value of a quantity; undefined where it is none. Exact for what people write, not for 60-bit fractions. */
export function quantityValue(quantity: string | number): number | undefined {
  if (typeof quantity === 'number') return quantity;
  const parts = /^([+-]?(?:\d+(?:\.\d*)?|\.\d+))(?:([KMGTPE]i|[numkMGTPE])|[eE]([+-]?\d+))?$/.exec(quantity);
  if (parts === null) return undefined;
  const [, digits, unit = '', exponent] = parts;
  if (exponent !== undefined) return Number(`${digits}e${exponent}`);
  // A decimal power is appended to the digits, so that 100m is 0.1 and not 0.1000…01.
  const factor = units[unit]!;
  return unit.endsWith('i') ? Number(digits) * factor : Number(`${digits}e${Math.round(Math.log10(factor))}`);
}
