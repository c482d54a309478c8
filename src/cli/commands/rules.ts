import { allRules } from '../../check/registry.js';
import type { CommandDefinition } from '../command.js';
import { exitCode } from '../io.js';
import { formatOption, list, printJson } from '../options.js';
import { checkRuleNames } from '../rule-names.js';
import { table } from '../table.js';

export const command: CommandDefinition = {
  name: 'rules',
  description: 'Lists what `validate` looks for: rule, group, severity and one sentence.',
  arguments: [],
  options: [
    { flags: '--only <ids or groups>', description: 'only these', parse: list },
    formatOption(['text', 'json', 'markdown']),
  ],
  examples: [
    { command: 'rules', does: 'all of them' },
    { command: 'rules --only argocd', does: "Argo CD's own" },
  ],
  async run({ options, io }) {
    const only = options['only'] as readonly string[] | undefined;
    checkRuleNames('--only', only);
    const chosen = allRules.filter(({ id, group }) => only === undefined || only.includes(id) || only.includes(group));
    const rows = chosen.map(({ id, group, severity, summary }) => [id, group, severity, summary]);
    const text = {
      json: () =>
        printJson(
          chosen.map(({ id, group, severity, summary, parameters }) => ({ id, group, severity, summary, parameters })),
        ),
      markdown: () =>
        [
          '| rule | group | severity | what |\n|---|---|---|---|\n',
          ...rows.map((row) => `| ${row.join(' | ')} |\n`),
        ].join(''),
      text: () => table([['RULE', 'GROUP', 'SEVERITY', 'WHAT'], ...rows]),
    }[options['format'] as 'text' | 'json' | 'markdown'];
    await io.stdout(text());
    return exitCode.ok;
  },
};
