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
  /** Where only a change was asked for: what it is. */
  readonly change?: {
    /** The commit that it starts from. */
    readonly since: string;
    /** How many files differ. */
    readonly files: number;
    /** Names of the Applications that deploy something else than before, sorted. */
    readonly applications: readonly string[];
    /** Open findings that the change neither brings nor touches; they are not among the diagnostics. */
    readonly elsewhere: number;
  };
  /** Where findings were held against earlier ones. */
  readonly baseline?: {
    /** The commit or file it comes from. */
    readonly name: string;
    /** Findings that it has too; they are not counted in the summary. */
    readonly known: number;
    /** Findings that only the baseline has. */
    readonly gone: number;
  };
  /** The commit whose policies and exemptions judged, where they are not those of the tree. */
  readonly trusted?: string;
}

export interface CapacitySummary {
  /** What `clusters` speaks of: the tree, where nothing pins a state of this repository; else the states that Applications pin. */
  readonly state: 'tree' | 'pinned';
  readonly clusters: CapacityClusters;
  /** Where states are pinned, the same for the tree: what stands there once every pin has moved on to it. */
  readonly next?: { readonly clusters: CapacityClusters };
}

/** Every cluster with an inventory, wave by wave. */
export type CapacityClusters = readonly {
  readonly name: string;
  readonly environments: readonly string[];
  /** When the inventory was looked at; verdicts speak of the inventory as declared. */
  readonly observedAt?: string;
  readonly verdict: Status;
  readonly waves: readonly CapacityWave[];
}[];

/** A cluster after one wave. */
export interface CapacityWave extends WaveRow {
  /** What arrives with this wave and asks for GPUs. */
  readonly workloads: readonly WaveWorkload[];
}

export interface WaveWorkload {
  readonly name: string;
  readonly application?: string;
  /** As the Application is labelled. */
  readonly phase?: string;
  readonly replicas: { readonly min: number; readonly max: number };
  /** Devices of one replica. */
  readonly gpus: number;
}
