import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { runAction as judgeAction } from '../../src/action/action.js';
import { runComment } from '../../src/action/comment.js';
import type { Io } from '../../src/cli/io.js';

/** A runner of GitHub Actions, as far as the composite action of this package needs one. */

export const project = resolve(import.meta.dirname, '../..');

interface Step {
  readonly id?: string;
  readonly name: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly shell?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly 'working-directory'?: string;
}

export interface ActionFile {
  readonly inputs: Readonly<Record<string, { readonly default?: string; readonly description: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

export const action = parse(readFileSync(join(project, 'action.yml'), 'utf8')) as ActionFile;

export interface RunOptions {
  readonly workspace: string;
  readonly temp: string;
  readonly event: { readonly name: string; readonly payload: object | string };
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Default true: a process costs a second. */
  readonly inProcess?: boolean;
}

export interface Ran {
  /** The exit code of the first step that failed, or 0. */
  readonly code: number;
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** What the runner would have obeyed, in order. */
  readonly commands: readonly Command[];
  /** The environment of each step that ran, by its name. */
  readonly environments: Readonly<Record<string, Readonly<Record<string, string | undefined>>>>;
  readonly skipped: readonly string[];
}

export const token = 'ghs_canaryCanaryCanaryCanaryCanary01';

/**
 * Runs the steps of action.yml one after the other, as a runner does: each in a shell of its own, or (`inProcess`) with the
 * function that the shell would start, given the same environment.
 */
export async function runAction(options: RunOptions): Promise<Ran> {
  const { workspace, temp, event, inputs = {}, env = {}, inProcess = true } = options;
  mkdirSync(temp, { recursive: true });
  const folder = mkdtempSync(join(temp, 'run-'));
  const files = { GITHUB_OUTPUT: 'output', GITHUB_STEP_SUMMARY: 'summary', GITHUB_ENV: 'env', GITHUB_PATH: 'path' };
  for (const file of Object.values(files)) writeFileSync(join(folder, file), '');
  const { payload } = event;
  writeFileSync(join(folder, 'event.json'), typeof payload === 'string' ? payload : JSON.stringify(payload));
  const base: Record<string, string | undefined> = {
    PATH: process.env['PATH'],
    HOME: folder,
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_WORKSPACE: workspace,
    GITHUB_REPOSITORY: 'acme/fleet',
    GITHUB_EVENT_NAME: event.name,
    GITHUB_EVENT_PATH: join(folder, 'event.json'),
    GITHUB_RUN_ID: '100',
    GITHUB_RUN_ATTEMPT: '1',
    RUNNER_TEMP: folder,
    ...Object.fromEntries(Object.entries(files).map(([name, file]) => [name, join(folder, file)])),
  };
  const outputs: Record<string, Record<string, string>> = {};
  const scope = (name: string): string => {
    const [space, first = '', , last = ''] = name.split('.');
    if (space === 'inputs')
      return inputs[first] ?? (action.inputs[first]?.default ?? '').replace('${{ github.token }}', token);
    if (name === 'github.action_path') return project;
    if (space === 'steps') return outputs[first]?.[last] ?? '';
    throw new Error(`the runner of the tests does not know ${name}`);
  };
  const expand = (text: string): string =>
    text.replace(/\$\{\{(.*?)\}\}/g, (_, expression: string) => String(evaluate(expression, scope)));
  let log = '';
  let code = 0;
  const environments: Record<string, Record<string, string | undefined>> = {};
  const skipped: string[] = [];
  for (const step of action.runs.steps) {
    const condition = (step.if ?? '').replace(/^\$\{\{|\}\}$/g, '');
    const goesOn = code === 0 || /always\(\)|cancelled\(\)/.test(condition);
    if (!goesOn || (condition !== '' && !evaluate(condition, scope)) || step.run === undefined) {
      skipped.push(step.name);
      continue;
    }
    const own = Object.fromEntries(Object.entries(step.env ?? {}).map(([name, value]) => [name, expand(value)]));
    const all = { ...base, ...own, ...env };
    environments[step.name] = all;
    writeFileSync(join(folder, 'output'), '');
    if (inProcess && step.id === 'install') continue;
    const done = inProcess
      ? await call(step.run, workspace, all)
      : shell(step.run, expand(step['working-directory'] ?? workspace), all);
    log += done.log;
    if (step.id !== undefined) outputs[step.id] = readOutputs(readFileSync(join(folder, 'output'), 'utf8'));
    if (code === 0) code = done.code;
  }
  return {
    code,
    log,
    outputs: Object.fromEntries(
      Object.entries(action.outputs)
        .map(([name, { value }]) => [name, expand(value)] as const)
        .filter(([, value]) => value !== ''),
    ),
    summary: readFileSync(join(folder, 'summary'), 'utf8'),
    commands: commandsIn(log),
    environments,
    skipped,
  };
}

interface Done {
  readonly code: number;
  readonly log: string;
}

function shell(script: string, cwd: string, env: NodeJS.ProcessEnv): Done {
  const done = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
    cwd,
    encoding: 'utf8',
    env,
    maxBuffer: 64 * 1024 * 1024,
  });
  return { code: done.status ?? 128, log: done.stdout + done.stderr };
}

