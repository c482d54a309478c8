import { join } from 'node:path';
import { buildKustomization, emitStream } from '../../build/index.js';
import type { Problem } from '../../diagnostics/diagnostic.js';
import { buildExternally, causeOf, type EngineName } from '../../io/external-kustomize.js';
import { readTree } from '../../io/read-tree.js';
import { discover, rootsOf } from '../../repository/discover.js';
import type { CommandDefinition } from '../command.js';
import { engineLimits, engineOf, limitOptions } from '../engine.js';
import { exitCode } from '../io.js';
import { repositoryRoot } from '../roots.js';

export const command: CommandDefinition = {
  name: 'verify',
  description:
    'Builds every kustomization that nobody includes with both engines and shows the first difference of each. Exit code 1 where they differ.',
  arguments: [],
  options: [
    {
      flags: '--against <engine>',
      description: 'the engine on PATH',
      choices: ['kustomize', 'kubectl'],
      default: 'kustomize',
    },
    ...limitOptions,
  ],
  examples: [
    { command: 'verify --against kustomize', does: 'is our build the same as theirs' },
    { command: 'verify --against kubectl', does: 'with the Kustomize of kubectl' },
  ],
  async run(context) {
    const { io, options, global } = context;
    const engine = await engineOf(options['against'] as EngineName, io.env);
    const limits = engineLimits(options);
    const root = repositoryRoot(global.directory) ?? global.directory;
    const tree = await readTree(root);
    const dirs = rootsOf(discover(tree));
    let different = 0;
    await context.progress(`building ${dirs.length} kustomizations with both engines`);
    for (const dir of dirs) {
      const problems: Problem[] = [];
      const ours = buildKustomization(tree, dir, (problem) => problems.push(problem));
      const theirs = await buildExternally(engine, join(root, dir), io.env, limits);
      const answer = compare(
        ours.ok
          ? { stream: emitStream(ours.resources) }
          : { refusal: problems.find(({ severity }) => severity === 'error')?.message ?? 'refused' },
        theirs.ok ? { stream: theirs.output } : { refusal: causeOf(theirs.errors) },
      );
      if (answer === undefined) continue;
      different += 1;
      await context.progress(undefined);
      await io.stdout(`${dir === '' ? '.' : dir}\n${answer}\n`);
    }
    await context.progress(undefined);
    const version = `${engine.name} (Kustomize ${engine.version})`;
    await context.say(
      `${dirs.length} kustomizations, ${dirs.length - different} the same as ${version}, ${different} different`,
    );
    return different === 0 && dirs.length > 0 ? exitCode.ok : exitCode.findings;
  },
};

interface Answer {
  readonly stream?: string;
  readonly refusal?: string;
}

/** What differs, or undefined where both say the same: the same bytes, or both refuse. */
function compare(ours: Answer, theirs: Answer): string | undefined {
  if (ours.stream === undefined || theirs.stream === undefined) {
    if (ours.stream === theirs.stream) return undefined;
    return ours.stream === undefined
      ? `  we refuse: ${ours.refusal}\n  they build it`
      : `  we build it\n  they refuse: ${theirs.refusal}`;
  }
  if (ours.stream === theirs.stream) return undefined;
  const [a, b] = [ours.stream.split('\n'), theirs.stream.split('\n')];
  const line = a.findIndex((text, index) => text !== b[index]);
  const at = line < 0 ? a.length : line;
  return `  line ${at + 1}\n  ours   ${a[at] ?? '(end)'}\n  theirs ${b[at] ?? '(end)'}`;
}
