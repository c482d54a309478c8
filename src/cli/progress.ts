import type { Io } from './io.js';

/** What takes less than this says nothing where there is no terminal, in milliseconds. */
const patience = 1000;

/** The `progress` of a command: see CommandContext. Work is synchronous, so that a stage is announced when it begins. */
export function progressOn(io: Io, quiet: boolean): (doing: string | undefined) => Promise<void> {
  const begun = io.now();
  let shown = false;
  return async (doing) => {
    if (quiet) return;
    if (io.tty.stderr) {
      // One line that goes again: back to its start, and cleared to its end.
      if (shown) await io.stderr('\r\u001b[K');
      if (doing !== undefined) await io.stderr(`${doing}…`);
      shown = doing !== undefined;
    } else if (doing !== undefined && io.now() - begun > patience) await io.stderr(`${doing}…\n`);
  };
}
