import type { Problem } from '../diagnostics/diagnostic.js';
import type { FileMap, Tree } from '../files/file-map.js';
import { finding } from '../report/text.js';
import { toDiagnostics } from '../yaml/locate.js';
import type { CommandContext } from './command.js';
import { painter } from './painter.js';

export { painter } from './painter.js';

/** Problems for a person: place, what, the line with a caret, what would be right. Empty where there are none. */
export function describeProblems(problems: readonly Problem[], files: FileMap, color: boolean): string {
  return toDiagnostics(problems, files)
    .map((diagnostic) => `${finding(diagnostic, files, painter(color))}\n\n`)
    .join('');
}

/** Says what is wrong with the files that people write, where that stops every command that changes something. */
export async function refusesFaults(
  { io, global, say }: CommandContext,
  { problems, tree }: { readonly problems: readonly Problem[]; readonly tree: Tree },
): Promise<boolean> {
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return false;
  await io.stderr(describeProblems(errors, tree.files, global.color.stderr));
  await say(`${errors.length} error${errors.length === 1 ? '' : 's'}: nothing was written`);
  return true;
}

/** Whether any of them stops what is to be written. */
export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some(({ severity }) => severity === 'error');
}
