import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../diagnostics/diagnostic.js';
import { kubeObject } from './kube-object.js';
import { Permissions } from './permission.js';
import { extendProject, settingsOf } from './settings.js';

function project(spec: JsonObject, version = '3.3'): Permissions {
  const value = { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', metadata: { name: 'p' }, spec };
  const place = (pointer: string) => ({ file: 'p.yaml', pointer, via: 'resource' });
  const object = kubeObject({ value, origin: place(''), changedBy: [], sourceOf: place });
  return new Permissions(extendProject({ object, name: 'p', spec }, new Map(), settingsOf([], '3.3'), []), version);
}

const here = { server: 'https://kubernetes.default.svc', name: 'in-cluster' };
const s = { server: 'https://s', name: 's' };

/** What isDestinationMatched answers, entry by entry, the surprising ones among them. */
describe('destinations', () => {
  test.each<[string, JsonObject[], { server: string | undefined; name: string | undefined }, string, string, string?]>([
    ['a denial that is not violated allows', [{ server: '*', namespace: '!kube-system' }], here, 'foo', 'permitted'],
    [
      'also beside a narrow entry',
      [
        { server: '*', namespace: 'team-a' },
        { server: '*', namespace: '!argocd' },
      ],
      here,
      'other',
      'permitted',
    ],
    [
      'a violated one denies',
      [
        { server: '*', namespace: '*' },
        { server: '*', namespace: '!argocd' },
      ],
      here,
      'argocd',
      'denied',
    ],
    [
      'a namespace is not denied by name only',
      [
        { name: 'in-cluster', namespace: '!kube-system' },
        { name: '*', namespace: '*' },
      ],
      here,
      'kube-system',
      'permitted',
    ],
    [
      'with a server it is',
      [
        { server: here.server, namespace: '!kube-system' },
        { name: '*', namespace: '*' },
      ],
      here,
      'kube-system',
      'denied',
    ],
    [
      'a denied name denies whatever the namespace',
      [
        { name: '!prod-*', namespace: 'a' },
        { name: '*', namespace: '*' },
      ],
      { server: 'https://p', name: 'prod-1' },
      'b',
      'denied',
      '3.5',
    ],
    [
      'from 3.6 on in its namespace only',
      [
        { name: '!prod-*', namespace: 'a' },
        { name: '*', namespace: '*' },
      ],
      { server: 'https://p', name: 'prod-1' },
      'b',
      'permitted',
      '3.6',
    ],
    [
      'a denied server counts in its namespace',
      [
        { server: '!https://s', namespace: 'a' },
        { server: '*', namespace: '*' },
      ],
      s,
      'b',
      'permitted',
    ],
    [
      'and denies there',
      [
        { server: '!https://s', namespace: 'a' },
        { server: '*', namespace: '*' },
      ],
      s,
      'a',
      'denied',
    ],
    ['an entry without cluster matches nothing', [{ namespace: '*' }], here, 'a', 'denied'],
    ['a trailing slash in the project never matches', [{ server: 'https://s/', namespace: '*' }], s, 'a', 'denied'],
    ['an empty namespace matches a star', [{ server: '*', namespace: '*' }], here, '', 'permitted'],
    ['and no name', [{ server: '*', namespace: 'team' }], here, '', 'denied'],
    ['braces work', [{ server: '*', namespace: '{a,b}' }], here, 'b', 'permitted'],
    [
      'one star crosses slashes',
      [{ server: 'https://*', namespace: 'a' }],
      { server: 'https://x/y', name: 'y' },
      'a',
      'permitted',
    ],
    ['no entries permit nothing', [], here, 'a', 'denied'],
    [
      'an unknown address is undecidable',
      [{ server: 'https://w', namespace: 'a' }],
      { server: undefined, name: 'west' },
      'a',
      'undecidable',
    ],
    [
      'unless the namespace decides',
      [{ server: 'https://w', namespace: 'a' }],
      { server: undefined, name: 'west' },
      'b',
      'denied',
    ],
    ['or the name does', [{ name: 'west', namespace: 'a' }], { server: undefined, name: 'west' }, 'a', 'permitted'],
  ])('%s', (_, destinations, cluster, namespace, verdict, version) => {
    expect(project({ destinations }, version).destination(cluster, namespace).verdict).toBe(verdict);
  });
});

describe('sources', () => {
  test.each<[string, string[], string, string]>([
    ['only denials allow the rest', ['!https://github.com/x/bad'], 'https://github.com/y/z', 'permitted'],
    ['one star stops at a slash', ['https://github.com/*'], 'https://github.com/org/repo', 'denied'],
    ['two do not', ['https://github.com/**'], 'https://github.com/org/repo.git', 'permitted'],
    ['a lone star is everything', ['*'], 'git@github.com:org/repo', 'permitted'],
    ['braces never match', ['https://github.com/{a,b}/r'], 'https://github.com/a/r', 'denied'],
    ['nor does a star as user', ['*@github.com:org/repo'], 'git@github.com:org/repo', 'denied'],
    ['a trailing slash differs', ['https://github.com/org/repo'], 'https://github.com/org/repo/', 'denied'],
    ['https is not ssh', ['https://github.com/org/repo'], 'git@github.com:org/repo', 'denied'],
    [
      'a denial of one level misses groups',
      ['*', '!https://gitlab.com/group/*'],
      'https://gitlab.com/group/sub/r',
      'permitted',
    ],
    ['order does not matter', ['!https://gitlab.com/**', '*'], 'https://gitlab.com/group/sub/r', 'denied'],
    ['case does not either', ['https://GitHub.com/Org/Repo'], 'https://github.com/org/repo.git', 'permitted'],
  ])('%s', (_, sourceRepos, url, verdict) => {
    expect(project({ sourceRepos }).source(url).verdict).toBe(verdict);
  });

  test('the entry that decided is named', () => {
    const answer = project({ sourceRepos: ['https://a/**', 'https://b/**'] }).source('https://b/c');
    expect(answer.by).toMatchObject({ value: 'https://b/**', pointer: '/spec/sourceRepos/1' });
  });
});

describe('kinds', () => {
  test.each<[string, JsonObject, [string, string, string], 'Namespaced' | 'Cluster' | undefined, string]>([
    ['no list allows namespaced kinds', {}, ['apps', 'Deployment', 'a'], 'Namespaced', 'permitted'],
    [
      'an empty list allows none',
      { namespaceResourceWhitelist: [] },
      ['apps', 'Deployment', 'a'],
      'Namespaced',
      'denied',
    ],
    [
      'a blacklist takes away',
      { namespaceResourceBlacklist: [{ group: 'apps', kind: '*' }] },
      ['apps', 'Deployment', 'a'],
      'Namespaced',
      'denied',
    ],
    ['cluster kinds need an entry', {}, ['', 'Namespace', 'a'], 'Cluster', 'denied'],
    [
      'and have one',
      { clusterResourceWhitelist: [{ group: '', kind: 'Namespace' }] },
      ['', 'Namespace', 'a'],
      'Cluster',
      'permitted',
    ],
    [
      'by name',
      { clusterResourceWhitelist: [{ group: '', kind: 'Namespace', name: 'team-*' }] },
      ['', 'Namespace', 'other'],
      'Cluster',
      'denied',
    ],
    [
      'a star is the core group too',
      { clusterResourceWhitelist: [{ group: '*', kind: '*' }] },
      ['', 'Namespace', 'a'],
      'Cluster',
      'permitted',
    ],
    [
      'case matters',
      { namespaceResourceWhitelist: [{ group: 'apps', kind: 'deployment' }] },
      ['apps', 'Deployment', 'a'],
      'Namespaced',
      'denied',
    ],
    ['an unknown scope is undecidable', {}, ['example.io', 'Widget', 'a'], undefined, 'undecidable'],
    [
      'unless both say the same',
      { clusterResourceWhitelist: [{ group: '*', kind: '*' }] },
      ['example.io', 'Widget', 'a'],
      undefined,
      'permitted',
    ],
  ])('%s', (_, spec, [group, kind, name], scope, verdict) => {
    expect(project(spec).kind(group, kind, name, scope).verdict).toBe(verdict);
  });
});

describe('namespaces of Applications', () => {
  test.each([
    ['argocd', [], 'permitted'],
    ['team-a', [], 'denied'],
    ['team-a', ['team-*'], 'permitted'],
    ['team-a', ['/team-[a-z]/'], 'permitted'],
    ['my-team-a', ['/^team-[a-z]$/'], 'denied'],
    ['team-a', ['/^team-(?!b)/'], 'undecidable'],
    ['team-a', ['/[/', '!team-b'], 'undecidable'],
  ])('%s with %j', (namespace, sourceNamespaces, verdict) => {
    expect(project({ sourceNamespaces }).applicationNamespace(namespace, 'argocd').verdict).toBe(verdict);
  });
});
