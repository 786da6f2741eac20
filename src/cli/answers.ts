import type { BenchmarkRecord } from '../bench/benchmark.ts';
import type { KernelsRecord } from '../bench/kernels/kernels-benchmark.ts';
import type { PipelineRecord } from '../bench/pipeline.ts';
import type { PreparedFramesRecord } from '../bench/prepared-frames.ts';
import type { RungsReport } from '../bench/rungs.ts';
import type { CacheKind } from '../core/cache-content.ts';
import type { Interval } from '../core/comparison.ts';
import type { LandmarkSummary } from '../data/search-landmarks.ts';
import type { DistillationResult } from '../distillation/search-distillation.ts';
import type { BuiltEnsemble } from '../ensemble/build-ensemble.ts';
import type { FitnessDescription } from '../evolution/fitness-service.ts';
import type { Genome } from '../genome/genome.ts';
import type { PatchQuadrilateral } from '../genome/patch-quadrilaterals.ts';
import type { FrameGeometry } from '../landmarks/frame-geometry.ts';
import type { Box } from '../landmarks/landmark-detector.ts';
import type { Similarity } from '../landmarks/similarity.ts';
import type { ConsensusJson } from '../maps/consensus.ts';
import type { Consistency } from '../maps/consistency.ts';
import type { ConvergenceJson } from '../maps/convergence.ts';
import type { PatchMapJson } from '../maps/patch-map.ts';
import type { NativeBuild } from '../nn/build-native.ts';
import type { ClassScore } from '../nn/class-scores.ts';
import type { ModelInfo } from '../nn/model.ts';
import type { TrainingConfig } from '../nn/training-config.ts';
import type { QueueWorkerReport } from '../queue/run-worker.ts';
import type { EvolutionReport, Finalist } from '../run/result.ts';
import type { RunSummary } from '../run/run-summary.ts';
import type { PatchAblation } from '../saliency/patch-ablation.ts';
import type { RegionTable } from '../saliency/region-table.ts';
import type { Subgroups } from '../saliency/subgroups.ts';
import type { ComparedNetwork } from '../summary/compare-networks.ts';
import type { SizeStep } from '../summary/size-ladder.ts';
import type { TrainedModel } from '../training/train-model.ts';
import type { ZooEntry } from '../zoo/zoo.ts';
import type {
  ClassSaliencyAnswer,
  FaceSaliencyAnswer,
  PhotoSaliencyAnswer,
} from './maps/saliency-answers.ts';
import type { MeasuredFaces } from './models/measured-faces.ts';
import type {
  PredictedAnimationJson,
  PredictedPhotoJson,
  PredictionCounts,
} from './prediction/predicted-photo.ts';

/**
 * The answer of each command with `--json`. The JSON Schemas that `evopatch help COMMAND --json` prints are generated from
 * these types, including their comments, and the compiler checks every command against its type.
 */
export interface Answers {
  evolve: EvolveAnswer;
  resume: ResumeAnswer;
  runs: RunsAnswer;
  train: TrainAnswer;
  evaluate: EvaluateAnswer;
  distill: DistillAnswer;
  ensemble: EnsembleAnswer;
  predict: PredictAnswer;
  export: ExportAnswer;
  import: ImportAnswer;
  inspect: InspectAnswer;
  map: MapAnswer;
  report: ReportAnswer;
  saliency: SaliencyAnswer;
  regions: RegionsAnswer;
  landmarks: LandmarksAnswer;
  fitness: FitnessAnswer;
  worker: WorkerAnswer;
  cache: CacheAnswer;
  build: BuildAnswer;
  bench: BenchAnswer;
}

/** What a worker did until it was interrupted. */
export type WorkerAnswer = QueueWorkerReport;

/** The native kernels that were compiled. */
export type BuildAnswer = NativeBuild;

/** The files of evopatch in a cache folder. */
export interface CacheAnswer {
  readonly folder: string;
  /** Its current content. */
  readonly kinds: readonly CacheShare[];
  /** With `--prune`: the removed files. */
  readonly removed?: readonly CacheShare[];
}

/** The files of one kind in a cache folder. */
export interface CacheShare {
  readonly kind: CacheKind;
  readonly files: number;
  readonly bytes: number;
  /** When the oldest was written, ISO 8601. */
  readonly oldest: string;
}

/** The content of result.json, its folder, and the compared networks with their speed on this machine. */
export interface EvolveAnswer extends EvolutionReport {
  readonly folder: string;
  readonly networks: readonly ComparedNetwork[];
  readonly sizes: SizesAnswer;
}

/** The most accurate finalist up to each share of the face's pixels and up to each number of parameters. */
export interface SizesAnswer {
  readonly pixels: readonly SizeStepAnswer[];
  readonly parameters: readonly SizeStepAnswer[];
}

