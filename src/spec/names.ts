import { codePoint, shown } from '../diagnostics/show.js';

/** Why a value is refused, and what to do. The value itself is never repaired in silence. */
export interface Refusal {
  readonly message: string;
  readonly hint: string;
  /** The text that would be right, where exactly one is. */
  readonly fix?: string;
}

/** Longest DNS label, label value and Service name (RFC 1035, 2.3.4; Kubernetes "Object Names and IDs", "Labels and Selectors"). */
export const labelLimit = 63;

/**
 * Longest name by kind where the general 253 of a DNS subdomain is not what counts. StatefulSet: its controller puts
 * `<name>-<10 character hash>` into a label. CronJob: 11 characters are appended (API server validation). Application: the
 * name becomes a label value of what it deploys. The others become a DNS label or a label value themselves.
 */
const kindLimits: ReadonlyMap<string, number> = new Map([
  ['Application', labelLimit],
  ['CronJob', 52],
  ['Deployment', labelLimit],
  ['Job', labelLimit],
  ['LeaderWorkerSet', 52],
  ['Namespace', labelLimit],
  ['Service', labelLimit],
  ['StatefulSet', 52],
]);

/** Longest name of an object of this kind. */
export function nameLimit(kind: string): number {
  return kindLimits.get(kind) ?? 253;
}

/**
 * The name in the form of a DNS label: `llama-3.1-8b` → `llama-3-1-8b`. Directories and labels keep the name itself. Two
 * names may have one slug; that is an error of the spec, not something this function resolves.
 */
export function slug(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}

/** Names that Windows reserves, with any extension ("Naming Files, Paths, and Namespaces"): such a folder cannot be checked out there. */
const windowsReserved = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?$/i;

/** Why a name of a project, environment, cluster, family, model, phase or pool is refused; undefined where it is fine. */
export function refuseName(name: string): Refusal | undefined {
  const written = `"${shown(name)}"`;
  if (name === '')
    return {
      message: 'The name is empty: "".',
      hint: 'Give it a name of lower-case letters, digits, dashes and dots.',
    };
  if (/[\n\r\t]/.test(name))
    return { message: `The name ${written} holds a line break or tab.`, hint: suggestion(name) };
  if (name !== name.trim())
    return { message: `The name ${written} starts or ends with a space.`, hint: suggestion(name) };
  if (/[/\\%]|\.\./.test(name))
    return { message: `The name ${written} is a path; a name is one folder.`, hint: suggestion(name) };
  if (name.startsWith('-'))
    return { message: `The name ${written} starts with a dash; names start with a letter.`, hint: suggestion(name) };
  const foreign = name.match(/[^\x20-\x7e]/u);
  if (foreign) {
    return {
      message: `The name ${written} holds ${codePoint(foreign[0].codePointAt(0)!)}, which is not ASCII.`,
      hint: 'Only a to z, 0 to 9, dashes and dots are legal in names; some letters of other alphabets look alike.',
    };
  }
  if (/[A-Z_ ]|[^a-z0-9.-]/.test(name))
    return { message: `The name ${written} holds ${offence(name)}.`, ...suggest(name) };
  if (!/^[a-z]/.test(name))
    return {
      message: `The name ${written} does not start with a letter.`,
      hint: 'A Service of this name would be illegal (DNS-1035).',
    };
  if (/[.-]$/.test(name)) return { message: `The name ${written} ends with "${name.at(-1)}".`, ...suggest(name) };
  if (/\.-|-\./.test(name)) return { message: `The name ${written} has a dot beside a dash.`, hint: suggestion(name) };
  if (windowsReserved.test(name)) {
    return {
      message: `The name ${written} is reserved by Windows: the folder cannot be checked out there.`,
      hint: `Choose another, for example "${name.split('.')[0]}-model".`,
    };
  }
  if (name.length > labelLimit) return tooLong('The name', name, labelLimit);
  return undefined;
}

function offence(name: string): string {
  if (/[A-Z]/.test(name)) return 'upper-case letters';
  if (name.includes('_')) return 'an underscore';
  if (name.includes(' ')) return 'a space';
  return `"${shown(name.match(/[^a-z0-9.-]/)![0])}"`;
}

function suggest(name: string): Pick<Refusal, 'hint' | 'fix'> {
  const fix = near(name);
  return fix === undefined ? { hint: suggestion(name) } : { hint: `Write "${fix}".`, fix };
}

function suggestion(name: string): string {
  const fix = near(name);
  return fix === undefined
    ? 'Use lower-case letters, digits, dashes and dots, starting with a letter.'
    : `Write "${fix}".`;
}

/** The nearest legal name, if there is one. */
function near(name: string): string | undefined {
  const candidate = name
    .trim()
    .slice(0, 200)
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/[.-]*\.[.-]+|[.-]+\.[.-]*/g, '-')
    .replace(/^[^a-z]+|[.-]+$/g, '')
    .slice(0, labelLimit);
  return candidate !== '' && candidate !== name && /[a-z]/.test(candidate) && refuseName(candidate) === undefined
    ? candidate
    : undefined;
}

/** A name that gitops-gen derives (`<model>-<environment>`) and that is too long; undefined where it fits its kind. */
export function refuseDerived(kind: string, name: string): Refusal | undefined {
  const limit = nameLimit(kind);
  return name.length > limit ? tooLong(`The ${kind} that is rendered for it`, name, limit) : undefined;
}

function tooLong(what: string, name: string, limit: number): Refusal {
  const over = name.length - limit;
  return {
    message: `${what} would be called "${shown(name, 80)}": ${name.length} characters, the limit is ${limit}.`,
    hint: `Cut ${over} character${over === 1 ? '' : 's'}.`,
  };
}

/** A DNS-1123 label (Namespace, container, volume). */
export function refuseDnsLabel(name: string): Refusal | undefined {
  if (/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(name))
    return name.length > labelLimit ? tooLong('It', name, labelLimit) : undefined;
  const fix = slug(name.slice(0, 200));
  return {
    message: `"${shown(name)}" is not a DNS label (DNS-1123): lower-case letters, digits and dashes, no dots.`,
    hint: fix === '' ? 'Choose another name.' : `Write "${fix}".`,
    ...(fix === '' ? {} : { fix }),
  };
}

/** A DNS-1035 label (Service): as DNS-1123, and it starts with a letter. */
export function refuseServiceName(name: string): Refusal | undefined {
  if (/^[a-z](?:[a-z0-9-]*[a-z0-9])?$/.test(name))
    return name.length > labelLimit ? tooLong('The Service', name, labelLimit) : undefined;
  const fix = slug(name.slice(0, 200)).replace(/^[0-9-]+/, '');
  return {
    message: `"${shown(name)}" is no legal name of a Service (DNS-1035): lower-case letters, digits and dashes, starting with a letter; no dots.`,
    hint: fix === '' ? 'Choose another name.' : `Write "${fix}".`,
    ...(fix === '' ? {} : { fix }),
  };
}
