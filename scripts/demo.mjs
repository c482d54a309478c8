// The main job, end to end, on the bundled Llama 3.1 family: init, add-model, commit, promote, validate, plan, and a pull request
// on the local GitHub of the tests.
// Everything is done by the command line that users have; this script only calls it and says what it calls.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = resolve(fileURLToPath(new URL('..', import.meta.url)));
const cli = join(here, 'dist', 'cli.js');
const own = join(here, 'demo', 'llm-gitops-config');
const target = resolve(process.argv[2] ?? own);
// Only the folder that is the demo's own is cleared; one that somebody names may hold anything.
if (target !== own && existsSync(target) && readdirSync(target).length > 0) {
  console.error(`${target} is not empty: name a folder that is new, or none`);
  process.exit(2);
}
if (!existsSync(cli))
  execFileSync(process.execPath, [join(here, 'scripts/build.mjs'), '--no-types'], { cwd: here, stdio: 'inherit' });
rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });

const bold = (text) => (process.stdout.isTTY ? `\u001b[1m${text}\u001b[0m` : text);

function run(title, program, args, cwd = target) {
  console.log(`\n${bold(`# ${title}`)}\n$ ${[program, ...args].join(' ')}`);
  const [file, rest] = program === 'gitops-gen' ? [process.execPath, [cli, ...args]] : [program, args];
  const { status } = spawnSync(file, rest, { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) {
    console.error(`\nthe demo stopped: the command above ended with ${status}`);
    process.exit(status ?? 1);
  }
}

const git = (...args) => ['-c', 'user.name=demo', '-c', 'user.email=demo@example.com', ...args];
process.env.GIT_AUTHOR_NAME = process.env.GIT_COMMITTER_NAME = 'demo';
process.env.GIT_AUTHOR_EMAIL = process.env.GIT_COMMITTER_EMAIL = 'demo@example.com';

run('a git repository, and in it everything a fleet needs', 'git', git('init', '-q', '-b', 'main'));
const words = (line) => line.split(' ');
run(
  'project, environments, inventories, AppProject, root application, workflow',
  'gitops-gen',
  words('init --yes --repository https://github.com/acme/llm-gitops-config --argocd-owner helm --commit'),
);
run(
  'phase 1: Llama 3.1 8B',
  'gitops-gen',
  words(
    'add-model llama-3.1-8b --phase foundation --tier standard --revision 0e9e39f249a16976918f6564b8830bc894c89659 --env development=1,staging=2,production=5..20 --commit',
  ),
);
run(
  'phase 2: Llama 3.1 70B, quantised to fp8 when it is loaded',
  'gitops-gen',
  words(
    'add-model llama-3.1-70b --name llama-3.1-70b-fp8 --phase scale-up --tier premium --precision fp8 --quantize-at-load --tensor 4 --revision 1605565b47bb9346c5515c34102e054115b4f98b --env staging=1,production=3..8 --commit',
  ),
);
run(
  'phase 3: Llama 3.1 70B in bf16, on H100',
  'gitops-gen',
  words(
    'add-model llama-3.1-70b --phase enterprise --tier enterprise --gpu h100-80gb --tensor 8 --revision 1605565b47bb9346c5515c34102e054115b4f98b --env production=2..4 --commit',
  ),
);
run('staging moves to this commit', 'gitops-gen', ['promote', 'llama-3.1', '--to', 'staging', '--commit']);
run('and production', 'gitops-gen', ['promote', 'llama-3.1', '--to', 'production', '--commit']);
run('a second run changes nothing', 'gitops-gen', ['render', '--check']);

console.log(`\n${bold('# the repository')}`);
printTree(target, '');
run('the plan, wave by wave', 'gitops-gen', ['plan']);
run('the verdict', 'gitops-gen', ['validate']);
await pullRequest();
console.log(`\nThe repository is in ${relative(process.cwd(), target) || '.'}.`);

/** A GitHub on this machine: real git over HTTP, an API that is held to GitHub's own description; it ends with this script. */
async function pullRequest() {
  const server = spawn(process.execPath, ['--import', 'tsx', join(here, 'test/github/serve.ts')], {
    cwd: here,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    const { remote, folder, token } = JSON.parse(await firstLine(server.stdout));
    // The token goes to gitops-gen by the environment, as in a shell of a user.
    process.env.GITHUB_TOKEN = token;
    spawnSync('git', ['push', '--quiet', folder, 'main'], { cwd: target, stdio: 'inherit' });
    run('a GitHub on this machine is where it is pushed to', 'git', ['remote', 'add', 'origin', remote]);
    run(
      'one more model, as a pull request: nothing here changes',
      'gitops-gen',
      words(
        'add-model llama-3.1-8b --name llama-3.1-8b-long --phase foundation --context 12288 --revision 0e9e39f249a16976918f6564b8830bc894c89659 --env development=1 --label models --pr',
      ),
    );
    server.stdin.write('body\n');
    const body = JSON.parse(await firstLine(server.stdout));
    console.log(`\n${bold('# what its reviewer reads')}\n${body}`);
  } finally {
    server.kill();
  }
}

/** The first line that a stream has from now on. */
function firstLine(stream) {
  return new Promise((done, fail) => {
    let text = '';
    const read = (chunk) => {
      text += chunk;
      if (!text.includes('\n')) return;
      stream.off('data', read);
      done(text.slice(0, text.indexOf('\n')));
    };
    stream.on('data', read);
    stream.once('close', () => fail(new Error('the local GitHub did not answer')));
  });
}

function printTree(dir, indent) {
  for (const entry of readdirSync(dir, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name === '.git') continue;
    console.log(`${indent}${entry.name}${entry.isDirectory() ? '/' : ''}`);
    if (entry.isDirectory() && entry.name !== '.gitops-gen') printTree(join(dir, entry.name), `${indent}  `);
  }
}
