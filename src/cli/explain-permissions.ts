import { deployersOf, explainPermission, type PermissionLine } from '../check/explain-permission.js';
import { didYouMean } from '../diagnostics/closest.js';
import { type FileMap, textAt } from '../files/file-map.js';
import type { Repository } from '../repository/index.js';
import type { Application, KubeObject } from '../repository/model.js';
import { rangeOf } from '../yaml/range.js';
import { type CommandContext, UsageError } from './command.js';
import { type ExitCode, exitCode } from './io.js';
import { readRequested } from './judge.js';
import { printJson } from './options.js';
import { targetOf } from './target.js';

/** Prints what the projects of an Application, or of those that deploy an object, permit, and which entries say so. */
export async function explainPermissions(context: CommandContext, what: string): Promise<ExitCode> {
  const { io, options } = context;
  const target = await targetOf({ ...context, arguments: [] });
  const version = options['argocdVersion'] as string | undefined;
  const { repository } = await readRequested({ ...target, ...(version && { argocdVersion: version }) });
  await context.progress(undefined);
  const { files } = target.tree;
  const answers = chosen(repository, what).map(([application, objects]) => ({
    application: application.name,
    project: application.project,
    lines: explainPermission(repository, application, objects)?.map((line) => located(line, files)),
  }));
  await io.stdout(options['format'] === 'json' ? printJson(answers) : answers.map(asText).join('\n'));
  return exitCode.ok;
}

/** The Applications that are meant; with one object of theirs, where that is what is asked about. */
function chosen(
  repository: Repository,
  what: string,
): readonly (readonly [Application, readonly KubeObject[] | undefined])[] {
  const slash = what.indexOf('/');
  const [kind, name] = [what.slice(0, slash), what.slice(slash + 1)];
  const own = kind === 'Application' ? repository.applications.filter((each) => each.name === name) : [];
  if (own.length > 0) return own.map((each) => [each, undefined]);
  const deployers = [...deployersOf(repository, kind, name)];
  if (deployers.length > 0) return deployers;
  const known = new Set([
    ...repository.applications.map((each) => `Application/${each.name}`),
    ...repository.deployed.flatMap(({ object, application }) =>
      application === undefined ? [] : [`${object.kind}/${object.name}`],
    ),
  ]);
  throw new UsageError(
    `no Application of this repository is or deploys ${what}`,
    didYouMean(what, [...known]) ?? 'Write Application/name, or Kind/name of an object that an Application deploys.',
  );
}

interface Located extends Omit<PermissionLine, 'at'> {
  readonly file: string | undefined;
  readonly line: number | undefined;
}

function located({ at, ...line }: PermissionLine, files: FileMap): Located {
  const text = at === undefined ? undefined : textAt(files, at.file);
  return {
    ...line,
    file: at?.file,
    line: at === undefined || text === undefined ? undefined : rangeOf(text, at).start.line,
  };
}

interface Explained {
  readonly application: string;
  readonly project: string;
  readonly lines: readonly Located[] | undefined;
}

function asText({ application, project, lines }: Explained): string {
  const head = `Application ${application}, AppProject ${project}\n`;
  if (lines === undefined) {
    const reason =
      project === 'default'
        ? 'Argo CD makes it, and it permits everything unless somebody changed it'
        : 'what it permits is decided there';
    return `${head}  the project is not in this repository: ${reason}\n`;
  }
  const body = lines.map(({ verdict, question, entry, file, line, because, needs }) => {
    const place = file === undefined ? '' : ` (${line === undefined ? file : `${file}:${line}`})`;
    const why = needs !== undefined ? `needs ${needs}` : entry !== undefined ? `by ${entry}${place}` : because;
    return `  ${verdict.padEnd(11)}  ${question}\n${' '.repeat(15)}${why ?? ''}\n`;
  });
  return head + body.join('');
}
