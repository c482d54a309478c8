import type { OnProblem } from '../diagnostics/diagnostic.js';
import { Cursor, type Draft } from './draft.js';
import { checkFamily } from './family.js';
import { Findings, Names, report, reportDuplicates, reportSlugCollisions, reportUnknown } from './findings.js';
import { bytesOf, milliOf } from './quantity.js';
import { checkRange, namesOf } from './ranges.js';

/** What the schema of a file cannot say and the file alone decides. */
export function checkLocally(draft: Draft, onProblem: OnProblem): void {
  const spec = Cursor.of(draft).get('spec');
  const findings = new Findings(onProblem);
  if (draft.kind === 'Project') checkProject(spec, findings);
  if (draft.kind === 'ModelFamily') checkFamily(spec, findings);
  if (draft.kind === 'ClusterConfig') checkCluster(spec, findings);
  if (draft.kind === 'Policies') reportDuplicates(findings, 'policy', namesOf(spec.get('policies'), 'id'));
  findings.finish();
}

function checkProject(spec: Cursor, findings: Findings): void {
  const environments = namesOf(spec.get('environments'));
  reportDuplicates(findings, 'environment', environments);
  reportSlugCollisions(findings, 'environment', environments);
  for (const environment of spec.get('environments').items())
    reportDuplicates(findings, 'cluster', environment.get('clusters').items());
  const instances = spec.get('argocd', 'instances');
  reportDuplicates(findings, 'Argo CD instance', namesOf(instances));
  reportDuplicates(
    findings,
    'cluster, managed by an Argo CD instance,',
    instances.items().flatMap((instance) => instance.get('manages').items()),
  );
  const open = instances.items().filter((instance) => !instance.get('manages').exists);
  if (open.length > 1) {
    report(
      findings,
      'spec-reference',
      open[1]!,
      'Two Argo CD instances leave out "manages": it is not known which clusters each of them manages.',
      'List the clusters of at least one of the two.',
      { related: [{ message: 'The other one.', at: open[0]!.at() }] },
    );
  }
  const known = new Names(environments.flatMap(({ text }) => text ?? []));
  const roles = spec.get('argocd', 'roles');
  reportDuplicates(findings, 'role', namesOf(roles));
  for (const role of roles.items()) {
    for (const environment of role.get('sync').items()) {
      if (environment.text !== undefined && !known.has(environment.text))
        reportUnknown(findings, 'environment', environment, environment.text, known);
    }
  }
}

function checkCluster(spec: Cursor, findings: Findings): void {
  const pools = spec.get('nodePools');
  reportDuplicates(findings, 'node pool', namesOf(pools));
  reportDuplicates(findings, 'storage class', namesOf(spec.get('storageClasses')));
  reportDuplicates(findings, 'external secret', namesOf(spec.get('externalSecrets')));
  for (const pool of pools.items()) {
    checkRange(pool.get('nodes'), 'nodes', findings);
    const nodes = pool.get('nodes').number ?? pool.get('nodes', 'max').number;
    for (const used of pool.get('used').items()) {
      const count = used.get('nodes').number;
      if (count !== undefined && nodes !== undefined && count > nodes) {
        report(
          findings,
          'spec-range',
          used.get('nodes'),
          `${count} nodes are in use, and the pool has at most ${nodes}.`,
          'Correct one of the two.',
          {
            related: [{ message: 'The nodes of the pool.', at: pool.get('nodes').at() }],
          },
        );
      }
      const [gpus, perNode] = [used.get('gpus').number, pool.get('gpusPerNode').number ?? 0];
      if (gpus !== undefined && gpus > perNode && !pool.get('timeSlicing').exists && !pool.get('mig').exists) {
        report(
          findings,
          'spec-range',
          used.get('gpus'),
          `${gpus} GPUs are in use on a node that has ${perNode}.`,
          'Correct one of the two.',
        );
      }
    }
  }
  for (const quota of spec.get('quotas', 'resourceQuotas').items()) checkAmounts(quota.get('hard'), 'quota', findings);
  for (const quota of spec.get('quotas', 'kueue').items()) checkAmounts(quota.get('nominal'), 'kueue', findings);
}

/**
 * Amounts of a quota. Extended resources cannot be overcommitted, so that a ResourceQuota counts only their requests
 * (Kubernetes "Resource Quotas"); Kueue counts resources by their plain name.
 */
function checkAmounts(amounts: Cursor, where: 'quota' | 'kueue', findings: Findings): void {
  for (const [name, amount] of amounts.fields()) {
    const prefix = name.match(/^(?:requests|limits)\./)?.[0];
    const bare = name.slice(prefix?.length ?? 0);
    const isExtended = bare.includes('/') && !bare.startsWith('count/');
    if (where === 'quota' && isExtended && prefix !== 'requests.') {
      report(
        findings,
        'spec-quantity',
        amount.at('key'),
        `A ResourceQuota does not count "${name}".`,
        `Write "requests.${bare}".`,
        { key: name },
      );
    }
    if (where === 'kueue' && prefix !== undefined) {
      report(findings, 'spec-quantity', amount.at('key'), `Kueue does not count "${name}".`, `Write "${bare}".`, {
        key: name,
      });
    }
    const { text, number } = amount;
    const isCount = isExtended || bare === 'pods' || bare.startsWith('count/');
    if (isCount && !(number !== undefined ? Number.isInteger(number) : /^[0-9]+$/.test(text ?? '0'))) {
      report(
        findings,
        'spec-quantity',
        amount,
        `"${bare}" is counted in whole numbers, not ${text ?? number}.`,
        'Write a whole number.',
        { key: name },
      );
    } else if (bare === 'cpu' && text !== undefined && milliOf(text) === undefined) {
      report(
        findings,
        'spec-quantity',
        amount,
        `"${text}" has a unit of memory; CPU is counted in cores.`,
        'Write cores, such as 64, or 500m.',
        { key: name },
      );
    } else if (/memory$|storage$/.test(bare) && text !== undefined && bytesOf(text) === undefined) {
      report(
        findings,
        'spec-quantity',
        amount,
        `"${text}" is no amount of memory.`,
        'Write bytes with a unit, such as 2Ti.',
        { key: name },
      );
    }
  }
}
