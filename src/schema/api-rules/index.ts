import type { Resource } from '../../build/resource.js';
import type { OnProblem } from '../../diagnostics/diagnostic.js';
import type { FoundSchema } from '../found.js';
import type { SchemaStore } from '../store.js';

/** What a rule of the API server is given. */
export interface RuleContext {
  readonly resource: Resource;
  readonly store: SchemaStore;
  readonly schema: FoundSchema;
  readonly onProblem: OnProblem;
}

/** Validation of the API server that its schemas do not hold. */
export function checkApiRules(_context: RuleContext): void {}
