// Cuts GitHub's description of its REST API to the operations that this product calls, for the server of the tests.
// Usage: npm pack @octokit/openapi && tar xzf octokit-openapi-*.tgz, then: node scripts/cut-github-openapi.mjs package
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const operations = {
  '/repos/{owner}/{repo}': ['get'],
  '/repos/{owner}/{repo}/git/ref/{ref}': ['get'],
  '/repos/{owner}/{repo}/pulls': ['get', 'post'],
  '/repos/{owner}/{repo}/pulls/{pull_number}': ['get', 'patch'],
  '/repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers': ['post'],
  '/repos/{owner}/{repo}/issues/{issue_number}/labels': ['post'],
  '/repos/{owner}/{repo}/issues/{issue_number}/comments': ['get', 'post'],
  '/repos/{owner}/{repo}/issues/comments/{comment_id}': ['patch', 'delete'],
  '/user': ['get'],
};

const from = process.argv[2];
if (from === undefined) throw new Error('name the folder of the unpacked package');
const whole = JSON.parse(readFileSync(join(from, 'generated/api.github.com.json'), 'utf8'));
const { version } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8'));

const wordy = new Set(['description', 'summary', 'externalDocs', 'tags', 'x-github', 'x-octokit', 'x-webhooks']);

/** Without prose and examples; `properties` may have any name, so their keys stay. */
function lean(value, isNames = false) {
  if (Array.isArray(value)) return value.map((item) => lean(item));
  if (typeof value !== 'object' || value === null) return value;
  const out = {};
  for (const [key, item] of Object.entries(value)) {
    if (!isNames && (wordy.has(key) || key === 'examples' || key === 'example')) continue;
    out[key] = lean(item, key === 'properties');
  }
  return out;
}

const paths = {};
for (const [path, methods] of Object.entries(operations)) {
  paths[path] = {};
  for (const method of methods) paths[path][method] = lean(whole.paths[path][method]);
}

const components = {};
const open = [paths];
for (let next = open.pop(); next !== undefined; next = open.pop()) {
  for (const [, room, name] of JSON.stringify(next).matchAll(/"#\/components\/([^/"]+)\/([^"]+)"/g)) {
    components[room] ??= {};
    if (components[room][name] !== undefined) continue;
    components[room][name] = lean(whole.components[room][name]);
    open.push(components[room][name]);
  }
}

const sorted = (map) => Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
const cut = {
  openapi: whole.openapi,
  info: {
    title: whole.info.title,
    version,
    license: whole.info.license,
    'x-source': `A cut of generated/api.github.com.json of the npm package @octokit/openapi ${version} (MIT): some operations, without prose and examples.`,
  },
  paths,
  components: sorted(Object.fromEntries(Object.entries(components).map(([room, all]) => [room, sorted(all)]))),
};
const target = resolve(import.meta.dirname, '../fixtures/github-openapi.json');
writeFileSync(target, `${JSON.stringify(cut, undefined, 1)}\n`);
console.log(`${target}: ${JSON.stringify(cut).length} characters`);
