/** Everything of the outside that a command may use, given to `main` so that a test can give its own. */
export interface Io {
  /** Data: what the command was asked for. Rejects with an IoError where nothing can be written. */
  stdout(text: string): Promise<void>;
  /** Talk: progress, questions, what was done, errors. */
  stderr(text: string): Promise<void>;
  /** All of standard input, for the arguments that say `-`. */
  stdin(): Promise<string>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Whether each stream is a terminal. */
  readonly tty: { readonly stdin: boolean; readonly stdout: boolean; readonly stderr: boolean };
  /** Columns of the terminal, for wrapping. */
  readonly columns: number;
  /** Now, in milliseconds since 1970; only for progress and for "today". */
  now(): number;
  /** Waits; absent: by the clock. Only for what a server asks to wait for. */
  sleep?(ms: number): Promise<void>;
  /** Registers work that has to run when a signal ends the process; returns how to take it back. */
  onInterrupt(clean: () => void): () => void;
}

/** Exit codes, as documented in the README. */
export const exitCode = {
  ok: 0,
  findings: 1,
  usage: 2,
  refused: 3,
  authentication: 4,
} as const;

export type ExitCode = number;
