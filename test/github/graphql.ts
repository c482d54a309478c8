import { schema } from '@octokit/graphql-schema';
import { buildSchema, type GraphQLSchema, graphql } from 'graphql';
import type { Answer } from './local-github.js';
import type { Pull } from './pulls.js';

let built: GraphQLSchema | undefined;

/** GitHub's own GraphQL schema judges and answers; only the mutations that are used do something. */
export async function answerGraphql(pulls: readonly Pull[], body: unknown): Promise<Answer> {
  const { query, variables } = body as { query: string; variables?: Record<string, unknown> };
  // Building it takes a second: only for who asks.
  built ??= buildSchema(schema.idl, { assumeValid: true });
  const find = (id: string): Pull => {
    const found = pulls.find(({ number }) => id === `PR_${number}`);
    if (found === undefined) throw new Error(`Could not resolve to a node with the global id of '${id}'.`);
    return found;
  };
  const shown = (pull: Pull) => ({ pullRequest: { isDraft: pull.draft, number: pull.number } });
  const rootValue = {
    convertPullRequestToDraft({ input }: { input: { pullRequestId: string } }) {
      const pull = find(input.pullRequestId);
      pull.draft = true;
      return shown(pull);
    },
    markPullRequestReadyForReview({ input }: { input: { pullRequestId: string } }) {
      const pull = find(input.pullRequestId);
      pull.draft = false;
      return shown(pull);
    },
    enablePullRequestAutoMerge({ input }: { input: { pullRequestId: string; mergeMethod: string } }) {
      const pull = find(input.pullRequestId);
      if (pull.draft) throw new Error('Pull request is in draft state');
      pull.autoMerge = input.mergeMethod.toLowerCase();
      return shown(pull);
    },
  };
  const result = await graphql({
    schema: built,
    source: query,
    rootValue,
    ...(variables === undefined ? {} : { variableValues: variables }),
  });
  return { status: 200, body: result };
}
