export { type BenchmarkRecord, type BenchmarkTask, benchmark, inferenceSpeed } from './bench/benchmark.ts';
export type { TimingOptions } from './bench/timing.ts';
export type { AnimationFrame } from './charts/apng.ts';
export { ANIMATION_FORMATS, type AnimationFormat, encodeAnimation } from './charts/encode-animation.ts';
export { defaultCacheFolder } from './core/cache-folder.ts';
export type { Interval, PairedDifference } from './core/comparison.ts';
export { type ErrorCode, type ErrorData, EvopatchError } from './core/errors.ts';
export type { RandomStream } from './core/random.ts';
export { type ClassChoice, chooseClasses, formatClassChoice, parseClassChoice } from './data/class-choice.ts';
export { type ClassCounts, classWarnings, countClasses, type LabelledDataset } from './data/class-counts.ts';
export { type CreateDatasetOptions, createDataset, type Sample } from './data/create-dataset.ts';
export { type Dataset, type GroupColumn, indicesOf, SPLITS, type Split } from './data/dataset.ts';
export { type DuplicateGroup, type Duplicates, findDuplicates } from './data/duplicates.ts';
export { FER2013_CLASSES, loadFer2013 } from './data/fer2013.ts';
export { groupsBy, type SampleGroup } from './data/groups.ts';
export { loadImageFolder } from './data/image-folder.ts';
export { loadDataset } from './data/load-dataset.ts';
export type { LoadOptions, LoadProgress, SkippedImage } from './data/load-options.ts';
export { loadManifest } from './data/manifest.ts';
export { withClassesOf } from './data/match-classes.ts';
export { type LandmarkSummary, searchLandmarks } from './data/search-landmarks.ts';
export { type SplitPair, stratifiedSplit } from './data/splits.ts';
export {
  EXPRESSIONS,
  type Expression,
  type SyntheticOptions,
  syntheticFaces,
} from './data/synthetic/index.ts';
export { openTeacher, type TeacherOptions } from './distillation/open-teacher.ts';
export {
  type DistillationCell,
  type DistillationResult,
  type DistillationSearch,
  searchDistillation,
} from './distillation/search-distillation.ts';
export {
  type BuiltEnsemble,
  type BuiltMember,
  buildEnsemble,
  type CrossFitted,
  type EnsembleOptions,
} from './ensemble/build-ensemble.ts';
export { COMBINATIONS, type Combination, type MemberWeights } from './ensemble/combine.ts';
export {
  costOf,
  Ensemble,
  type EnsembleMember,
  ensembleOf,
  type NamedModel,
  type Predictor,
  singleNetwork,
} from './ensemble/ensemble.ts';
export { saveEnsemble } from './ensemble/ensemble-file.ts';
export { evolvePatches } from './evolution/evolve-patches.ts';
export {
  type Fitness,
  type FitnessDescription,
  type FitnessQuestion,
  FitnessService,
} from './evolution/fitness-service.ts';
export { resumeRun } from './evolution/resume-run.ts';
export type { EvolutionRun } from './evolution/start-run.ts';
export { type GenomeTraining, type TrainedGenome, trainGenomes } from './evolution/train-genomes.ts';
export type {
  Evaluation,
  FailedEvaluation,
  FailureReason,
  SuccessfulEvaluation,
  TrainingRequest,
  TrainingStage,
} from './fitness/evaluation.ts';
export type { EvaluationReport, Evaluator, OpenEvaluator } from './fitness/evaluator.ts';
export { inlineEvaluator } from './fitness/inline-evaluator.ts';
export { type GenomeBounds, parseGenomeBounds } from './genome/bounds.ts';
export { canonicalGenome } from './genome/canonical.ts';
export type { Genome, PatchGene } from './genome/genome.ts';
export { genomeHash } from './genome/genome-hash.ts';
export type { NetworkBounds, NetworkGenes } from './genome/network-genes.ts';
export type { Crossover, GenomeOperator, Mutation } from './genome/operators.ts';
export { parseGenome } from './genome/parse-genome.ts';
export type { PatchQuadrilateral } from './genome/patch-quadrilaterals.ts';
export { coveredPixels, type Rectangle } from './genome/patches.ts';
export type { ViewTarget } from './genome/single-view.ts';
export { summarizeGenome } from './genome/summarize.ts';
export { type NetworkTarget, toNetworkSpec } from './genome/to-network-spec.ts';
export { baselineSpec, wholeFaceControl } from './genome/whole-face.ts';
export { animationFrames, type TimedPhoto } from './images/animation.ts';
export { decodePhoto } from './images/decode-photo.ts';
export type { ImageSource } from './images/open-image.ts';
export type { CanvasPixels, PixelSource } from './images/open-pixels.ts';
export type { GreyImage, Photo, Picture, PictureSize } from './images/photo.ts';
export { ALIGNMENTS, type AlignmentMethod } from './landmarks/alignment.ts';
export type { FacePose, Point } from './landmarks/face-pose.ts';
export {
  FACE_REGIONS,
  type FaceRegion,
  type FaceRegions,
  faceRegions,
  regionMask,
} from './landmarks/face-regions.ts';
export { type FollowOptions, followLandmarks } from './landmarks/follow-landmarks.ts';
export { FACE_FRAME, type FaceGrid, type FrameGeometry } from './landmarks/frame-geometry.ts';
export type {
  Box,
  FaceAttributes,
  FaceTurn,
  LandmarkDetector,
  LocatedFace,
} from './landmarks/landmark-detector.ts';
export type { Similarity } from './landmarks/similarity.ts';
export type { Agreement } from './maps/agreement.ts';
export { type ClassSheetContent, classSheet } from './maps/class-sheet.ts';
export {
  type ConsensusJson,
  type ConsensusMap,
  type ConsensusOptions,
  consensusMap,
} from './maps/consensus.ts';
export {
  type BoundedRun,
  type ChanceLevel,
  type Consistency,
  type ConsistencyOptions,
  consistencyOf,
  type PairAgreement,
  type WeightedGenomes,
} from './maps/consistency.ts';
export {
  type FacesOnPhoto,
  MAP_COLORS,
  MAP_STYLES,
  type MapColors,
  type MapLook,
  type MapStyle,
  type PatchMapContent,
} from './maps/content.ts';
export {
  type Convergence,
  type ConvergenceJson,
  type ConvergenceOptions,
  type ConvergenceStep,
  convergenceOf,
  type GenerationGenomes,
} from './maps/convergence.ts';
export type { MapUnit } from './maps/map-data.ts';
export { meanFace } from './maps/mean-face.ts';
export {
  type MappedGenome,
  type PatchMap,
  type PatchMapJson,
  type PatchMapOptions,
  patchMap,
} from './maps/patch-map.ts';
export { type RecurringPatch, recurringPatches } from './maps/recurring-patches.ts';
export type { SaliencyPicture } from './maps/saliency-drawing.ts';
export { type SaliencyPictureContent, type ShownMap, saliencyPicture } from './maps/saliency-picture.ts';
export {
  errorWeight,
  rankWeight,
  WEIGHTINGS,
  type Weighed,
  type Weighting,
  weightsOf,
} from './maps/weights.ts';
export {
  describeNetwork,
  type LayerDescription,
  macCount,
  parameterCount,
  runningStatisticsCount,
  type Shape,
} from './network/describe.ts';
export { GREY_LEVELS, type GreyLevels, withLevels } from './network/levels.ts';
export { referenceNetwork } from './network/reference-network.ts';
export type {
  BatchNormalizationLayer,
  Conv2dLayer,
  CropLayer,
  DenseLayer,
  DepthwiseConv2dLayer,
  DropoutLayer,
  FlattenLayer,
  GlobalAveragePoolLayer,
  LayerSpec,
  MergeLayer,
  NetworkSpec,
  Padding,
  PoolLayer,
  QuantizeLayer,
  ReluLayer,
  ResizeLayer,
  Size,
} from './network/spec.ts';
export type { Arena, SharedArenas, SharedMemory } from './nn/arena.ts';
export { ENGINE_NAMES, type Engine, type EngineChoice, type EngineName, openEngine } from './nn/engine.ts';
export type { Model, ModelFrame, ModelInfo } from './nn/model.ts';
export { saveModel } from './nn/model-file.ts';
export { Network } from './nn/network.ts';
export type { Weights } from './nn/parameters.ts';
export type { Samples } from './nn/samples.ts';
export type { Distillation, Teacher } from './nn/teacher.ts';
export type { TfjsEngineName } from './nn/tfjs/tfjs-engine.ts';
export type { EpochRecord, TrainingState } from './nn/training.ts';
export { type TrainingConfig, trainingConfigSchema } from './nn/training-config.ts';
export { modelToOnnx, ONNX_INPUTS, type OnnxInput, type OnnxOptions } from './onnx/model-to-onnx.ts';
export { quantizeModel } from './onnx/quantize-model.ts';
export type { TrainingBudget } from './options/budgets.ts';
export type { EvolveOptions, ResumeOptions } from './options/evolve-options.ts';
export { drawPredictions, streamDrawer } from './prediction/drawing/draw-predictions.ts';
export type { ExpressionModel, FaceOptions } from './prediction/expression-model.ts';
export type { FollowedFace } from './prediction/follow-faces.ts';
export { type GuidedBackpropagation, guidedBackpropagation } from './prediction/guided-view.ts';
export { type LoadModelOptions, loadModel } from './prediction/load-model.ts';
export {
  type FrameTimes,
  type PredictedFrame,
  predictStream,
  type StreamOptions,
} from './prediction/predict-stream.ts';
export type { GuidedView, PredictedFace, Prediction } from './prediction/prediction.ts';
export { type LiveProgress, type ReportServer, serveReport } from './report/live-server.ts';
export { type ReportSource, readReport } from './report/read-report.ts';
export type {
  ClassGradients,
  HiddenScore,
  NetworkClassScores,
  ReportData,
  ReportFrame,
  ReportGeneration,
  ReportRun,
  RunAttention,
  RunGroups,
  RunSettings,
} from './report/report-data.ts';
export { type RunView, type WatchOptions, watchRun } from './report/watch-run.ts';
export { type ReportOptions, type WrittenReport, writeReport } from './report/write-report.ts';
export type {
  BestGenome,
  Comparison,
  ControlMeasurement,
  EvolutionReport,
  EvolutionResult,
  Finalist,
  MapSubject,
  RankedGenome,
  ScoredGenome,
  Timing,
} from './run/result.ts';
export { type RunFront, readFronts } from './run/run-fronts.ts';
export {
  type CheckedMethod,
  checkSaliency,
  type RandomizedStage,
  type SaliencyCheck,
  type SaliencyCheckOptions,
} from './saliency/check-saliency.ts';
export { type ClassSaliency, classSaliency, type MeanSaliency } from './saliency/class-saliency.ts';
export type { Scores } from './saliency/class-sums.ts';
export { SALIENCY_METHODS, type SaliencyMethod } from './saliency/explainer.ts';
export {
  checkHumanFindings,
  type FindingCheck,
  HUMAN_FINDINGS,
  type HumanFinding,
} from './saliency/human-findings.ts';
export {
  type HiddenArea,
  type HiddenSquare,
  type HidingCost,
  type Occlusion,
  type OcclusionMaps,
  type OcclusionOptions,
  occlusion,
} from './saliency/occlusion.ts';
export {
  type Ablation,
  type PatchAblation,
  type PatchAblationOptions,
  patchAblation,
} from './saliency/patch-ablation.ts';
export { type RegionShare, regionShares } from './saliency/region-shares.ts';
export { type ClassMaps, occlusionMaps, type RegionTable, regionTable } from './saliency/region-table.ts';
export { type SaliencyMap, type SaliencyOptions, saliency, saliencyMaps } from './saliency/saliency.ts';
export { SALIENCY_SCALARS, type SaliencyScalar } from './saliency/scalars.ts';
export {
  type Subgroup,
  type SubgroupGap,
  type SubgroupOptions,
  type Subgroups,
  subgroups,
} from './saliency/subgroups.ts';
export { scoreAgainstTruth, type TruthScore } from './saliency/truth.ts';
export { breed, drawRandom, type Maker, proposeNew, type Select } from './search/breeding.ts';
export type {
  EvaluationRecord,
  EvolutionEvent,
  GenerationMember,
  GenerationRecord,
  Progress,
  PromotionRecord,
} from './search/events.ts';
export type { GenerationPlan, Rung } from './search/ladder.ts';
export type { Measurement } from './search/measurement.ts';
export type { CustomObjective, MeasuredGenome, Objective, Score } from './search/objective.ts';
export { OBJECTIVES, type ObjectiveName } from './search/objectives.ts';
export type { OperatorCredit } from './search/operator-rates.ts';
export { SAMPLERS, type Sampler, type SamplerName } from './search/samplers/sampler.ts';
export { samplers } from './search/samplers.ts';
export type {
  Individual,
  Observation,
  Proposal,
  SearchSettings,
  SearchState,
} from './search/search-state.ts';
export { type ComparedNetwork, compareNetworks, formatComparison } from './summary/compare-networks.ts';
export { describeFinding, type Finding, findingOf, type Lead, type MaybeLead } from './summary/finding.ts';
export type { ProgressStream } from './summary/live-lines.ts';
export { RunProgress, type RunProgressOptions } from './summary/run-progress.ts';
export { type SizeLadder, type SizeStep, sizeLadder } from './summary/size-ladder.ts';
export type { TfjsArtifacts, TfjsLayer, TfjsOutput, TfjsTopology, TfjsWeights } from './tfjs/artifacts.ts';
export { modelFromTfjs, type TfjsImport } from './tfjs/model-from-tfjs.ts';
export { modelToTfjs, type TfjsOptions } from './tfjs/model-to-tfjs.ts';
export type { LoadedLayersModel } from './tfjs/read-artifacts.ts';
export { readTfjs, writeTfjs } from './tfjs/tfjs-folder.ts';
export {
  type ModelTrainingProgress,
  type TrainedModel,
  type TrainModelOptions,
  trainModel,
} from './training/train-model.ts';
export type { TrainingEpoch } from './training/training-folder.ts';
export { type PublishedFigures, ZOO, type ZooEntry, zooNetwork } from './zoo/zoo.ts';
