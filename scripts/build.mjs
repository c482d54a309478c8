// Bundles the command line, the library and the Action with esbuild, and writes the type declarations.
// `--no-types` skips the declarations (they cost seconds and only a published package needs them).
import { chmod, copyFile, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const pkg = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);
// Tests rebuild while another process may run what is there: chunk names carry their hash, so old ones stay valid.
if (!process.argv.includes('--no-types')) await rm('dist', { recursive: true, force: true });
await build({
  // esbuild keeps the folder that it was loaded in.
  absWorkingDir: root,
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
// The documents of the rules travel with the package: `gitops-gen explain` prints them.
await mkdir('dist/rules', { recursive: true });
for (const id of await readdir('src/check/rules')) {
  await copyFile(`src/check/rules/${id}/README.md`, `dist/rules/${id}.md`).catch(() => {});
}
if (!process.argv.includes('--no-types')) {
  const { spawnSync } = await import('node:child_process');
  const tsc = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
    stdio: 'inherit',
  });
  if (tsc.status !== 0) process.exitCode = 1;
}
