import { readFile } from 'node:fs/promises';

/** What the runner says of why it runs, cut to what is used. */
export interface RunEvent {
  readonly name: string;
  readonly change: Change | undefined;
}

/** A pull request, or a group of them in the merge queue. */
export interface Change {
  /** The commit that it goes into, as it was when the event was sent. */
  readonly base: string;
  readonly head: string;
  /** Name of the branch that it goes into. */
  readonly branch: string | undefined;
  /** Whether it comes from another repository: then nothing in it is trusted. */
  readonly isForeign: boolean;
  readonly number: number | undefined;
}

export type EventResult = RunEvent | { readonly refused: string };

/**
 * Reads the event. Refused are: an event of a pull request that cannot be read (nobody could tell a fork), and the events that
 * run with the secrets of the base while they are about a fork's head.
 */
export async function readEvent(env: Readonly<Record<string, string | undefined>>): Promise<EventResult> {
  const name = env['GITHUB_EVENT_NAME'] ?? '';
  const payload = await payloadAt(env['GITHUB_EVENT_PATH']);
  if (name === 'merge_group') {
    const group = objectAt(payload, 'merge_group');
    const base = commitAt(group, 'base_sha');
    const head = commitAt(group, 'head_sha');
    if (base === undefined || head === undefined) return unreadable(name);
    const branch = textAt(group, 'base_ref')?.replace(/^refs\/heads\//, '');
    return { name, change: { base, head, branch, isForeign: false, number: undefined } };
  }
  if (name === 'workflow_run' && isForeignRun(payload)) {
    return {
      refused:
        'workflow_run after a run of a fork is refused: it has the secrets of this repository. Use the pull_request event, which needs none.',
    };
  }
  const request = objectAt(payload, 'pull_request');
  if (request === undefined) return name.startsWith('pull_request') ? unreadable(name) : { name, change: undefined };
  const base = objectAt(request, 'base');
  const head = objectAt(request, 'head');
  const ids = { base: commitAt(base, 'sha'), head: commitAt(head, 'sha') };
  if (ids.base === undefined || ids.head === undefined) return unreadable(name);
  const into = textAt(objectAt(base, 'repo'), 'full_name');
  // A fork that was deleted since has no repository any more.
  const from = textAt(objectAt(head, 'repo'), 'full_name');
  const isForeign = into === undefined || from !== into;
  if (name === 'pull_request_target' && isForeign) {
    return {
      refused:
        'pull_request_target with the head of a fork is refused: use the pull_request event, which needs no secrets.',
    };
  }
  const number = request['number'];
  return {
    name,
    change: {
      base: ids.base,
      head: ids.head,
      branch: textAt(base, 'ref'),
      isForeign,
      number: typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined,
    },
  };
}

type Payload = Readonly<Record<string, unknown>>;

function unreadable(name: string): EventResult {
  return {
    refused: `The event ${JSON.stringify(name)} has no payload that says what it is about (GITHUB_EVENT_PATH).`,
  };
}

function isForeignRun(payload: Payload | undefined): boolean {
  const from = textAt(objectAt(objectAt(payload, 'workflow_run'), 'head_repository'), 'full_name');
  return from === undefined || from !== textAt(objectAt(payload, 'repository'), 'full_name');
}

/** GitHub caps events at 25 MB; what is larger is not one. */
const maxBytes = 25_000_000;

async function payloadAt(path: string | undefined): Promise<Payload | undefined> {
  if (path === undefined || path === '') return undefined;
  try {
    const text = await readFile(path, 'utf8');
    return text.length > maxBytes ? undefined : asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): Payload | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Payload) : undefined;
}

function objectAt(value: Payload | undefined, name: string): Payload | undefined {
  return asObject(value?.[name]);
}

function textAt(value: Payload | undefined, name: string): string | undefined {
  const text = value?.[name];
  return typeof text === 'string' ? text : undefined;
}

/** A full commit id; anything else could be an option or a name that somebody chose. */
function commitAt(value: Payload | undefined, name: string): string | undefined {
  const text = textAt(value, name);
  return text !== undefined && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text) ? text : undefined;
}