export interface SizeStepAnswer extends Omit<SizeStep, 'finalist'> {
  /** Whether it is the genome that the run chose. */
  readonly isChosen: boolean;
  /** `null` if no finalist is as small. */
  readonly network: Pick<
    Finalist,
    'hash' | 'validationAccuracy' | 'interval95' | 'coveredPixels' | 'parameters'
  > | null;
}

/** The same, without `networks` for a run that was already complete. */
export interface ResumeAnswer extends EvolutionReport {
  readonly folder: string;
  readonly networks?: readonly ComparedNetwork[];
  readonly sizes: SizesAnswer;
}

/** Runs for `list`, runs and options for `compare`, one run for `show`. */
export type RunsAnswer = { readonly runs: readonly RunSummary[] } | RunComparison | RunSummary;

/** Runs, and the options in which they differ, with a value for each run, `null` where it has none. */
export interface RunComparison {
  readonly runs: readonly RunSummary[];
  readonly differentOptions: Readonly<Record<string, readonly (string | null)[]>>;
}

/** A training, epoch by epoch; `best` is the epoch whose model was kept. */
export interface TrainAnswer extends Pick<TrainedModel, 'best' | 'epochs' | 'parameters' | 'macs'> {
  /** The model file. */
  readonly model: string;
  readonly network: string;
  readonly config: TrainingConfig;
  /** 95 % interval of the accuracy of the best epoch (Wilson 1927). */
  readonly interval95: Interval;
}

/** The scores of one class of the model. */
export interface NamedClassScore extends ClassScore {
  readonly class: string;
}

export interface EvaluateAnswer extends MeasuredFaces {
  readonly accuracy: number;
  /** 95 % interval of the accuracy (Wilson 1927). */
  readonly interval95: Interval;
  /** Mean of the recalls. */
  readonly balancedAccuracy: number;
  /** Mean negative log-likelihood, nats. */
  readonly loss: number;
  readonly perClass: readonly NamedClassScore[];
  /** [true class][predicted class], faces. */
  readonly confusion: readonly (readonly number[])[];
  readonly classes: readonly string[];
  /** Classes of the model that no measured face belongs to. */
  readonly withoutFaces: readonly string[];
  readonly parameters: number;
  /** Multiply-accumulates of one face. */
  readonly macs: number;
  /** True where the members or weights of an ensemble were fitted to these faces. */
  readonly chosenByTheseFaces?: boolean;
  /** With `--by`. */
  readonly subgroups?: Subgroups;
}

export interface DistillAnswer extends DistillationResult {
  readonly network: string;
  /** Whether the teacher's part of the loss was multiplied by T². */
  readonly squared: boolean;
}

/** An ensemble of equal weights, or one that was fitted to data, with its scores. */
export type EnsembleAnswer = PlainEnsemble | FittedEnsemble;

/** An ensemble of equal weights, which needs no data. */
export interface PlainEnsemble {
  /** The model file. */
  readonly ensemble: string;
  readonly members: readonly { readonly name: string }[];
  readonly parameters: number;
  readonly macs: number;
}

export interface FittedEnsemble extends Omit<BuiltEnsemble, 'model'> {
  /** The model file. */
  readonly ensemble: string;
  /** Models that members were chosen from. */
  readonly models: number;
  readonly parameters: number;
  readonly macs: number;
  /** Speed on one core. */
  readonly facesPerSecond: number;
}

/** The faces of photos and animations; of an interrupted prediction, of the completed ones. */
export interface PredictAnswer {
  /** The model file. */
  readonly model: string;
  readonly classes: readonly string[];
  readonly photos: readonly PredictedPhotoJson[];
  readonly animations?: readonly PredictedAnimationJson[];
  /** Photos that cannot be read, and why. */
  readonly skipped: readonly { readonly file: string; readonly code: string; readonly message: string }[];
  readonly summary: PredictionCounts;
  /** Whether it was interrupted. */
  readonly interrupted: boolean;
  readonly genderModel?: string;
  readonly genderClasses?: readonly string[];
  /** With `--times`. */
  readonly times?: {
    readonly frames: number;
    readonly framesPerSecond: number;
    /** Mean of each stage, milliseconds per frame. */
    readonly milliseconds: Readonly<Record<string, number>>;
  };
}

export interface ExportAnswer {
  /** The model file. */
  readonly model: string;
  readonly format: 'onnx' | 'tfjs';
  /** The ONNX file, or the folder of the layers model. */
  readonly file: string;
  readonly bytes: number;
  /** Type of the grey levels that it reads. */
  readonly input: string;
  readonly classes: readonly string[];
  readonly frame: FrameGeometry;
  /** With `--quantize`. */
  readonly quantized?: QuantizationAnswer;
}

