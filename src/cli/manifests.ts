import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { itemsOf } from '../capacity/index.js';
import type { JsonObject, OnProblem } from '../diagnostics/diagnostic.js';
import { errnoOf, ioError } from '../publish/errors.js';
import { readYaml } from '../yaml/read.js';
import { type CommandContext, UsageError } from './command.js';

/** `kubectl get pods -A -o json` of a large cluster is large. */
const maxBytes = 256 * 1024 * 1024;

/** The text of a file that a flag names, or of standard input for `-`. Throws UsageError where it is no file. */
export async function textOfFile({ io, global }: CommandContext, name: string): Promise<string> {
  if (name === '-') return io.stdin();
  const path = resolve(global.directory, name);
  try {
    const facts = await stat(path);
    if (!facts.isFile()) throw new UsageError(`${name} is not a regular file`);
    if (facts.size > maxBytes) throw new UsageError(`${name} has ${facts.size} bytes, at most ${maxBytes} are read`);
    return await readFile(path, 'utf8');
  } catch (error) {
    throw unreadable(error, name, path);
  }
}

/** What is said of a file that a call names and that cannot be read: one that is not there is a mistake of the call. */
export function unreadable(error: unknown, name: string, path: string): Error {
  if (error instanceof UsageError) return error;
  return errnoOf(error) === 'ENOENT' ? new UsageError(`there is no file ${name}`) : ioError(error, 'read', path);
}

/** The objects of a YAML or JSON text; the items of a List are its objects. */
export function manifestsIn(file: string, text: string, onProblem: OnProblem): readonly JsonObject[] {
  // What kubectl prints is JSON, large, and nobody's handwriting: it needs no places.
  if (text.trimStart().startsWith('{')) {
    try {
      return itemsOf(JSON.parse(text) as JsonObject);
    } catch {
      // It may still be YAML in flow style; the reader says what is wrong and where.
    }
  }
  return readYaml(file, text, onProblem).flatMap(({ value }) => (value === null ? [] : itemsOf(value)));
}
