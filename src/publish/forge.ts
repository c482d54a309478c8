/** What went wrong at the forge, or on the way to it. */
export type ForgeFault =
  | 'credentials' // no token, or one that is refused
  | 'permission' // the token may not do it
  | 'not-found' // the repository is not there, or may not be seen
  | 'rate-limit'
  | 'validation' // the forge does not take what it was given
  | 'protected' // rules of the branch
  | 'archived'
  | 'unavailable'; // no answer, or one that makes no sense

/** The forge refused or failed. The command line exits with 4 where it is about credentials and permissions, else with 3. */
export class ForgeError extends Error {
  override readonly name = 'ForgeError';

  constructor(
    readonly fault: ForgeFault,
    message: string,
    /** What to do. */
    readonly hint: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  get isRefusal(): boolean {
    return this.fault === 'credentials' || this.fault === 'permission' || this.fault === 'not-found';
  }
}

export interface ForgeRepository {
  /** `owner/name` as the forge calls it today: it may have been renamed. */
  readonly fullName: string;
  readonly cloneUrl: string;
  readonly defaultBranch: string;
  readonly archived: boolean;
  readonly allowsAutoMerge: boolean;
  /** Whether the token may push; undefined where the forge does not say. */
  readonly mayPush: boolean | undefined;
}

export interface PullRequest {
  readonly number: number;
  readonly url: string;
  readonly title: string;
  readonly body: string;
  readonly draft: boolean;
  readonly labels: readonly string[];
  /** Who opened it: cannot review it. */
  readonly author: string;
  /** Who was asked to review already: users, and teams by slug. */
  readonly reviewers: { readonly users: readonly string[]; readonly teams: readonly string[] };
  readonly nodeId: string;
  readonly autoMerge: boolean;
}

export type MergeMethod = 'merge' | 'squash' | 'rebase';

export interface NewPullRequest {
  readonly title: string;
  readonly body: string;
  readonly branch: string;
  readonly base: string;
  readonly draft: boolean;
}

/** The forge, as publishing needs it. Every function throws ForgeError. */
export interface Forge {
  repository(): Promise<ForgeRepository>;
  /** The commit a branch stands at; undefined where there is no such branch. */
  branchTip(branch: string): Promise<string | undefined>;
  /** The open pull request from a branch of this repository into the base. */
  findPullRequest(branch: string, base: string): Promise<PullRequest | undefined>;
  /** Undefined where there is one already. */
  createPullRequest(request: NewPullRequest): Promise<PullRequest | undefined>;
  updatePullRequest(number: number, change: { readonly title?: string; readonly body?: string }): Promise<PullRequest>;
  setDraft(pullRequest: PullRequest, draft: boolean): Promise<void>;
  addLabels(number: number, labels: readonly string[]): Promise<void>;
  requestReviewers(number: number, users: readonly string[], teams: readonly string[]): Promise<void>;
  enableAutoMerge(pullRequest: PullRequest, method: MergeMethod): Promise<void>;
}
