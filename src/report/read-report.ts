import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { proportionInterval } from '../core/comparison.ts';
import { EvopatchError } from '../core/errors.ts';
import type { Dataset } from '../data/dataset.ts';
import { faceSquare } from '../genome/patches.ts';
import { FACE_FRAME } from '../landmarks/frame-geometry.ts';
import { meanFace } from '../maps/mean-face.ts';
import { openEngine } from '../nn/engine.ts';
import { readSingleModel } from '../nn/model-file.ts';
import type { Network } from '../nn/network.ts';
import { finalistFile, RUN_FILES } from '../run/file-names.ts';
import { readMeanFace } from '../run/mean-face.ts';
import type { EvolutionReport, Finalist } from '../run/result.ts';
import { bestGenome, scoredGenome } from '../run/result-genomes.ts';
import type { PartialDescription } from '../run/run-description.ts';
import { currentResult, openRun, type RunRecord } from '../run/run-record.ts';
import type { Measurement } from '../search/measurement.ts';
import { runAttention } from './attention.ts';
import { classScoresOf, predictValidation } from './class-scores.ts';
import { reportFrames, reportGeneration } from './generations.ts';
import type { NetworkClassScores, ReportData, ReportRun } from './report-data.ts';
import { runConsistency } from './run-consistency.ts';
import { runGroups } from './run-groups.ts';
import { type RunHistory, readHistory } from './run-history.ts';
import { runNames } from './run-names.ts';

export interface ReportSource {
  /** Folders of runs, finished or not; at least one. */
  readonly runs: readonly string[];
  /** The data of the runs, for what needs labels or faces. Runs on other data go without. */
  readonly dataset?: Dataset;
  /** Stops what takes its time with an `ABORTED` error. */
  readonly signal?: AbortSignal;
}

/**
 * Gathers what a report on runs shows. What a run has not come to yet, or what of its files is torn, is left out, with a
 * note of the latter.
 *
 * @throws EvopatchError `INVALID_OPTION` without a run, `FILE_SYSTEM` where a folder is none of a run, `INVALID_RUN` where
 * its `run.json` is damaged, `INVALID_DATA` where the data are no run's.
 */
export async function readReport(source: ReportSource): Promise<ReportData> {
  const { runs: folders, dataset } = source;
  if (folders.length === 0) {
    throw new EvopatchError('INVALID_OPTION', 'there must be at least one run', { option: 'runs', given: 0 });
  }
  const names = runNames(folders);
  const runs: ReportRun[] = [];
  for (const [index, folder] of folders.entries()) runs.push(await readRun(folder, names[index], source));
  if (dataset !== undefined && !runs.some((run) => run.dataset.hash === dataset.hash)) {
    const hint = `The run was made on '${runs[0].dataset.name}'; give the same file, points, --align and --classes`;
    const problem = `'${dataset.name}' does not hold the data of ${runs.length > 1 ? 'any run' : 'the run'}`;
    throw new EvopatchError('INVALID_DATA', problem, { option: 'data', given: dataset.hash, hint });
  }
  return { format: 1, runs, consistency: runConsistency(runs) };
}

async function readRun(
  folder: string,
  name: string,
  { dataset: data, signal }: ReportSource,
): Promise<ReportRun> {
  const record = await openRun(folder, { lenient: true });
  const { dataset, ...settings } = record.description;
  const notes = [...record.notes];
  const history = await readHistory(folder);
  if (history.damaged > 0)
    notes.push(`Damaged lines of ${RUN_FILES.history} that were left out: ${history.damaged}.`);
  const frame = record.result?.dataset.frame ?? FACE_FRAME;
  const matching = data?.hash === dataset.hash ? data : undefined;
  const face = await readMeanFace(folder).catch(() => undefined); // a drawing takes its place
  const result = currentResult(record);
  const run = {
    name,
    folder,
    status: record.status,
    settings,
    generations: typeof settings.options.generations === 'number' ? settings.options.generations : null,
    face: face?.length === frame.size ** 2 ? face : ((matching && Array.from(meanFace(matching))) ?? null),
    finalistModels: finalistModels(folder, result?.finalists ?? []),
    ...(result === undefined ? fromCheckpoint(record, history) : fromResult(result, history)),
  } as const;
  if (matching === undefined) return { ...run, notes, classScores: [], attention: null, groups: [] };
  const model = await openModel(run, notes);
  return {
    ...run,
    notes,
    classScores: scoreClasses(run, history, model, matching, notes),
    attention:
      model === undefined || run.best === null
        ? null
        : await runAttention(model, run.best.genome, matching, signal),
    groups: model === undefined ? [] : await runGroups(model, matching, signal),
  };
}

