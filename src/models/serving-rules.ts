import { memoryRules } from './memory-rules.js';
import { parallelismRules } from './parallelism-rules.js';
import { type ServingContext, type ServingProblem, type ServingRule, servingQuestion } from './serving-context.js';

/** Every rule over an engine's settings, its model and its card: memory first, then parallelism. */
export const servingRules: readonly ServingRule[] = [...memoryRules, ...parallelismRules];

/** One rule by its id. */
export function servingRule(id: string): ServingRule | undefined {
  return servingRules.find((rule) => rule.id === id);
}

/** What all rules (or those named) say about one engine, in their order. The sum is worked out once. */
export function judgeServing(context: ServingContext, ids?: ReadonlySet<string>): ServingProblem[] {
  const question = servingQuestion(context);
  return servingRules.filter((rule) => ids === undefined || ids.has(rule.id)).flatMap((rule) => rule.check(question));
}
