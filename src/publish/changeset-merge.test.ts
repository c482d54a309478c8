import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FileMap } from '../files/file-map.js';
import {
  basesWanted,
  type Changeset,
  type ChangesetInput,
  isBlocked,
  isEmptyChangeset,
  keptBase,
  planChangeset,
  withMarkers,
} from './changeset.js';
import { basePath, pristineOf, readOwnership } from './ownership.js';

/** A repository in memory, with what git would still know of it. */
class Memory {
  files = new Map<string, string>();
  private readonly history = new Map<string, string>();

  input(desired: Record<string, string>, more: Partial<ChangesetInput> = {}): ChangesetInput {
    const ownership = readOwnership(this.files, (problem) => expect.fail(problem.message));
    const input = { desired: new Map(Object.entries(desired)), present: this.files as FileMap, ownership, ...more };
    const bases = new Map<string, readonly string[]>();
    for (const [path, pristine] of basesWanted(input)) {
      const known = pristine.map((one) => keptBase(this.files, path, one) ?? this.history.get(one.sha256));
      bases.set(
        path,
        known.filter((one) => one !== undefined),
      );
    }
    return { ...input, bases, ...more };
  }

  run(desired: Record<string, string>, more: Partial<ChangesetInput> = {}): Changeset {
    const changeset = planChangeset(this.input(desired, more));
    if (isBlocked(changeset)) return changeset;
    this.apply(changeset);
    return changeset;
  }

  apply(changeset: Changeset): void {
    for (const one of changeset.deletes) this.files.delete(one.path);
    for (const one of changeset.writes) this.files.set(one.path, String(one.content));
  }

  /** Commits everything: git knows these texts from now on. */
  commit(): void {
    for (const text of this.files.values()) this.history.set(pristineOf(text).sha256, text);
  }
}

const v1 = 'kind: A\nreplicas: 1\nimage: x:1\nport: 80\n';
const v2 = 'kind: A\nreplicas: 1\nimage: x:2\nport: 80\n';
const edited = '# ours\nkind: A\nreplicas: 1\nimage: x:1\nport: 80\n';

function edits(text = edited): Memory {
  const memory = new Memory();
  memory.run({ f: v1 });
  memory.commit();
  memory.files.set('f', text);
  return memory;
}

describe('an edited file', () => {
  it('takes what is new and keeps what people wrote', () => {
    const memory = edits();
    const changeset = memory.run({ f: v2 });
    expect(changeset.merged).toEqual([{ path: 'f', changed: true }]);
    expect(memory.files.get('f')).toBe('# ours\nkind: A\nreplicas: 1\nimage: x:2\nport: 80\n');
    expect(isEmptyChangeset(planChangeset(memory.input({ f: v2 })))).toBe(true);
  });

  it('is left where nothing is new', () => {
    const memory = edits();
    expect(memory.run({ f: v1 }).merged).toEqual([{ path: 'f', changed: false }]);
    expect(memory.files.get('f')).toBe(edited);
  });

  it('keeps its base beside the records, so that the next merge needs no history', () => {
    const memory = edits();
    memory.run({ f: v2 });
    expect(memory.files.get('.gitops-gen/base/f.base')).toBe(v2);
    const shallow = new Memory();
    shallow.files = new Map(memory.files);
    shallow.run({ f: v2.replace('80', '81') });
    expect(shallow.files.get('f')).toBe('# ours\nkind: A\nreplicas: 1\nimage: x:2\nport: 81\n');
  });

  it('needs no base any more when it is as it was generated', () => {
    const memory = edits();
    memory.run({ f: v2 });
    memory.files.set('f', v2);
    memory.run({ f: v2 });
    expect([...memory.files.keys()].sort()).toEqual(['.gitops-gen/owned/f.txt', 'f']);
  });

  it('and no base known: says so, and everything that differs is in conflict', () => {
    const memory = edits();
    const changeset = planChangeset({ ...memory.input({ f: v2 }), bases: new Map() });
    expect(changeset.conflicts).toMatchObject([{ path: 'f', action: 'merge', sides: { ours: edited, theirs: v2 } }]);
    expect(changeset.conflicts[0]?.sides).not.toHaveProperty('base');
  });

  it('is overwritten where force is asked for', () => {
    const memory = edits();
    memory.run({ f: v2 }, { force: true });
    expect(memory.files.get('f')).toBe(v2);
  });
});

