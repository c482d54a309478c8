import { allRules } from '../../check/registry.js';
import { didYouMean } from '../../diagnostics/closest.js';
import { type CommandDefinition, UsageError } from '../command.js';
import { exitCode } from '../io.js';
import { ruleDocument } from '../rule-documents.js';

export const command: CommandDefinition = {
  name: 'explain',
  description: 'Prints the document of a rule: what it finds, why that matters with its source, and how to fix it.',
  arguments: [{ name: '<rule>', description: 'a rule id, as reports print it' }],
  options: [],
  examples: [{ command: 'explain app-of-apps-waves-need-health', does: 'one rule' }],
  async run({ arguments: [id], io }) {
    const rule = allRules.find((each) => each.id === id);
    const text = rule && (ruleDocument(rule.id) ?? `# ${rule.id}\n\n${rule.summary}\n`);
    if (text === undefined) {
      const ids = allRules.map((each) => each.id);
      throw new UsageError(`there is no rule '${id}'`, didYouMean(String(id), ids) ?? 'gitops-gen rules lists them.');
    }
    await io.stdout(text.endsWith('\n') ? text : `${text}\n`);
    return exitCode.ok;
  },
};
