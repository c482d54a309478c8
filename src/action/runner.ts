import { randomUUID } from 'node:crypto';
import { appendFile } from 'node:fs/promises';
import type { Io } from '../cli/io.js';

/**
 * What the runner reads: commands on standard output, and the files that it names. Text that may hold words of strangers is
 * printed between stop-commands, so that no line of it is a command of the runner, whatever it looks like.
 * https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 */
export class Runner {
  constructor(private readonly io: Io) {}

  async command(name: 'error' | 'warning' | 'notice' | 'debug', text: string): Promise<void> {
    const title = name === 'debug' ? '' : ' title=gitops-gen';
    await this.io.stdout(`::${name}${title}::${escapeData(text)}\n`);
  }

  /** Lines that are commands of ours already, with their data escaped. */
  async commands(text: string): Promise<void> {
    await this.io.stdout(text);
  }

  /** Runs work whose output is no command. Both streams go the same way: the order of two pipes is nobody's promise. */
  async quoted<T>(work: (io: Io) => Promise<T>): Promise<T> {
    const token = randomUUID();
    await this.io.stdout(`::stop-commands::${token}\n`);
    let isLineOpen = false;
    const print = async (text: string) => {
      if (text !== '') isLineOpen = !text.endsWith('\n');
      await this.io.stdout(text);
    };
    try {
      return await work({
        ...this.io,
        stdout: print,
        stderr: print,
        tty: { stdin: false, stdout: false, stderr: false },
      });
    } finally {
      await this.io.stdout(`${isLineOpen ? '\n' : ''}::${token}::\n`);
    }
  }

  /** Sets outputs. The delimiter is random, so that no value can end itself and set another. */
  async outputs(values: Readonly<Record<string, string>>): Promise<void> {
    const blocks = Object.entries(values).map(([name, value]) => {
      const end = `end_${randomUUID()}`;
      return `${name}<<${end}\n${value}\n${end}\n`;
    });
    await this.append('GITHUB_OUTPUT', blocks.join(''));
  }

  async summary(text: string): Promise<void> {
    await this.append('GITHUB_STEP_SUMMARY', text);
  }

  /** A runner without the file (an old one, another CI) is no reason to fail. */
  private async append(name: string, text: string): Promise<void> {
    const path = this.io.env[name];
    if (!path) return this.command('debug', `${name} is not set: left out`);
    try {
      await appendFile(path, text);
    } catch (error) {
      await this.command('debug', `${name} cannot be written: ${(error as Error).message}`);
    }
  }
}

/** Commands end at the line. */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