it('of two branches, one of which is what is generated now: what git took over from the other is no edit', () => {
  const one = 'resources:\n  - b\nend\n';
  const two = 'resources:\n  - a\n  - b\n  - c\nend\n';
  const mixed = (edit = '') => `${edit}resources:\n  - b\n  - c\nend\n`;
  const now = (present: string) =>
    planChangeset({
      desired: new Map([['f', one]]),
      present: new Map([['f', present]]),
      ownership: new Map([['f', [pristineOf(one), pristineOf(two)]]]),
      bases: new Map([['f', [one, two]]]),
    }).result.get('f');
  expect(now(mixed())).toBe(one);
  expect(now(mixed('# ours\n'))).toBe(`# ours\n${one}`);
  expect(now(`# ours\n${one}`)).toBe(`# ours\n${one}`);
});

describe('a conflict', () => {
  const memory = () => edits(v1.replace('x:1', 'x:mine'));

  it('stops the run, shows its markers, and can be written for people to resolve', () => {
    const repository = memory();
    const blocked = repository.run({ f: v2, g: 'new\n' });
    expect(repository.files.has('g')).toBe(false);
    expect(blocked.conflicts[0]?.difference).toContain(
      '+<<<<<<< edited\n image: x:mine\n+||||||| generated before\n+image: x:1\n+=======\n+image: x:2\n',
    );
    const { changeset, stages } = withMarkers(blocked);
    expect(isBlocked(changeset)).toBe(false);
    expect([...stages.keys()]).toEqual(['f']);
    expect(stages.get('f')).toMatchObject({ base: v1, theirs: v2 });
    repository.apply(changeset);
    expect(repository.files.get('g')).toBe('new\n');
    expect(repository.run({ f: v2, g: 'new\n' }).refused).toMatchObject([{ path: 'f', reason: 'unresolved' }]);
  });

  it('stays resolved once it is', () => {
    const repository = memory();
    repository.apply(withMarkers(repository.run({ f: v2 })).changeset);
    repository.files.set('f', v2.replace('x:2', 'x:2-mine'));
    expect(repository.run({ f: v2 }).merged).toEqual([{ path: 'f', changed: false }]);
    repository.run({ f: v2.replace('A', 'B') });
    expect(repository.files.get('f')).toBe(v2.replace('x:2', 'x:2-mine').replace('A', 'B'));
  });
});