async function call(script: string, cwd: string, env: NodeJS.ProcessEnv): Promise<Done> {
  const words = script.trim();
  if (words !== 'node "$ENTRY"' && words !== 'node "$ENTRY" comment') throw new Error(`unknown step: ${words}`);
  let log = '';
  const print = async (text: string) => {
    log += text;
  };
  const io: Io = {
    stdout: print,
    stderr: print,
    stdin: async () => '',
    env,
    cwd,
    tty: { stdin: false, stdout: false, stderr: false },
    columns: 80,
    now: () => Date.UTC(2026, 10, 21, 12),
    onInterrupt: () => () => {},
  };
  const work = words.endsWith('comment') ? runComment : judgeAction;
  return { code: await work(io), log };
}

/** The file of outputs: `name=value`, or `name<<DELIMITER` with lines to that. */
export function readOutputs(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] as string;
    const heredoc = /^([^=]*?)<<(.+)$/.exec(line);
    if (heredoc !== null) {
      const end = lines.indexOf(heredoc[2] as string, at + 1);
      if (end < 0) throw new Error(`no end of output ${heredoc[1]}`);
      found[heredoc[1] as string] = lines.slice(at + 1, end).join('\n');
      at = end;
    } else if (line.includes('=')) found[line.slice(0, line.indexOf('='))] = line.slice(line.indexOf('=') + 1);
  }
  return found;
}

export interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

/**
 * The commands of a log, by the rules of the runner (actions/runner, ActionCommand.cs and ActionCommandManager.cs): `::name
 * key=value,…::data` at the start of a line after white space, or `##[name key=value;…]data` anywhere in it; between
 * `::stop-commands::token` and `::token::` nothing else is one.
 */
export function commandsIn(log: string): Command[] {
  const found: Command[] = [];
  let stopped: string | undefined;
  for (const line of log.split(/\r?\n/)) {
    if (stopped !== undefined) {
      if (line.trim() === `::${stopped}::`) stopped = undefined;
      continue;
    }
    const second = /^::([^\s:]+)(?: (.*?))?::(.*)$/.exec(line.trim());
    const first = /##\[([^\s\]]+)(?: ([^\]]*))?\](.*)$/.exec(line);
    const match = second ?? first;
    if (match === null) continue;
    const [, name = '', properties = '', data = ''] = match;
    if (name === 'stop-commands') stopped = data;
    else
      found.push({
        name,
        data: unescapeData(data),
        properties: Object.fromEntries(
          properties
            .split(second === null ? ';' : ',')
            .filter((each) => each.includes('='))
            .map((each) => [each.slice(0, each.indexOf('=')).trim(), unescapeData(each.slice(each.indexOf('=') + 1))]),
        ),
      });
  }
  if (stopped !== undefined) throw new Error('commands were never taken up again');
  return found;
}

function unescapeData(text: string): string {
  const signs: Record<string, string> = { '%0D': '\r', '%0A': '\n', '%3A': ':', '%2C': ',', '%25': '%' };
  return text.replace(/%(?:0D|0A|3A|2C|25)/g, (sign) => signs[sign] as string);
}

/** Expressions of GitHub Actions: names, texts, `==`, `!=`, `&&`, `||`, `!`, and the functions of states. */
function evaluate(expression: string, scope: (name: string) => string): string | boolean {
  const tokens = expression.match(/'[^']*'|[\w.-]+\(\)|[\w.-]+|==|!=|&&|\|\||!/g) ?? [];
  const value = (): string | boolean => {
    const next = tokens.shift() ?? '';
    if (next === '!') return !truth(value());
    if (next.startsWith("'")) return next.slice(1, -1);
    if (next.endsWith('()')) return next !== 'cancelled()' && next !== 'failure()';
    return next === 'true' || next === 'false' ? next === 'true' : scope(next);
  };
  const comparison = (): string | boolean => {
    const left = value();
    if (tokens[0] !== '==' && tokens[0] !== '!=') return left;
    return (tokens.shift() === '==') === (String(left) === String(value()));
  };
  const all = (): string | boolean => {
    let left = comparison();
    while (tokens[0] === '&&') {
      tokens.shift();
      const right = comparison();
      left = truth(left) ? right : left;
    }
    return left;
  };
  let left = all();
  while (tokens[0] === '||') {
    tokens.shift();
    const right = all();
    left = truth(left) ? left : right;
  }
  return left;
}

function truth(value: string | boolean): boolean {
  return value !== '' && value !== false;
}
