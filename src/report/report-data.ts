import type { Interval, PairedDifference } from '../core/comparison.ts';
import type { Genome } from '../genome/genome.ts';
import type { FrameGeometry } from '../landmarks/frame-geometry.ts';
import type { Consistency } from '../maps/consistency.ts';
import type { BestGenome, ControlMeasurement, Finalist, ScoredGenome, Timing } from '../run/result.ts';
import type { RunSummary } from '../run/run-summary.ts';
import type { FindingCheck } from '../saliency/human-findings.ts';
import type { RegionShare } from '../saliency/region-shares.ts';
import type { Subgroups } from '../saliency/subgroups.ts';
import type { GenerationPlan } from '../search/ladder.ts';
import type { Measurement } from '../search/measurement.ts';

/** The content of a report, as plain data that JSON can hold. */
export interface ReportData {
  readonly format: 1;
  /** At least one, in the given order. */
  readonly runs: readonly ReportRun[];
  /** How far the chosen genomes of the runs read the same pixels; `null` where fewer than two runs have one. */
  readonly consistency: Consistency | null;
}

/** One run, finished or not; fields that its files do not give (yet) are `null` or empty. */
export interface ReportRun {
  /** The end of its folder's path: as many parts as make the names in a report unique. */
  readonly name: string;
  readonly folder: string;
  readonly status: RunSummary['status'];
  /** Sentences about the files that could not be read. */
  readonly notes: readonly string[];
  readonly settings: RunSettings;
  readonly dataset: {
    readonly name: string;
    /** SHA-256 of classes, frames, labels and splits. */
    readonly hash: string;
    readonly classes: readonly string[];
    readonly frame: FrameGeometry;
    /** Rows that the final recipe trains on. */
    readonly training: number | null;
    /** Rows of the validation split. */
    readonly validation: number | null;
    /** Training rows left out as copies of validation or test rows. */
    readonly copies: number | null;
    readonly align: string | null;
  };
  /** Negligible loss of accuracy against the baseline, 0 to 1. */
  readonly margin: number | null;
  readonly baseline: Measurement | null;
  /** The chosen genome; of a run that is not complete, the one with the lowest loss on the front. */
  readonly best: BestGenome | null;
  readonly controls: readonly ControlMeasurement[];
  readonly finalists: readonly Finalist[];
  /** The model files of finalists that are in the folder of the run, by the hash of the genome. */
  readonly finalistModels: Readonly<Record<string, string>>;
  /** Ascending by loss. */
  readonly front: readonly ScoredGenome[];
  readonly history: readonly ReportGeneration[];
  /** Generations that were planned. */
  readonly generations: number | null;
  /** The front after some of the generations, including the first and the last. */
  readonly frames: readonly ReportFrame[];
  readonly evaluations: number;
  readonly failures: number;
  readonly timing: Timing | null;
  /** Mean grey levels of the training faces, [size × size], row by row. */
  readonly face: readonly number[] | null;
  /** Per-class scores, where the labels are known. */
  readonly classScores: readonly NetworkClassScores[];
  /** What the chosen network uses, where the data and its model are available. */
  readonly attention: RunAttention | null;
  /** Scores of the chosen network on groups of the validation faces, an entry for each column of the data. */
  readonly groups: readonly RunGroups[];
}

/** The content of `run.json`, as far as it can be read. */
export interface RunSettings {
  readonly evopatch: string | null;
  readonly node: string | null;
  readonly platform: string | null;
  /** When the run began, ISO 8601. */
  readonly started: string | null;
  readonly engine: { readonly name: string; readonly variant: string; readonly numerics: string } | null;
  /** The options of the command that loaded the data. */
  readonly dataSource: Readonly<Record<string, string>> | null;
  readonly ladder: readonly { readonly rows: number; readonly epochs: number }[];
  /** The numbers of generations that the run was planned for, if it was extended. */
  readonly plans?: readonly GenerationPlan[];
  /** The teacher's file, and the SHA-256 of its bytes. */
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
  /** The genome with the lowest loss on the front, on the inner split of the search. */
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
  /** The members of the front whose genomes are known, ascending by loss. */
  readonly genomes: readonly Genome[];
  /** All members. */
  readonly frontSize: number;
}

/** How well a network recognises each class, on the validation rows. */
export interface NetworkClassScores {
  readonly network: 'baseline' | 'evolved' | 'control';
  readonly samples: number;
  readonly accuracy: number;
  readonly interval95: Interval;
  /** [class][class]: faces of class `row` that were taken for class `column`. */
  readonly confusion: readonly (readonly number[])[];
}

/** What a network uses of the faces, measured by hiding parts of them. */
export interface RunAttention {
  /** Validation faces that the hidden square slid over. */
  readonly faces: number;
  /** Side of the square, pixels. */
  readonly square: number;
  /** Pixels from one position of the square to the next. */
  readonly step: number;
  /** [size × size], mean rise of the loss where a pixel is hidden, nats. */
  readonly grid: readonly number[];
  /** Share of the rise on each part of the face; `null` where the loss rises nowhere. */
  readonly shares: readonly RegionShare[] | null;
  readonly perClass: readonly {
    readonly class: string;
    readonly samples: number;
    readonly grid: readonly number[];
    readonly shares: readonly RegionShare[] | null;
  }[];
  /** Guided backpropagation instead of hiding, for single pixels and on more faces. */
  readonly gradients: ClassGradients;
  /** Whether the network uses the parts of the face that people use. */
  readonly findings: readonly FindingCheck[];
  /** Accuracy without each of its patches, on all validation faces. */
  readonly ablation: {
    readonly samples: number;
    /** Accuracy with all patches. */
    readonly whole: number;
    readonly without: readonly (HiddenScore & {
      /** As in `20×16 pair at (-14, -21)`. */
      readonly patch: string;
      /** Pixels that no other patch reads. */
      readonly ownPixels: number;
    })[];
    readonly none: HiddenScore;
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

/** A column of the data, with scores of the chosen network on each of its groups. */
export interface RunGroups extends Subgroups {
  /** Maximum faces of each class in a group that attention is measured on; 0 where there are too many groups to measure it. */
  readonly facesPerClass: number;
}

/** The score of a network some of whose patches see nothing. */
export interface HiddenScore {
  readonly accuracy: number;
  /** Its accuracy minus that with all patches. */
  readonly difference: PairedDifference;
}
