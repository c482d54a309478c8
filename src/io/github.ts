import type { Octokit } from '@octokit/rest';
import {
  type Forge,
  ForgeError,
  type ForgeRepository,
  type MergeMethod,
  type NewPullRequest,
  type PullRequest,
} from '../publish/forge.js';
import { compareUrl, type ForgeAddress } from '../publish/forge-address.js';
import { type ClientOptions, GitHubClient } from './github-client.js';

/** Pages of a hundred that are looked through at most. */
const MAX_PAGES = 50;

export type GitHubOptions = Omit<ClientOptions, 'api' | 'host' | 'repository'>;

/** GitHub, or GitHub Enterprise, at an address. */
export async function openGitHub(address: ForgeAddress, options: GitHubOptions): Promise<GitHub> {
  const { api, host, owner, name } = address;
  return new GitHub(address, await GitHubClient.open({ ...options, api, host, repository: `${owner}/${name}` }));
}

export class GitHub implements Forge {
  private names: { readonly owner: string; readonly repo: string };

  constructor(
    private readonly address: ForgeAddress,
    private readonly client: GitHubClient,
  ) {
    this.names = { owner: address.owner, repo: address.name };
  }

  async repository(): Promise<ForgeRepository> {
    const { data } = await this.client.call('find the repository', (octokit) => octokit.rest.repos.get(this.names));
    const [owner = '', repo = ''] = data.full_name.split('/');
    // A repository that was renamed is spoken to by its new name from here on: writes are not redirected everywhere.
    if (/^[\w.-]+$/u.test(owner) && /^[\w.-]+$/u.test(repo)) this.names = { owner, repo };
    const renamed = `${owner}/${repo}` !== `${this.address.owner}/${this.address.name}`;
    return {
      fullName: data.full_name,
      cloneUrl: renamed ? `${new URL(this.address.clone).origin}/${owner}/${repo}.git` : this.address.clone,
      defaultBranch: data.default_branch,
      archived: data.archived === true,
      allowsAutoMerge: data.allow_auto_merge === true,
      mayPush: data.permissions?.push,
    };
  }

  async branchTip(branch: string): Promise<string | undefined> {
    return this.client.call('look up the branch', async (octokit) => {
      try {
        const { data } = await octokit.rest.git.getRef({ ...this.names, ref: `heads/${branch}` });
        return data.object.sha;
      } catch (error) {
        if ((error as { status?: number }).status === 404) return undefined;
        throw error;
      }
    });
  }

  async findPullRequest(branch: string, base: string): Promise<PullRequest | undefined> {
    const head = `${this.names.owner}:${branch}`;
    for (let page = 1; page <= MAX_PAGES; page += 1) {
      const { data } = await this.client.call('look for the pull request', (octokit) =>
        octokit.rest.pulls.list({ ...this.names, state: 'open', head, base, per_page: 100, page }),
      );
      // The filter is the server's; it is checked here, so that a server that does not know it does no harm.
      const found = data.find((each) => each.head.ref === branch && each.base.ref === base && this.isOurs(each));
      if (found !== undefined) return pullRequest(found);
      if (data.length < 100) return undefined;
    }
    throw new ForgeError(
      'unavailable',
      `there are more than ${MAX_PAGES * 100} open pull requests`,
      'Close some of them.',
    );
  }

  /** From this repository, and not from a fork with a branch of the same name. */
  private isOurs({ head }: { head: { repo: { full_name?: string } | null } }): boolean {
    return head.repo?.full_name?.toLowerCase() === `${this.names.owner}/${this.names.repo}`.toLowerCase();
  }

  async createPullRequest({ title, body, branch, base, draft }: NewPullRequest): Promise<PullRequest | undefined> {
    const byHand = compareUrl(this.address, base, branch);
    const make = (octokit: Octokit) =>
      octokit.rest.pulls.create({ ...this.names, title, body, head: branch, base, draft });
    try {
      const { data } = await this.client.call('open the pull request', make, byHand);
      return pullRequest(data);
    } catch (error) {
      if (error instanceof ForgeError && /pull request already exists/iu.test(error.message)) return undefined;
      throw error;
    }
  }

