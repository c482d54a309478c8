// Bundles the command line, the library and the Action with esbuild, and writes the type declarations.
// `--no-types` skips the declarations (they cost seconds and only a published package needs them).
import { chmod, readFile, rm } from 'node:fs/promises';
import { build } from 'esbuild';

const pkg = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
process.chdir(new URL('..', import.meta.url).pathname);
await rm('dist', { recursive: true, force: true });
await build({
  entryPoints: { cli: 'src/cli/bin.ts', index: 'src/index.ts', action: 'src/action/bin.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  sourcemap: false,
  logLevel: 'warning',
  define: { 'process.env.GITOPS_GEN_VERSION': JSON.stringify(pkg.version) },
});
await chmod('dist/cli.js', 0o755);
if (!process.argv.includes('--no-types')) {
  const { spawnSync } = await import('node:child_process');
  const tsc = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
    stdio: 'inherit',
  });
  if (tsc.status !== 0) process.exitCode = 1;
}
