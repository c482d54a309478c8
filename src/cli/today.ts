import type { Io } from './io.js';

/** Today as an ISO date, in UTC: what exemptions and inventories are measured by. */
export function today(io: Io): string {
  return new Date(io.now()).toISOString().slice(0, 10);
}
