/**
 * What `work` gives, with the milliseconds of processor time that it takes. Unlike a clock they are the same on a busy
 * machine; V8's own threads (garbage collection, compilation) count as well.
 */
export function measured<T>(work: () => T): { readonly value: T; readonly milliseconds: number } {
  const before = process.cpuUsage();
  const value = work();
  const { user, system } = process.cpuUsage(before);
  return { value, milliseconds: (user + system) / 1000 };
}
