import type { Status, WaveRow } from '../capacity/index.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Counts, Unchecked } from '../repository/model.js';

export type Verdict = 'pass' | 'fail' | 'incomplete';

/** What `validate` says (contract `Report`, schemas/report.schema.json). */
export interface Report {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: string; readonly version: string };
  readonly verdict: Verdict;
  readonly summary: {
    readonly errors: number;
    readonly warnings: number;
    readonly infos: number;
    readonly suppressed: number;
  };
  readonly checked: Counts;
  /** What was met and not judged, with the reason. */
  readonly unchecked: readonly Unchecked[];
  /** In order of file and line. Suppressed ones are among them and say so. */
  readonly diagnostics: readonly Diagnostic[];
  /** Where inventories are declared: what is deployed to each cluster, held against what it says it has. */
  readonly capacity?: CapacitySummary;
}

export interface CapacitySummary {
  readonly clusters: readonly {
    readonly name: string;
    readonly environments: readonly string[];
    /** When the inventory was looked at; verdicts speak of the inventory as declared. */
    readonly observedAt?: string;
    readonly verdict: Status;
    readonly waves: readonly WaveRow[];
  }[];
}
