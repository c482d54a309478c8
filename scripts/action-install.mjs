// The first step of the Action: brings the package to the runner and says where it starts. Without a version it is this very
// commit, installed from its lock file and built here; with one, that version as it was published. No install script of a
// dependency runs, and npm works in folders of its own, so that no .npmrc and no package of the workspace takes part.
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { RUNNER_TEMP = tmpdir(), GITHUB_OUTPUT, GITOPS_GEN_VERSION: version = '' } = process.env;
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19))
  stop(
    `Node ${process.versions.node} is too old: 20.19 is the oldest that works. Set the input node-version, or use actions/setup-node before.`,
  );
const entry = version === '' ? built() : published(version);
if (GITHUB_OUTPUT) appendFileSync(GITHUB_OUTPUT, `entry=${entry}\n`);
else console.log(entry);

function built() {
  const start = join(root, 'dist', 'action.js');
  // A second use in one job finds what the first one built.
  if (!existsSync(start) || !existsSync(join(root, 'node_modules'))) {
    npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund'], root);
    run(process.execPath, ['scripts/build.mjs', '--no-types'], root);
  }
  return start;
}

function published(wanted) {
  // One version and nothing else: no range, no tag, no address.
  if (!/^\d{1,9}\.\d{1,9}\.\d{1,9}(?:-[0-9A-Za-z.-]{1,64})?$/.test(wanted))
    stop('The input version is no exact version, such as 1.2.3.');
  const folder = mkdtempSync(join(RUNNER_TEMP, 'gitops-gen-package-'));
  npm(
    ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-save', '--prefix', folder, `gitops-gen@${wanted}`],
    folder,
  );
  return join(folder, 'node_modules', 'gitops-gen', 'dist', 'action.js');
}

function npm(args, cwd) {
  run('npm', args, cwd);
}

function run(program, args, cwd) {
  const { status, error } = spawnSync(program, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) stop(`${program} ${args[0]} failed${error === undefined ? '' : `: ${error.message}`}.`);
}

function stop(why) {
  console.log(
    `::error title=gitops-gen::${why.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')}`,
  );
  process.exit(2);
}
