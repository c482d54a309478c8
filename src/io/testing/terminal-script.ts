import { cleanUp, onInterrupt } from '../interrupt.js';
import { run } from '../process.js';
import { terminalIo } from '../terminal.js';

/** A program on the real streams: `terminal-script <what>`. */
const io = terminalIo();
const [what = ''] = process.argv.slice(2);

try {
  if (what === 'large') await io.stdout(`${'x'.repeat(1_000_000)}\n`);
  if (what === 'stderr') await io.stderr('talk\n');
  if (what === 'stdin') await io.stdout(`[${await io.stdin()}]`);
  if (what === 'cwd') await io.stdout(io.cwd);
  if (what === 'clean') {
    onInterrupt(() => process.stdout.write('first '));
    onInterrupt(() => {
      throw new Error('one that fails');
    });
    io.onInterrupt(() => process.stdout.write('never '))();
    cleanUp();
    cleanUp();
  }
  if (what === 'wait') {
    io.onInterrupt(() => process.stdout.write('cleaned\n'));
    await run(process.execPath, ['-e', 'process.stdout.write("child"); setInterval(() => 0, 1000)'], [], {
      onStart: (pid) => process.stdout.write(`${pid}\n`),
    });
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 3;
}
