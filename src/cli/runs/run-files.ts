import { EvopatchError } from '../../core/errors.ts';
import { type GenomeBounds, parseGenomeBounds } from '../../genome/bounds.ts';
import { ALIGNMENTS, type AlignmentMethod } from '../../landmarks/alignment.ts';
import { FACE_FRAME, type FrameGeometry } from '../../landmarks/frame-geometry.ts';
import { readObjectives } from '../../options/own-parts.ts';
import { readMeanFace } from '../../run/mean-face.ts';
import type { BestGenome, EvolutionReport, RankedGenome, ScoredGenome } from '../../run/result.ts';
import { bestGenome, rankedPopulation, scoredGenome } from '../../run/result-genomes.ts';
import { currentResult, openRun, type RunRecord } from '../../run/run-record.ts';

/** What a run has found; of one that has not ended, up to its newest checkpoint. */
export interface RunOutcome {
  readonly folder: string;
  /** Every option of the run. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Generations that had ended, of a run that has not ended. */
  readonly unfinished?: number;
  readonly dataset: {
    readonly classes: readonly string[];
    readonly frame: FrameGeometry;
    readonly align: AlignmentMethod;
  };
  readonly best: Pick<BestGenome, 'genome' | 'validationAccuracy'>;
  /** Not empty. */
  readonly front: readonly ScoredGenome[];
  readonly population: readonly RankedGenome[];
}

/**
 * Reads the result of a run from its folder.
 *
 * @throws EvopatchError `FILE_SYSTEM` where there is none, `INVALID_RUN` where it is damaged.
 */
export async function readFinishedRun(folder: string): Promise<EvolutionReport> {
  const { result } = await openRun(folder);
  if (result !== undefined) return result;
  const hint = 'Give the folder of a finished run, as evolve wrote it';
  throw new EvopatchError('FILE_SYSTEM', 'there is no result of a run', { file: folder, hint });
}

/**
 * Reads what a run has found, finished or not.
 *
 * @throws EvopatchError `FILE_SYSTEM` where the folder is none of a run, `INVALID_RUN` where its files are damaged or it
 * has no front yet.
 */
export async function readRun(folder: string): Promise<RunOutcome> {
  const run = await openRun(folder);
  const { options } = run.description;
  const result = currentResult(run);
  return result === undefined ? unfinishedOutcome(run) : { folder, options, ...result };
}

function unfinishedOutcome({ folder, description, checkpoint }: RunRecord): RunOutcome {
  const { options, dataset: described } = description;
  const { bounds: own, objectives } = options;
  const { progress } = checkpoint ?? {};
  if (progress === undefined || progress.state.front.length === 0) {
    const problem = 'the run has not ended, and no genome has been trained to the top rung yet';
    const hint = `Wait for it, or continue it: evopatch resume ${folder}`;
    throw new EvopatchError('INVALID_RUN', problem, { file: folder, hint });
  }
  const { state, history } = progress;
  const { classes } = described;
  const frame = FACE_FRAME;
  const align = ALIGNMENTS.find((one) => one === described.align) ?? 'similarity';
  const front = state.front.map(scoredGenome);
  return {
    folder,
    options,
    unfinished: history.length,
    dataset: { classes, frame, align },
    best: bestGenome(undefined, front, false),
    front,
    population: rankedPopulation(state, {
      bounds: parseGenomeBounds({ ...(own as Partial<GenomeBounds>), frame, classes: classes.length }),
      objectives: readObjectives(objectives),
    }),
  };
}

/** The mean face of the data, as the maps of a finished run show it, [size][size]; `undefined` for one that is not. */
export async function readFace({ folder, unfinished }: RunOutcome): Promise<Uint8Array | undefined> {
  return unfinished === undefined ? Uint8Array.from(await readMeanFace(folder)) : undefined;
}
