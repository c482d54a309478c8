import { buildKustomization, emitStream } from '../../build/index.js';
import { type Tree, textAt } from '../../files/file-map.js';
import { isEmptyChangeset } from '../../publish/changeset.js';
import { planEjection } from '../../publish/eject.js';
import { StateError } from '../../publish/errors.js';
import { hasConflictMarkers } from '../../publish/merge.js';
import { roleOf } from '../../spec/read.js';
import type { CommandDefinition } from '../command.js';
import { exitCode } from '../io.js';
import { refuseIdle } from '../pr-options.js';
import { openWorkspace, withFiles } from '../workspace.js';
import { applyOrCommit, showOnly, writeFlags } from '../write.js';
import { sayChanges } from '../write-words.js';

export const command: CommandDefinition = {
  name: 'eject',
  description:
    'Leaves: removes the records, locks and schemas of gitops-gen and its marks in files. What remains is plain Kustomize and Argo CD; every folder builds to the same bytes, which is checked before anything is written.',
  arguments: [],
  options: [
    {
      flags: '--with-specs',
      description:
        'also remove the files that only gitops-gen reads (gitops-gen.yaml, families, policies, inventories)',
    },
    ...writeFlags(['--dry-run', '--commit', '--message', '--no-sign', '--lock-timeout']),
  ],
  examples: [
    { command: 'eject --dry-run', does: 'see what would go' },
    { command: 'eject --with-specs --commit', does: 'leave, in one commit' },
  ],
  async run(context) {
    const { options } = context;
    refuseIdle(context);
    const { root, tree } = await openWorkspace(context);
    refuseConflicts(tree);
    const specs = [...tree.files.keys()].filter((path) => roleOf(path) !== undefined);
    const ejection = planEjection(tree.files, { specs, withSpecs: options['withSpecs'] === true });
    const { changeset } = ejection;
    const gone = changeset.deletes.map(({ path }): [string, undefined] => [path, undefined]);
    const after = withFiles(tree, new Map<string, string | Uint8Array | undefined>([...changeset.result, ...gone]));
    await context.progress('building everything, before and after');
    const built = compare(tree, after);
    await context.progress(undefined);
    const records = changeset.deletes.filter(({ role }) => role === 'record').length;
    const goes = `  removed  .gitops-gen/ (${records} files: records, locks, schemas)`;
    if (options['dryRun'] === true) {
      if (records > 0) await context.say(goes);
      return showOnly(context, changeset);
    }
    const { commit } = await applyOrCommit(context, root, changeset, 'Leave gitops-gen');
    await context.say(`ejected: ${built} kustomizations build to the same bytes as before`);
    if (records > 0) await context.say(goes);
    if (isEmptyChangeset(changeset)) await context.say('nothing changed: nothing of gitops-gen was left');
    else await sayChanges(context, changeset);
    if (commit !== undefined) await context.say(`committed as ${commit.slice(0, 12)}`);
    if (ejection.specs.length > 0)
      await context.say(
        `note: ${ejection.specs.length} files stay that only gitops-gen reads (${ejection.specs.slice(0, 3).join(', ')}, …); versions/ is part of the overlays\n  gitops-gen validate judges this repository as before; eject --with-specs removes them`,
      );
    if (records > 0 && (textAt(after.files, 'README.md') ?? '').includes('gitops-gen'))
      await context.say('note: README.md still tells how to work with gitops-gen: it is yours to change now');
    return exitCode.ok;
  },
};

function refuseConflicts({ files }: Tree): void {
  const [path] = [...files.keys()].filter((each) => hasConflictMarkers(textAt(files, each) ?? ''));
  if (path === undefined) return;
  throw new StateError('unresolved', `${path} holds a conflict that nobody resolved yet`, 'Resolve it first.', [path]);
}

/** Builds every kustomization of both trees; how many there are. Throws where one would build otherwise. */
function compare(before: Tree, after: Tree): number {
  const folders = [...before.files.keys()].flatMap((path) => {
    const match = /^(?:(.*)\/)?kustomization\.ya?ml$/.exec(path);
    return match === null || !/^kind: Kustomization$/m.test(textAt(before.files, path) ?? '') ? [] : [match[1] ?? ''];
  });
  const build = (tree: Tree, folder: string) => emitStream(buildKustomization(tree, folder, () => {}).resources);
  const different = folders.filter((folder) => build(before, folder) !== build(after, folder));
  if (different.length === 0) return folders.length;
  throw new StateError(
    'edited',
    `${different[0]} would build to something else without gitops-gen`,
    'Nothing was written. Look at what it takes from .gitops-gen/, and copy that.',
    different,
  );
}
