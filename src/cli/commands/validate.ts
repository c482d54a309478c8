import { reportFormats } from '../../report/formats.js';
import { minorOf, minorRange } from '../../schema/api-version.js';
import { type CommandContext, type CommandDefinition, UsageError } from '../command.js';
import type { ExitCode } from '../io.js';
import { argocdVersion, list } from '../options.js';
import { outputFile } from '../output-file.js';
import { schemasAlone } from '../schemas-alone.js';
import { thresholds } from '../thresholds.js';

export const command: CommandDefinition = {
  name: 'validate',
  description:
    "Judges a repository, its own or any other: YAML, a Kustomize build of every overlay, Kubernetes and Argo CD schemas in strict mode, Argo CD's own rules, references, capacity and policies. What cannot be checked is said. Exit code 1 where there are findings at or above --fail-on.",
  arguments: [
    {
      name: '[path...]',
      description:
        'folders to judge, Applications being followed from there; or files, and - for a pipe (default: the repository)',
    },
  ],
  options: [
    { flags: '-o, --format <format>', description: 'how to print the report', choices: reportFormats, default: 'text' },
    { flags: '--output-file <format=path>', description: 'write it to a file too; may be repeated', parse: outputFile },
    {
      flags: '--fail-on <severity>',
      description: 'the lowest severity that fails',
      choices: thresholds,
      default: 'error',
    },
    { flags: '--require-complete', description: 'fail where something could not be checked' },
    {
      flags: '--changed-since <revision>',
      description: 'only findings of what changed since this revision, and of what that affects',
    },
    {
      flags: '--baseline <revision or file>',
      description: 'findings that this revision, or report in JSON, has too fail nothing',
    },
    {
      flags: '--trust <revision>',
      description:
        'take policies, exemptions and blueprints from this revision: what the tree says of itself does not count',
    },
    { flags: '--branch <name>', description: 'the branch that the tree goes into (default: the one checked out)' },
    { flags: '--only <ids or groups>', description: 'run only these rules', parse: list },
    { flags: '--skip <ids or groups>', description: 'leave these rules out', parse: list },
    {
      flags: '--kubernetes-version <version>',
      description: 'such as 1.34, or 1.33-1.36 for what differs between them (default: that of gitops-gen.yaml)',
      parse: kubernetesVersions,
    },
    {
      flags: '--crd <path>',
      description: 'a file or folder of CRDs that win over the bundled ones; may be repeated',
      parse: list,
    },
    {
      flags: '--schema-location <template>',
      description: 'local files of JSON schemas, in the form of kubeconform; may be repeated',
      parse: list,
    },
    { flags: '--ignore-missing-schemas', description: 'a kind without a schema is no finding' },
    { flags: '--skip-kind <kinds>', description: 'hold no object of these kinds against its schema', parse: list },
    { flags: '--reject-kind <kinds>', description: 'an object of these kinds is an error', parse: list },
    { flags: '--exit-on-error', description: 'stop at the first object that its schema refuses' },
    { flags: '--summary', description: 'how many objects came out how, on standard error' },
    {
      flags: '--argocd-version <version>',
      description: 'such as 3.1.0 (default: that of gitops-gen.yaml)',
      parse: argocdVersion,
    },
  ],
  examples: [
    { command: 'validate', does: 'this repository' },
    { command: 'validate ../other-repository --fail-on warning', does: 'any other, more strictly' },
    {
      command: 'validate -o github --output-file json=report.json',
      does: 'in a workflow: annotations, and the report as a file',
    },
    {
      command: 'validate --changed-since origin/main --baseline origin/main --trust origin/main',
      does: 'in any CI: judge a change by the rules of its target, and fail only on what it adds',
    },
    { command: 'validate --only schema,project-permits', does: 'one group and one rule' },
    {
      command: 'validate --only schema --kubernetes-version 1.33-1.36 --summary deployment.yaml',
      does: 'a file against four versions of Kubernetes',
    },
    { command: 'validate --only schema --crd crds/ -', does: 'what a pipe brings, with CRDs of your own' },
  ],
  run: validate,
};

/** Most calls need all that the checker has; files that are only held against schemas, and pass, need little of it. */
async function validate(context: CommandContext): Promise<ExitCode> {
  const quick = await schemasAlone(context);
  return quick ?? (await import('../validate.js')).validate(context);
}

/** `1.34`, or every minor of `1.33-1.36`, oldest first. */
function kubernetesVersions(text: string): readonly string[] {
  const range = minorRange(text.replace(/^v/, ''));
  if (range !== undefined) return range;
  if (minorOf(text) !== undefined) return [text];
  throw new UsageError(`'${text}' is not a version of Kubernetes`, 'Write 1.34, or 1.33-1.36 for a range.');
}
