import { describe, expect, it } from 'vitest';
import type { Io } from '../../src/cli/io.js';
import { progressOn } from '../../src/cli/progress.js';

function io(tty: boolean, clock: () => number): { io: Io; said: () => string } {
  let text = '';
  return {
    said: () => text,
    io: {
      stdout: async () => {},
      stderr: async (more) => {
        text += more;
      },
      stdin: async () => '',
      env: {},
      cwd: '/',
      tty: { stdin: tty, stdout: tty, stderr: tty },
      columns: 80,
      now: clock,
      onInterrupt: () => () => {},
    },
  };
}

describe('progress', () => {
  it('on a terminal is one line that goes again', async () => {
    const { io: terminal, said } = io(true, () => 0);
    const progress = progressOn(terminal, false);
    await progress('reading');
    await progress('judging');
    await progress(undefined);
    await progress(undefined);
    expect(said()).toBe('reading…\r\u001b[Kjudging…\r\u001b[K');
  });

  it('elsewhere is said once the command has taken a second', async () => {
    let now = 0;
    const { io: log, said } = io(false, () => now);
    const progress = progressOn(log, false);
    await progress('reading');
    now = 1500;
    await progress('judging');
    await progress(undefined);
    expect(said()).toBe('judging…\n');
  });

  it('is not said with --quiet', async () => {
    const { io: terminal, said } = io(true, () => 0);
    await progressOn(terminal, true)('reading');
    expect(said()).toBe('');
  });
});