export interface ImportAnswer {
  /** The folder of the layers model. */
  readonly folder: string;
  /** The model file. */
  readonly file: string;
  readonly classes: readonly string[];
  readonly frame: FrameGeometry;
  /** How the faces must be aligned that it reads. */
  readonly align: string;
  readonly parameters: number;
  /** Multiply-accumulates of one face. */
  readonly macs: number;
}

/** A model that computes with integers, compared with itself in floats on the faces of a split. */
export interface QuantizationAnswer extends Pick<MeasuredFaces, 'dataset' | 'split' | 'samples'> {
  readonly kind: 'int8';
  /** Number of faces that the ranges of the layers were measured on. */
  readonly calibrationFaces: number;
  readonly accuracyBefore: number;
  readonly accuracyAfter: number;
  /** Share of the samples to which both give the same label. */
  readonly sameLabels: number;
}

/** A network, layer by layer, with facts about its source: a model file, a run or the literature. */
export interface InspectAnswer
  extends Partial<Pick<EvolutionReport, 'status' | 'seed' | 'engine' | 'numerics' | 'dataset' | 'baseline'>>,
    Partial<Pick<ZooEntry, 'title' | 'citation' | 'published'>> {
  readonly name: string;
  readonly parameters: number;
  /** Multiply-accumulates of one face. */
  readonly macs: number;
  /** Running means and variances of the normalisation, besides the parameters. */
  readonly runningStatistics: number;
  readonly frameSize: number;
  readonly classCount: number;
  readonly layers: readonly {
    readonly name: string;
    readonly kind: string;
    /** Channels, height, width. */
    readonly output: readonly number[];
    readonly parameters: number;
    readonly macs: number;
  }[];
  readonly genome?: Genome;
  readonly summary?: string;
  /** For a run: accuracy on its validation rows, `null` where it ended before it was measured. */
  readonly validationAccuracy?: number | null;
  /** For a model file. */
  readonly classes?: readonly string[];
  readonly frame?: FrameGeometry;
  readonly info?: ModelInfo;
}

/** The numbers of a map, and its file. */
export type MapAnswer = ConsensusMapAnswer | GenerationsMapAnswer | PatchMapAnswer;

/** What most of several runs read. */
export interface ConsensusMapAnswer extends ConsensusJson {
  readonly file: string;
  readonly consistency?: Consistency;
}

/** How attention converges over the generations of a run. */
export interface GenerationsMapAnswer extends ConvergenceJson {
  readonly file: string;
}

export interface PatchMapAnswer extends PatchMapJson {
  readonly file: string;
  /** For several runs. */
  readonly consistency?: Consistency;
  /** The photo that was drawn on; for a single genome, with the corners of its patches. */
  readonly photo?: {
    readonly file: string;
    readonly width: number;
    readonly height: number;
    readonly faces: readonly {
      readonly box: Box;
      readonly aligned: boolean;
      readonly similarity: Similarity;
      readonly patches?: readonly PatchQuadrilateral[];
    }[];
  };
}

export interface ReportAnswer {
  readonly file: string;
  readonly bytes: number;
  readonly runs: readonly {
    readonly name: string;
    readonly folder: string;
    readonly status: RunSummary['status'];
    readonly notes: readonly string[];
    readonly sizes: SizesAnswer;
  }[];
  /** For several runs; `null` for one. */
  readonly consistency: Consistency | null;
}

/** Explained photos, an explained face of a data set, or the means of classes. */
export type SaliencyAnswer = PhotoSaliencyAnswer | FaceSaliencyAnswer | ClassSaliencyAnswer;

/** Shares of the parts of the face, and the accuracy without each patch; `null` for a network without a genome. */
export interface RegionsAnswer extends MeasuredFaces, RegionTable {
  /** The method of the map. */
  readonly map: string;
  readonly ablation: PatchAblation | null;
}

/** A record, or one for each engine, of `train` and `infer`; the report of `kernels`, `pipeline` or `rungs`. */
export type BenchAnswer =
  | BenchmarkRecord
  | { readonly engines: readonly BenchmarkRecord[] }
  | KernelsAnswer
  | PipelineAnswer
  | RungsReport;

/** The kernels of training steps, for each engine and network. */
export interface KernelsAnswer {
  readonly networks: readonly KernelsRecord[];
}

/** The times from a photo to an expression, stage by stage. */
export interface PipelineAnswer extends PipelineRecord {
  /** The model file; `null` where the weights are random. */
  readonly model: string | null;
  /** The photo. */
  readonly file: string;
  readonly preparedFrames: readonly PreparedFramesRecord[];
}

export interface LandmarksAnswer extends LandmarkSummary {
  /** The points file. */
  readonly points: string;
}

/** Without `--jsonl`; with it, the first line that is printed. */
export interface FitnessAnswer extends FitnessDescription {}
