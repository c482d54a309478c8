/** Work that has to run when a signal ends the process: the last that was registered goes first. */
const cleaners = new Set<() => void>();

/** Registers such work; the function that comes back takes it away again. It must be synchronous. */
export function onInterrupt(clean: () => void): () => void {
  const entry = () => clean();
  cleaners.add(entry);
  return () => cleaners.delete(entry);
}

/** Runs all of it, each once. One that fails does not keep the others from running. */
export function cleanUp(): void {
  for (const clean of [...cleaners].reverse()) {
    cleaners.delete(clean);
    try {
      clean();
    } catch {
      // The process ends anyway; what is left is found by the next run.
    }
  }
}
