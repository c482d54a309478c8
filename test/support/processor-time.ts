/**
 * Milliseconds of processor time that `work` takes. Unlike a clock it says the same on a busy machine; V8's own threads
 * (garbage collection, compilation) count as well.
 */
export function processorTime(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
