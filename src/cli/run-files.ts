import { join } from 'node:path';
import { z } from 'zod';
import { EvopatchError } from '../core/errors.ts';
import { parse } from '../core/parse.ts';
import { readTextFile } from '../core/read-text.ts';
import { type GenomeBounds, parseGenomeBounds } from '../genome/bounds.ts';
import { ALIGNMENTS, type AlignmentMethod } from '../landmarks/alignment.ts';
import { FACE_FRAME, type FrameGeometry } from '../landmarks/frame-geometry.ts';
import { readSettings } from '../report/run-settings.ts';
import { readCheckpoint } from '../run/checkpoint.ts';
import type { BestGenome, EvolutionReport, RankedGenome, ScoredGenome } from '../run/result.ts';
import { readResult } from '../run/result-file.ts';
import { bestGenome, rankedPopulation, scoredGenome } from '../run/result-genomes.ts';
import { OBJECTIVES } from '../search/search-state.ts';

/** The state of a run: its result, or its newest checkpoint where it has not ended. */
export interface RunRecord {
  readonly folder: string;
  /** Completed generations of a run that has not ended. */
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
  const result = await readResult(folder);
  if (result !== undefined) return result;
  const hint = 'Give the folder of a finished run, as evolve wrote it';
  throw new EvopatchError('FILE_SYSTEM', 'there is no result of a run', { file: folder, hint });
}

/**
 * Reads the state of a run, finished or not.
 *
 * @throws EvopatchError `FILE_SYSTEM` where the folder is not that of a run, `INVALID_RUN` where its files are damaged or it
 * has no front yet.
 */
export async function readRun(folder: string): Promise<RunRecord> {
  const result = await readResult(folder);
  return result === undefined ? await readUnfinishedRun(folder) : { folder, ...result };
}

async function readUnfinishedRun(folder: string): Promise<RunRecord> {
  const { settings, dataset: described } = await readSettings(folder);
  const { bounds: own, objectives } = settings.options;
  const { progress } = (await readCheckpoint(folder, () => undefined)) ?? {};
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
    unfinished: history.length,
    dataset: { classes, frame, align },
    best: bestGenome(undefined, front, false),
    front,
    population: rankedPopulation(state, {
      bounds: parseGenomeBounds({ ...(own as Partial<GenomeBounds>), frame, classes: classes.length }),
      objectives: z.array(z.enum(OBJECTIVES)).catch(['loss', 'parameters']).parse(objectives),
    }),
  };
}

/** Reads the mean face of the data, [size][size], from the maps of a finished run; `undefined` for an unfinished one. */
export async function readFace({ folder, unfinished }: RunRecord): Promise<Uint8Array | undefined> {
  if (unfinished !== undefined) return undefined;
  const file = join(folder, 'maps', 'best.json');
  const text = await readTextFile(file, { problem: 'cannot read the mean face of the run' });
  const schema = z.object({ face: z.array(z.array(z.int().min(0).max(255))) });
  try {
    return Uint8Array.from(parse(schema, JSON.parse(text), 'INVALID_RUN').face.flat());
  } catch (cause) {
    const problem = `not the file of a run: ${(cause as Error).message}`;
    const hint = 'Give --data PATH or --on PHOTO';
    throw new EvopatchError('INVALID_RUN', problem, { file, hint }, cause);
  }
}