  async updatePullRequest(number: number, change: { title?: string; body?: string }): Promise<PullRequest> {
    const { data } = await this.client.call('update the pull request', (octokit) =>
      octokit.rest.pulls.update({ ...this.names, pull_number: number, ...change }),
    );
    return pullRequest(data);
  }

  async addLabels(number: number, labels: readonly string[]): Promise<void> {
    await this.client.call('add the labels', (octokit) =>
      octokit.rest.issues.addLabels({ ...this.names, issue_number: number, labels: [...labels] }),
    );
  }

  async requestReviewers(number: number, users: readonly string[], teams: readonly string[]): Promise<void> {
    await this.client.call('ask for reviews', (octokit) =>
      octokit.rest.pulls.requestReviewers({
        ...this.names,
        pull_number: number,
        reviewers: [...users],
        team_reviewers: [...teams],
      }),
    );
  }

  async setDraft({ nodeId }: PullRequest, draft: boolean): Promise<void> {
    await this.mutate(draft ? 'make it a draft' : 'take it out of draft', draft ? TO_DRAFT : TO_READY, { id: nodeId });
  }

  async enableAutoMerge({ nodeId }: PullRequest, method: MergeMethod): Promise<void> {
    await this.mutate('turn on auto-merge', AUTO_MERGE, { id: nodeId, how: method.toUpperCase() });
  }

  /** A mutation of the GraphQL API, which has what the REST API lacks. Its errors come with status 200. */
  private async mutate(what: string, query: string, variables: Record<string, unknown>): Promise<void> {
    let refused: string | undefined;
    await this.client.call(what, async (octokit) => {
      try {
        await octokit.graphql(query, variables);
      } catch (error) {
        const { errors } = error as { errors?: readonly { message?: string }[] };
        if (errors === undefined) throw error;
        refused = errors.map(({ message }) => message ?? '').join('; ');
      }
    });
    if (refused !== undefined)
      throw new ForgeError(
        'validation',
        `could not ${what} at ${this.address.host}: ${refused}`,
        'See the settings of the repository.',
      );
  }
}

const TO_DRAFT = `mutation ($id: ID!) {
  convertPullRequestToDraft(input: { pullRequestId: $id }) { pullRequest { isDraft } }
}`;

const TO_READY = `mutation ($id: ID!) {
  markPullRequestReadyForReview(input: { pullRequestId: $id }) { pullRequest { isDraft } }
}`;

const AUTO_MERGE = `mutation ($id: ID!, $how: PullRequestMergeMethod!) {
  enablePullRequestAutoMerge(input: { pullRequestId: $id, mergeMethod: $how }) { pullRequest { number } }
}`;

interface PullRequestData {
  readonly number: number;
  readonly html_url: string;
  readonly title: string;
  readonly body?: string | null;
  readonly draft?: boolean;
  readonly labels: readonly { name?: string | undefined }[];
  readonly user: { login: string } | null;
  readonly requested_reviewers?: readonly { login?: string }[] | null;
  readonly requested_teams?: readonly { slug: string }[] | null;
  readonly node_id: string;
  readonly auto_merge: unknown;
}

function pullRequest(data: PullRequestData): PullRequest {
  return {
    number: data.number,
    url: data.html_url,
    title: data.title,
    body: data.body ?? '',
    draft: data.draft === true,
    labels: data.labels.flatMap(({ name }) => name ?? []),
    author: data.user?.login ?? '',
    reviewers: {
      users: (data.requested_reviewers ?? []).flatMap(({ login }) => login ?? []),
      teams: (data.requested_teams ?? []).map(({ slug }) => slug),
    },
    nodeId: data.node_id,
    autoMerge: data.auto_merge !== null && data.auto_merge !== undefined,
  };
}
