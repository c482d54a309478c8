import type { Place, Problem } from '../diagnostics/diagnostic.js';
import { firstFew } from '../diagnostics/few.js';

interface Group {
  readonly problem: Problem;
  readonly askedAt: Place;
  /** What is said, each with what its finding is about. */
  readonly messages: Map<string, string | undefined>;
  readonly revisions: Set<string>;
}

/**
 * What is wrong in revisions that are not on disk. It can only be shown where a revision is asked for, and all of it would stand in that one
 * line: so what one rule says of one file there is one problem, however many entries and revisions it is about.
 */
export class PinnedProblems {
  private readonly groups = new Map<string, Group>();

  add(problem: Problem, revision: string, askedAt: Place): void {
    const { ruleId, severity, at, message, key } = problem;
    const id = JSON.stringify([ruleId, severity, at.file, askedAt]);
    const group = this.groups.get(id) ?? { problem, askedAt, messages: new Map(), revisions: new Set() };
    this.groups.set(id, group);
    group.messages.set(message, key !== undefined && message.includes(key) ? key : undefined);
    group.revisions.add(revision);
  }

  problems(): readonly Problem[] {
    return [...this.groups.values()].map(({ problem, askedAt, messages, revisions }) => {
      const others = [...messages.values()].slice(1);
      const where = `${problem.at.file} at ${revisions.size === 1 ? 'revision' : 'revisions'} ${firstFew([...revisions])}`;
      const names = others.flatMap((each) => each ?? []);
      const named = names.length === others.length ? `: ${firstFew(names)}` : '';
      const more = others.length === 0 ? '' : `, and the same of ${others.length} more there${named}`;
      return {
        ...problem,
        message: `${problem.message} (${where}${more})`,
        at: askedAt,
        related: [],
        ...(others.length === 0 ? {} : { key: problem.at.file }),
      };
    });
  }
}
