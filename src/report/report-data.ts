import type { Interval, PairedDifference } from '../core/comparison.ts';
import type { Genome } from '../genome/genome.ts';
import type { FrameGeometry } from '../landmarks/frame-geometry.ts';
import type { Consistency } from '../maps/consistency.ts';
import type { BestGenome, ControlMeasurement, Finalist, ScoredGenome, Timing } from '../run/result.ts';
import type { RunSummary } from '../run/run-summary.ts';
import type { FindingCheck } from '../saliency/human-findings.ts';
import type { RegionShare } from '../saliency/region-shares.ts';
import type { Subgroups } from '../saliency/subgroups.ts';
import type { Measurement } from '../search/measurement.ts';

/** What a report shows, as plain data that JSON can hold. */
export interface ReportData {
  readonly format: 1;
  /** At least one, in the order that was asked for. */
  readonly runs: readonly ReportRun[];
  /** Whether the chosen genomes of the runs look at the same places; `null` where fewer than two have one. */
  readonly consistency: Consistency | null;
}

/** One run, finished or not; what its files do not say (yet) is `null` or empty. */
export interface ReportRun {
  /** Its folder's name, or as much of the path as tells the runs of a report apart. */
  readonly name: string;
  readonly folder: string;
  readonly status: RunSummary['status'];
  /** What of its files could not be read, as sentences. */
  readonly notes: readonly string[];
  readonly settings: RunSettings;
  readonly dataset: {
    readonly name: string;
    /** SHA-256 of classes, frames, labels and splits. */
    readonly hash: string;
    readonly classes: readonly string[];
    readonly frame: FrameGeometry;
    /** Rows that the final recipe trains on, of the validation split, and training rows left out as copies of measured ones. */
    readonly training: number | null;
    readonly validation: number | null;
    readonly copies: number | null;
    readonly align: string | null;
  };
  /** Loss of accuracy against the baseline that does not matter, 0 to 1. */
  readonly margin: number | null;
  readonly baseline: Measurement | null;
  /** The chosen genome; of a run that is not complete the most exact one of the front. */
  readonly best: BestGenome | null;
  readonly control: Measurement | null;
  readonly controls: readonly ControlMeasurement[];
  readonly finalists: readonly Finalist[];
  /** The most exact first. */
  readonly front: readonly ScoredGenome[];
  readonly history: readonly ReportGeneration[];
  /** Generations that were planned. */
  readonly generations: number | null;
  /** Where the front looked after some of the generations, the first and the last among them. */
  readonly frames: readonly ReportFrame[];
  readonly evaluations: number;
  readonly failures: number;
  readonly timing: Timing | null;
  /** Mean grey levels of the training faces, [size × size], row by row. */
  readonly face: readonly number[] | null;
  /** How the classes come off, where the labels are known. */
  readonly classScores: readonly NetworkClassScores[];
  /** What the chosen network uses, where the data and its model are there. */
  readonly attention: RunAttention | null;
  /** How the chosen network does on groups of the validation faces, a column of the data each. */
  readonly groups: readonly RunGroups[];
}

/** What `run.json` says, as far as it can be read. */
export interface RunSettings {
  readonly evopatch: string | null;
  readonly node: string | null;
  readonly platform: string | null;
  /** When the run began, ISO 8601. */
  readonly started: string | null;
  readonly engine: { readonly name: string; readonly variant: string; readonly numerics: string } | null;
  /** How the data were loaded, as the options of the command. */
  readonly dataSource: Readonly<Record<string, string>> | null;
  readonly ladder: readonly { readonly rows: number; readonly epochs: number }[];
  /** The file that networks learned from beside the labels, and the SHA-256 of its bytes. */
  readonly teacher: { readonly file: string; readonly hash: string } | null;
  readonly options: Readonly<Record<string, unknown>>;
}

/** One generation, after survival. */
export interface ReportGeneration {
  /** From 0. */
  readonly index: number;
  /** Share of the box below the reference point that the front dominates. */
  readonly hypervolume: number;
  readonly evaluations: number;
  readonly failures: number;
  readonly samplesSeen: number;
  readonly frontSize: number;
  /** The most exact of the front, on the inner split of the search. */
  readonly best: {
    readonly hash: string;
    readonly loss: number;
    readonly accuracy: number;
    readonly parameters: number;
  } | null;
  /** Fewest parameters on the front. */
  readonly smallest: number | null;
}

export interface ReportFrame {
  /** Index of the generation. */
  readonly generation: number;
  /** The members of the front whose genomes are known, the most exact first, and how many there are in all. */
  readonly genomes: readonly Genome[];
  readonly frontSize: number;
}

/** How well a network tells each class, on the validation rows. */
export interface NetworkClassScores {
  readonly network: 'baseline' | 'evolved' | 'control';
  readonly samples: number;
  readonly accuracy: number;
  readonly interval95: Interval;
  /** Faces of class `row` that were taken for class `column`. */
  readonly confusion: readonly (readonly number[])[];
}

/** What a network uses of the faces, by hiding parts of them. */
export interface RunAttention {
  /** Validation faces that the hidden square slid over, its side and its step, pixels. */
  readonly faces: number;
  readonly square: number;
  readonly step: number;
  /** Mean rise of the loss where a pixel is hidden, nats, [size × size]. */
  readonly grid: readonly number[];
  /** On which parts of the face that lies; `null` where hiding costs nothing anywhere. */
  readonly shares: readonly RegionShare[] | null;
  readonly perClass: readonly {
    readonly class: string;
    readonly samples: number;
    readonly grid: readonly number[];
    readonly shares: readonly RegionShare[] | null;
  }[];
  /** Guided backpropagation instead of hiding, pixel by pixel and of more faces. */
  readonly gradients: ClassGradients;
  /** Whether the network looks where people do. */
  readonly findings: readonly FindingCheck[];
  /** What its patches are worth, on all validation faces. */
  readonly ablation: {
    readonly samples: number;
    /** Accuracy with all patches. */
    readonly whole: number;
    readonly without: readonly (Hidden & {
      /** As in `20×16 pair at (-14, -21)`. */
      readonly patch: string;
      /** Pixels that no other patch reads. */
      readonly ownPixels: number;
    })[];
    readonly none: Hidden;
  };
}

/** Mean absolute gradients of the true class's logit, on some validation faces. */
export interface ClassGradients {
  readonly faces: number;
  /** [size × size] */
  readonly grid: readonly number[];
  readonly perClass: readonly {
    readonly class: string;
    readonly samples: number;
    readonly grid: readonly number[];
  }[];
}

/** A column of the data, and how the chosen network does on each group that it makes. */
export interface RunGroups extends Subgroups {
  /** The most faces of each class whose attention each group tells; 0 where there are too many groups to tell any. */
  readonly facesPerClass: number;
}

interface Hidden {
  readonly accuracy: number;
  /** How much more accurate it is than with all patches. */
  readonly difference: PairedDifference;
}
