import { at, isObject, listAt } from '../../../capacity/read.js';
import { closest } from '../../../diagnostics/closest.js';
import { isStated, sourcesOf } from '../../../repository/applications.js';
import type { ApplicationSource } from '../../../repository/model.js';
import { noParameters, onField, type Rule } from '../../rule.js';

/** Two sources of one path with the same options. */
function isSame(a: ApplicationSource, b: ApplicationSource): boolean {
  if (a.path === undefined || a.path !== b.path) return false;
  return JSON.stringify(a.value) === JSON.stringify(b.value);
}

const types = ['helm', 'kustomize', 'directory', 'plugin'] as const;

export const applicationSource: Rule = {
  id: 'application-source',
  group: 'argocd',
  severity: 'error',
  summary: 'An Application has a source that is not there or that Argo CD refuses.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    const folders = [...repository.discovery.kustomizations.keys()];
    for (const { object, sources } of repository.applications) {
      if (sourcesOf(object.value).length === 0) {
        const hydrated = isObject(at(object.value, 'spec', 'sourceHydrator'));
        if (!hydrated)
          onFinding(
            onField(object, '/spec', { message: 'The Application has no source; Argo CD refuses it.', part: 'key' }),
          );
      }
      for (const [index, source] of sources.entries()) {
        const same = sources.slice(0, index).find((each) => isSame(each, source));
        if (same !== undefined) {
          onFinding(
            onField(object, `${source.pointer}/path`, {
              severity: 'warning',
              message: `The path ${source.path} is a source of this Application twice: everything in it is rendered twice.`,
              hint: 'Remove one of the two.',
              key: source.pointer,
            }),
          );
        }
        const { pointer, value } = source;
        if (source.state === 'missing') {
          const near = closest(source.path ?? '', folders)[0];
          onFinding(
            onField(object, `${pointer}/path`, {
              message: `The source cannot be read: ${source.reason}.`,
              ...(near === undefined ? {} : { hint: `Did you mean "${near}"?` }),
            }),
          );
        }
        const stray = source.swept?.[0];
        if (stray !== undefined) {
          const others = (source.swept?.length ?? 0) - 1;
          const among = others > 0 ? ` and ${others} more are` : ' is';
          onFinding(
            onField(object, `${pointer}/path`, {
              message: `The source is of kind directory, and ${stray}${among} among its files: Argo CD applies ${others > 0 ? 'them as they stand' : 'it as it stands'}, no cluster has the kind Kustomization, and the sync fails.`,
              hint: 'Point an Application at each kustomization (or an ApplicationSet at their folders), or leave them out with directory.exclude.',
            }),
          );
        }
        if (source.chart !== undefined && source.targetRevision === '*') {
          onFinding(
            onField(object, `${pointer}/targetRevision`, {
              severity: 'warning',
              message: `The chart ${source.chart} follows every release, major ones too: the same commit may deploy something else after the next refresh.`,
              hint: 'Name a version, and let a bot raise it in a pull request; or bound it (1.*).',
            }),
          );
        }
        const chosen = types.filter((type) => (type === 'plugin' ? isObject(value[type]) : isStated(value[type])));
        if (chosen.length > 1) {
          onFinding(
            onField(object, `${pointer}/${chosen[1]}`, {
              part: 'key',
              message: `The source is ${chosen.join(' and ')} at once; Argo CD takes one kind of source, and refuses the Application.`,
            }),
          );
        }
        if (source.chart !== undefined && source.targetRevision === '') {
          onFinding(
            onField(object, `${pointer}/chart`, {
              message: `The chart ${source.chart} has no targetRevision; Argo CD needs a version for a chart.`,
            }),
          );
        }
        for (const key of ['include', 'exclude']) {
          const pattern = at(value, 'directory', key);
          if (typeof pattern !== 'string' || !/\n/.test(pattern)) continue;
          const names = pattern.trim().split(/\s*\n\s*/);
          onFinding(
            onField(object, `${pointer}/directory/${key}`, {
              message: `directory.${key} is one pattern, and this one holds a line break, which no path has: ${key === 'include' ? 'nothing is included' : 'nothing is excluded'}.`,
              hint: `Write it in one line: '${names.length > 1 ? `{${names.join(',')}}` : names[0]}'.`,
            }),
          );
        }
        if (source.path?.startsWith('/')) {
          onFinding(
            onField(object, `${pointer}/path`, {
              message: `The path ${source.path} is absolute; Argo CD takes paths relative to the root of the repository.`,
              fix: source.path.replace(/^\/+/, ''),
            }),
          );
        }
      }
      if (listAt(object.value, 'spec', 'sources').length > 0 && isObject(at(object.value, 'spec', 'source'))) {
        onFinding(
          onField(object, '/spec/source', {
            part: 'key',
            severity: 'warning',
            message: 'The Application has sources and source; Argo CD passes source over.',
            hint: 'Remove one of the two.',
          }),
        );
      }
    }
  },
};