type Found = Omit<
  ReportRun,
  | 'name'
  | 'folder'
  | 'status'
  | 'notes'
  | 'settings'
  | 'generations'
  | 'finalistModels'
  | 'face'
  | 'classScores'
  | 'attention'
  | 'groups'
>;

/** Finds the model files of finalists, which earlier releases did not write. */
function finalistModels(folder: string, finalists: readonly Finalist[]): Record<string, string> {
  const files = finalists.map(({ hash }) => [hash, finalistFile(folder, hash)] as const);
  return Object.fromEntries(files.filter(([, file]) => existsSync(file)));
}

function fromResult(result: EvolutionReport, { genomes }: RunHistory): Found {
  const { dataset, margin, baseline, best, controls, finalists, front } = result;
  const known = new Map([...genomes, ...front.map(({ hash, genome }) => [hash, genome] as const)]);
  const { evaluations, failures, timing } = result;
  return {
    dataset,
    margin,
    baseline,
    best,
    controls,
    finalists,
    front,
    history: result.history.map(reportGeneration),
    frames: reportFrames(result.history, known),
    evaluations,
    failures,
    timing,
  };
}

function fromCheckpoint(
  { checkpoint, description: { dataset, options } }: RunRecord<PartialDescription>,
  history: RunHistory,
): Found {
  const records = checkpoint?.progress.history ?? [];
  const front = checkpoint?.progress.state.front.map(scoredGenome) ?? [];
  const { margin } = options;
  return {
    dataset: {
      name: dataset.name,
      hash: dataset.hash,
      classes: dataset.classes,
      frame: FACE_FRAME,
      training: null,
      validation: null,
      copies: null,
      align: dataset.align ?? null,
    },
    margin: typeof margin === 'number' ? margin : null,
    baseline: baselineOf(history),
    best: front.length === 0 ? null : bestGenome(undefined, front, false),
    controls: [],
    finalists: [],
    front,
    history: records.map(reportGeneration),
    frames: reportFrames(records, history.genomes),
    evaluations: history.evaluations,
    failures: history.failures,
    timing: null,
  };
}

/** The baseline, from its line of the history; without one `null`. */
function baselineOf({ fullTrainings }: RunHistory): Measurement | null {
  const trained = fullTrainings.get('baseline/baseline');
  if (trained === undefined || trained.predictions.length === 0) return null;
  const { loss, accuracy, parameters, macs, predictions } = trained;
  const face = faceSquare(FACE_FRAME);
  return {
    network: 'baseline',
    parameters,
    macs,
    coveredPixels: face.width * face.height,
    validationLoss: loss,
    validationAccuracy: accuracy,
    interval95: proportionInterval(accuracy, predictions.length),
  };
}

/** The chosen network; `undefined` where its file is not there or damaged. */
async function openModel(
  { folder, best }: Pick<ReportRun, 'folder' | 'best'>,
  notes: string[],
): Promise<Network | undefined> {
  if (best?.model == null) return undefined;
  try {
    return (await readSingleModel(join(folder, best.model), await openEngine())).network;
  } catch (cause) {
    if (!(cause instanceof EvopatchError)) throw cause;
    notes.push(`The chosen network cannot be read: ${cause.message}`);
    return undefined;
  }
}

/** From the predictions that the history holds; where it holds none for the chosen network, from its model. */
function scoreClasses(
  { best }: Pick<ReportRun, 'best'>,
  { fullTrainings }: RunHistory,
  model: Network | undefined,
  dataset: Dataset,
  notes: string[],
): NetworkClassScores[] {
  const keys = {
    baseline: 'baseline/baseline',
    evolved: `final/${best?.hash}`,
    control: 'control/whole-face',
  };
  return (['baseline', 'evolved', 'control'] as const).flatMap((network) => {
    try {
      const recorded = fullTrainings.get(keys[network])?.predictions;
      if (recorded !== undefined && recorded.length > 0) return classScoresOf(network, recorded, dataset);
      if (network !== 'evolved' || model === undefined) return [];
      return classScoresOf(network, predictValidation(model, dataset), dataset);
    } catch (cause) {
      if (!(cause instanceof EvopatchError)) throw cause;
      notes.push(`Per-class scores (${network}) are not available: ${cause.message}`);
      return [];
    }
  });
}
