import { allRules } from '../../check/registry.js';
import { didYouMean } from '../../diagnostics/closest.js';
import { type CommandContext, type CommandDefinition, UsageError } from '../command.js';
import { type ExitCode, exitCode } from '../io.js';
import { argocdVersion, formatOption, printJson } from '../options.js';
import { ruleDocument } from '../rule-documents.js';

export const command: CommandDefinition = {
  name: 'explain',
  description:
    'Prints the document of a rule: what it finds, why that matters with its source, and how to fix it. Or, for Application/NAME and any other KIND/NAME of this repository, what its AppProject permits and which entry says so.',
  arguments: [{ name: '<rule or object>', description: 'a rule id, as reports print it; or Kind/name' }],
  options: [
    {
      flags: '--argocd-version <version>',
      description: 'such as 3.1.0 (default: that of gitops-gen.yaml)',
      parse: argocdVersion,
    },
    formatOption(['text', 'json']),
  ],
  examples: [
    { command: 'explain app-of-apps-waves-need-health', does: 'one rule' },
    {
      command: 'explain Application/llama-3-1-8b-staging',
      does: 'which entries of its project permit what it deploys',
    },
    {
      command: 'explain Deployment/llama-3-1-8b',
      does: 'the same for one object, in every Application that deploys it',
    },
  ],
  async run(context) {
    const [what] = context.arguments as [string];
    // Reading a repository takes far more code than a document: it is loaded only for that.
    if (what.includes('/')) return (await import('../explain-permissions.js')).explainPermissions(context, what);
    return document(context, what);
  },
};

async function document({ io, options }: CommandContext, id: string): Promise<ExitCode> {
  const rule = allRules.find((each) => each.id === id);
  const text = rule && (ruleDocument(rule.id) ?? `# ${rule.id}\n\n${rule.summary}\n`);
  if (rule === undefined || text === undefined) {
    const ids = allRules.map((each) => each.id);
    throw new UsageError(`there is no rule '${id}'`, didYouMean(id, ids) ?? 'gitops-gen rules lists them.');
  }
  const { group, severity, summary } = rule;
  const isJson = options['format'] === 'json';
  await io.stdout(isJson ? printJson({ id, group, severity, summary, document: text }) : `${text.trimEnd()}\n`);
  return exitCode.ok;
}
