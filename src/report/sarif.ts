import type { Report } from '../check/report.js';
import type { Rule } from '../check/rule.js';
import type { Diagnostic, Range, Severity } from '../diagnostics/diagnostic.js';
import type { PathOptions } from './github.js';

export interface SarifOptions extends PathOptions {
  /** Every rule that may have found something, for its sentence. */
  readonly rules: readonly Rule[];
  /** The document of a rule, as Markdown, where there is one. */
  readonly help?: (rule: string) => string | undefined;
  readonly docUrl?: (rule: string) => string | undefined;
}

const levels = { error: 'error', warning: 'warning', info: 'note' } as const satisfies Record<Severity, string>;

/**
 * SARIF 2.1.0 for code scanning: one run, rules with help, fingerprints that survive line shifts, accepted findings as
 * suppressions, fixes where exactly one text is right. Columns count UTF-16 units, as ours do.
 */
export function sarifReport(report: Report, options: SarifOptions): string {
  const { prefix = '' } = options;
  const used = [...new Set(report.diagnostics.map((each) => each.ruleId))].sort();
  const index = new Map(used.map((id, position) => [id, position]));
  const byId = new Map(options.rules.map((rule) => [rule.id, rule]));
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: report.tool.name,
            semanticVersion: report.tool.version,
            rules: used.map((id) => ruleOf(id, byId.get(id), options)),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: report.diagnostics.map((each) => ({
          ...resultOf(each, index.get(each.ruleId) as number, prefix),
          // Only where there was something to compare with.
          ...(report.baseline === undefined ? {} : { baselineState: each.known === true ? 'unchanged' : 'new' }),
        })),
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: report.unchecked.map(({ what, file, reason }) => ({
              level: 'note',
              message: { text: `not checked: ${what}: ${reason}` },
              ...(file === ''
                ? {}
                : { locations: [{ physicalLocation: { artifactLocation: artifact(prefix + file) } }] }),
            })),
          },
        ],
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function ruleOf(id: string, rule: Rule | undefined, options: SarifOptions) {
  const markdown = options.help?.(id);
  const url = options.docUrl?.(id);
  const text = rule?.summary ?? id;
  return {
    id,
    shortDescription: { text },
    fullDescription: { text },
    help: { text: markdown ?? text, ...(markdown === undefined ? {} : { markdown }) },
    ...(url?.startsWith('http') ? { helpUri: url } : {}),
    defaultConfiguration: { level: levels[rule?.severity ?? 'error'] },
    properties: { tags: rule === undefined ? [] : [rule.group] },
  };
}

function resultOf(diagnostic: Diagnostic, ruleIndex: number, prefix: string) {
  const { ruleId, severity, message, hint, fingerprint, related, suppressed, fix, range, file } = diagnostic;
  return {
    ruleId,
    ruleIndex,
    level: levels[severity],
    message: { text: hint === undefined ? message : `${message}\n${hint}` },
    // Code scanning refuses a result without a place; what is said of the repository as a whole gets its folder.
    locations: [location(diagnostic, prefix)],
    ...(related.length === 0
      ? {}
      : {
          relatedLocations: related.map((each, id) => ({
            id,
            message: { text: each.message },
            ...location(each, prefix),
          })),
        }),
    partialFingerprints: { 'gitops-gen/v1': fingerprint },
    ...(suppressed === undefined
      ? {}
      : {
          suppressions: [
            {
              kind: suppressed.inSource === true ? 'inSource' : 'external',
              status: 'accepted',
              justification: justification(suppressed),
            },
          ],
        }),
    ...(fix === undefined || range === undefined
      ? {}
      : {
          fixes: [
            {
              description: { text: hint ?? `Write ${fix}` },
              artifactChanges: [
                {
                  artifactLocation: artifact(prefix + file),
                  replacements: [{ deletedRegion: region(range), insertedContent: { text: fix } }],
                },
              ],
            },
          ],
        }),
  };
}

function justification({ reason, owner, expires }: NonNullable<Diagnostic['suppressed']>): string {
  return [
    reason,
    ...(owner === undefined ? [] : [`owner: ${owner}`]),
    ...(expires === undefined ? [] : [`until ${expires}`]),
  ].join('; ');
}

function location(
  at: { readonly file: string; readonly range?: Range; readonly object?: Diagnostic['object'] },
  prefix: string,
) {
  const { object } = at;
  return {
    physicalLocation: {
      artifactLocation: artifact(at.file === '' ? prefix || '.' : prefix + at.file),
      ...(at.range === undefined ? {} : { region: region(at.range) }),
    },
    ...(object === undefined
      ? {}
      : {
          logicalLocations: [
            {
              fullyQualifiedName: [object.application, object.namespace, object.kind, object.name]
                .filter((each) => each !== undefined)
                .join('/'),
              kind: 'object',
            },
          ],
        }),
  };
}

/** A path as a URI reference: what is not unreserved in a path is escaped. */
function artifact(file: string) {
  return { uri: file.split('/').map(encodeURIComponent).join('/'), uriBaseId: '%SRCROOT%' };
}

/** SARIF wants an end behind the start; an empty range is one character wide. */
function region({ start, end }: Range) {
  const isEmpty = start.line === end.line && start.column === end.column;
  return {
    startLine: start.line,
    startColumn: start.column,
    endLine: end.line,
    endColumn: isEmpty ? end.column + 1 : end.column,
  };
}