describe('what people took away or took over', () => {
  it('stays deleted, and is said, until force brings it back', () => {
    const memory = edits();
    memory.files.delete('f');
    expect(memory.run({ f: v2 }).kept).toEqual([{ path: 'f', reason: 'deleted' }]);
    expect(memory.run({ f: v1 }).kept).toEqual([{ path: 'f', reason: 'deleted' }]);
    expect(memory.files.has('f')).toBe(false);
    memory.run({ f: v2 }, { force: true });
    expect(memory.files.get('f')).toBe(v2);
  });

  it('stays where it is generated no more and was edited, and is theirs from then on', () => {
    const memory = edits();
    expect(memory.run({}).kept).toEqual([{ path: 'f', reason: 'edited' }]);
    expect([...memory.files]).toEqual([['f', edited]]);
    expect(isEmptyChangeset(memory.run({}))).toBe(true);
  });

  describe('of two branches that were merged', () => {
    const [one, two] = [v1.replace('replicas: 1\n', ''), v1.replace('port: 80\n', '')];
    const mixed = 'kind: A\nimage: x:1\n';
    const gone = (present: string, more: Partial<ChangesetInput> = {}) =>
      planChangeset({
        desired: new Map(),
        present: new Map([['f', present]]),
        ownership: new Map([['f', [pristineOf(one), pristineOf(two)]]]),
        bases: new Map([['f', [one, two]]]),
        ...more,
      });
    const kept = (changeset: Changeset) => [
      changeset.deletes.map(({ path }) => path),
      changeset.result.get('f') ?? changeset.kept,
      changeset.conflicts.length,
    ];
    const branches = (ours?: string, theirs?: string) => ({
      branches: new Map([
        [
          'f',
          {
            oursBases: [one],
            theirsBases: [two],
            ...(ours === undefined ? {} : { ours }),
            ...(theirs === undefined ? {} : { theirs }),
          },
        ],
      ]),
    });

    it('goes where it holds what was generated and nothing else, however git put it together', () => {
      expect(kept(gone(mixed))).toEqual([['f'], [], 0]);
      expect(kept(gone(`# ours\n${mixed}`))).toEqual([[], [{ path: 'f', reason: 'edited' }], 0]);
      expect(kept(gone(mixed, { bases: new Map([['f', [one]]]) }))).toEqual([[], [{ path: 'f', reason: 'edited' }], 0]);
    });

    it('and that git left in conflict goes too, and stays with the edits of either', () => {
      const marked = '<<<<<<< ours\n=======\n>>>>>>> theirs\n';
      expect(kept(gone(marked, branches(one, two)))).toEqual([['f'], [], 0]);
      expect(kept(gone(marked, branches(`# ours\n${one}`, two)))).toEqual([[], `# ours\n${one}`, 0]);
      expect(kept(gone(marked, branches(one, `# theirs\n${two}`)))).toEqual([[], `# theirs\n${two}`, 0]);
      expect(kept(gone(`# theirs\n${two}`, branches(undefined, `# theirs\n${two}`)))).toEqual([
        [],
        `# theirs\n${two}`,
        0,
      ]);
      expect(kept(gone(two, branches(undefined, two)))).toEqual([['f'], [], 0]);
      const both = gone(marked, branches(`# ours\n${one}`, `# theirs\n${one}`));
      expect(both.conflicts).toMatchObject([
        { path: 'f', sides: { ours: `# ours\n${one}`, theirs: `# theirs\n${one}` } },
      ]);
    });
  });

  it('stays with an edit of one branch, although it was deleted on the other', () => {
    const input = {
      desired: new Map([['f', v2]]),
      present: new Map([['f', edited]]),
      ownership: new Map([['f', [pristineOf(v1)]]]),
      bases: new Map([['f', [v1]]]),
    };
    const merged = planChangeset({ ...input, branches: new Map([['f', { theirs: edited, theirsBases: [v1] }]]) });
    expect(merged.result.get('f')).toBe(`# ours\n${v2}`);
    const deleted = planChangeset({ ...input, branches: new Map([['f', { theirs: v1, theirsBases: [v1] }]]) });
    expect(deleted.kept).toEqual([{ path: 'f', reason: 'deleted' }]);
  });

  it('a base is kept where no manifest is looked for', () => {
    expect(basePath('applications/m/base/kustomization.yaml')).toBe(
      '.gitops-gen/base/applications/m/base/kustomization.yaml.base',
    );
  });
});

it('through any run of releases and edits no line of people and no line of a release is lost in silence', () => {
  const lines = Array.from({ length: 8 }, (_, index) => `line ${index}`);
  const step = fc.oneof(
    fc.record({ who: fc.constant('people' as const), at: fc.nat(7), word: fc.constantFrom('p', 'q') }),
    fc.record({ who: fc.constant('release' as const), at: fc.nat(7), word: fc.constantFrom('r', 's') }),
    fc.record({ who: fc.constant('commit' as const), at: fc.nat(7), word: fc.constant('') }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
      const memory = new Memory();
      const released = [...lines];
      const text = () => `${released.join('\n')}\n`;
      memory.run({ f: text() });
      memory.commit();
      const written = new Set<string>();
      for (const [index, { who, at, word }] of steps.entries()) {
        if (who === 'commit') memory.commit();
        else if (who === 'release') released[at] = `${word}${index}`;
        else {
          const now = (memory.files.get('f') ?? '').split('\n');
          now.splice(at, 0, `${word}${index}`);
          memory.files.set('f', now.join('\n'));
          written.add(`${word}${index}`);
        }
        let changeset = memory.run({ f: text() });
        if (isBlocked(changeset)) {
          // People resolve it by taking both sides.
          changeset = withMarkers(changeset).changeset;
          memory.apply(changeset);
          const both = (memory.files.get('f') ?? '').replace(/^(?:<{7}|={7}|>{7}).*\n|^\|{7}[\s\S]*?(?==)/gmu, '');
          memory.files.set('f', both);
          memory.run({ f: text() });
        }
        const stands = (memory.files.get('f') ?? '').split('\n');
        for (const line of written) expect(stands).toContain(line);
        for (const line of released) expect(stands).toContain(line);
        expect(isEmptyChangeset(planChangeset(memory.input({ f: text() })))).toBe(true);
      }
    }),
    { seed: 71, numRuns: process.env['GITOPS_GEN_DEEP'] ? 5000 : 400 },
  );
});
