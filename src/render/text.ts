import type { JsonObject, OnProblem } from '../diagnostics/diagnostic.js';
import { evaluate, parseTemplate, TemplateError } from './expression.js';

/**
 * Renders prose (README, CODEOWNERS): Handlebars over the whole text, with `#if`, `#unless` and `#each`. Never for manifests,
 * where a value must not be able to change the structure.
 */
export function renderText(file: string, text: string, values: JsonObject, onProblem: OnProblem): string | undefined {
  try {
    return evaluate(parseTemplate(text, true), values, true);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    onProblem({
      ruleId: 'blueprint-expression',
      severity: 'error',
      message: error.message,
      at: { file, offset: 0 },
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    });
    return undefined;
  }
}
