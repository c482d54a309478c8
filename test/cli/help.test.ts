import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { parseCall } from '../../src/cli/parse.js';
import { program } from '../../src/cli/program.js';
import { call } from '../support/cli.js';

/** An example as a shell would split it, up to a pipe or a redirection. */
function words(line: string): string[] {
  const part = line.split(/ [|>] /)[0] ?? '';
  return [...part.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
}

describe('help', () => {
  it('of the program names every command', async () => {
    const { code, stdout, stderr } = await call(['--help']);
    expect(code).toBe(0);
    expect(stderr).toBe('');
    for (const { name, summary } of program)
      expect(stdout).toMatch(new RegExp(`^ {2}${name} +${summary.slice(0, 10)}`, 'm'));
  });

  it('without a command is shown, and is a usage error', async () => {
    const { code, stdout } = await call([]);
    expect(code).toBe(2);
    expect(stdout).toContain('Examples:');
  });

  it.each(program.map(({ name }) => name))('of %s begins with what it does and examples', async (name) => {
    const { code, stdout } = await call([name, '--help']);
    expect(code).toBe(0);
    expect(stdout.indexOf('Examples:')).toBeLessThan(stdout.indexOf('Usage:'));
    expect(stdout).toContain(`gitops-gen ${name}`);
    expect((await call(['help', name])).stdout).toBe(stdout);
  });

  it.each(program.map((entry) => [entry.name, entry] as const))(
    'the examples of %s are calls that it takes',
    async (name, entry) => {
      const { command } = await entry.load();
      expect(command.name).toBe(name);
      expect(command.examples.length).toBeGreaterThan(0);
      for (const example of command.examples) {
        const [first, ...rest] = words(example.command);
        expect(first).toBe(name);
        expect(() => parseCall(command, rest)).not.toThrow();
      }
    },
  );
});

describe('a call that is wrong', () => {
  const cases: [title: string, argv: string[], message: RegExp][] = [
    ['an unknown command', ['valdate'], /unknown command 'valdate'\n {2}Did you mean "validate"\?/],
    ['an unknown command without a near one', ['xyzzy'], /unknown command 'xyzzy'\n {2}gitops-gen --help/],
    ['an unknown flag', ['render', '--dryrun'], /unknown option '--dryrun'\n {2}\(Did you mean --dry-run\?\)/],
    ['an unknown flag before the command', ['--frob', 'render'], /unknown flag '--frob'/],
    ['a missing argument', ['fit'], /missing required argument 'model'/],
    ['one argument too many', ['render', 'x'], /too many arguments/],
    [
      'a value that is not allowed',
      ['validate', '-o', 'xml'],
      /'xml' is invalid. Allowed choices are text, json, sarif/,
    ],
    ['a number that is none', ['fit', 'x', '--tensor', 'two'], /'two' is not a whole number of at least 1/],
    ['flags that contradict', ['render', '--quiet', '--verbose'], /--quiet and --verbose contradict/],
    [
      'two flags that contradict in one command',
      ['render', '--check', '--commit', '-C', '/'],
      /no gitops-gen.yaml|--check writes nothing/,
    ],
    [
      'replicas that are none',
      ['add-model', 'x', '--env', 'production=many'],
      /'production=many' is not environment=replicas/,
    ],
    ['a minimum above the maximum', ['add-model', 'x', '--env', 'production=5..2'], /minimum 5 is above the maximum 2/],
    ['an unknown model', ['models', 'llama-3.1-8c'], /has no model 'llama-3.1-8c'\n {2}Did you mean llama-3.1-8b/],
    ['an unknown GPU', ['gpus', 'h100-80'], /has no GPU 'h100-80'\n {2}Did you mean h100-80gb/],
    ['an unknown rule', ['explain', 'sync-waves'], /there is no rule 'sync-waves'\n {2}Did you mean "sync-wave"/],
    ['an unknown schema', ['schema', 'projct'], /there is no schema 'projct'\n {2}Did you mean "project"/],
    ['a folder that is not there', ['validate', '/nowhere/at/all'], /there is no file or folder \/nowhere\/at\/all/],
  ];
  it.each(cases)('%s: exit 2, a message, nothing on standard output', async (_title, argv, message) => {
    const { code, stdout, stderr } = await call(argv);
    expect(stderr).toMatch(message);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  it('after --, a word that looks like a flag is an argument', async () => {
    const { code, stderr } = await call(['models', '--', '--help']);
    expect(code).toBe(2);
    expect(stderr).toContain("has no model '--help'");
  });
});

describe('completion', () => {
  it.each(['bash', 'zsh', 'fish'])('for %s holds every command', async (shell) => {
    const { code, stdout } = await call(['completion', shell]);
    expect(code).toBe(0);
    for (const { name } of program) expect(stdout).toContain(name);
    expect(stdout).toContain('dry-run');
    const parsed = spawnSync(shell, ['-n'], { input: stdout, encoding: 'utf8' });
    // A shell that is not on this machine cannot judge; bash is wherever the tests run.
    if (parsed.error === undefined) expect(parsed.stderr).toBe('');
    else expect(shell).not.toBe('bash');
  });

  it('completes commands, flags and values in a real bash', async () => {
    const { stdout } = await call(['completion', 'bash']);
    const ask = (line: string[]) => {
      const script = `${stdout}\nCOMP_WORDS=(${line.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${line.length - 1}; _gitops_gen; echo "\${COMPREPLY[*]}"`;
      return spawnSync('bash', ['-c', script], { encoding: 'utf8' }).stdout.trim();
    };
    expect(ask(['gitops-gen', 'va'])).toBe('validate');
    expect(ask(['gitops-gen', 'render', '--dry'])).toBe('--dry-run');
    expect(ask(['gitops-gen', 'models', '-o', 'j'])).toBe('json');
  });
});
