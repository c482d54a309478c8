import type { GitHubDescription } from './openapi.js';
import type { Pull } from './pulls.js';

/** What the shapes speak of. */
export interface ShapeFacts {
  readonly owner: string;
  readonly name: string;
  readonly private: boolean;
  readonly archived: boolean;
}

/** Answers in the shape that GitHub's description gives them: the least that it takes, with what is known here. */
export class Shapes {
  constructor(
    private readonly description: GitHubDescription,
    private readonly options: ShapeFacts,
    private readonly origin: () => string,
    private readonly tip: (branch: string) => string | undefined,
  ) {}

  sample(name: string): Record<string, unknown> {
    return this.description.sample(name);
  }

  private get fullName(): string {
    return `${this.options.owner}/${this.options.name}`;
  }

  user(login: string): Record<string, unknown> {
    return { ...this.description.sample('simple-user'), login };
  }

  label(name: string): Record<string, unknown> {
    return { ...this.description.sample('label'), id: 1, name };
  }

  comment({ id, body }: { id: number; body: string }): Record<string, unknown> {
    return { ...this.description.sample('issue-comment'), id, body, user: this.user('writer') };
  }

  repository(): Record<string, unknown> {
    return {
      ...this.description.sample('full-repository'),
      name: this.options.name,
      full_name: this.fullName,
      owner: this.user(this.options.owner),
      private: this.options.private,
      archived: this.options.archived,
      default_branch: 'main',
      allow_auto_merge: true,
      permissions: { admin: false, maintain: false, push: true, triage: true, pull: true },
    };
  }

  pullRequest(pull: Pull, schema = 'pull-request'): Record<string, unknown> {
    const sample = this.description.sample(schema);
    const side = (branch: string, full: string, of: unknown) => ({
      ...(of as Record<string, unknown>),
      label: `${full.split('/')[0]}:${branch}`,
      ref: branch,
      sha: this.tip(branch) ?? '0'.repeat(40),
      user: this.user(full.split('/')[0] ?? ''),
      repo: { ...this.description.sample('repository'), full_name: full, name: full.split('/')[1] },
    });
    const team = (slug: string) => ({ ...this.description.sample('team'), slug, name: slug });
    return {
      ...sample,
      number: pull.number,
      node_id: `PR_${pull.number}`,
      html_url: `${this.origin()}/${this.fullName}/pull/${pull.number}`,
      title: pull.title,
      body: pull.body,
      draft: pull.draft,
      state: pull.state,
      user: this.user(pull.author),
      labels: pull.labels.map((name) => ({
        ...this.label(name),
        node_id: 'L',
        url: 'https://example.com',
        color: 'ededed',
        default: false,
        description: '',
      })),
      requested_reviewers: pull.users.map((login) => this.user(login)),
      requested_teams: pull.teams.map(team),
      head: side(pull.head, pull.from, sample['head']),
      base: side(pull.base, this.fullName, sample['base']),
      auto_merge:
        pull.autoMerge === undefined
          ? null
          : { enabled_by: this.user('writer'), merge_method: pull.autoMerge, commit_title: '', commit_message: '' },
    };
  }
}
