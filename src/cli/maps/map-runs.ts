import { basename } from 'node:path';
import { EvopatchError } from '../../core/errors.ts';
import { type GenomeBounds, parseGenomeBounds } from '../../genome/bounds.ts';
import type { Genome } from '../../genome/genome.ts';
import { type Consistency, consistencyOf } from '../../maps/consistency.ts';
import { type Convergence, convergenceOf } from '../../maps/convergence.ts';
import type { PatchMapOptions } from '../../maps/patch-map.ts';
import { type Weighed, type Weighting, weightsOf } from '../../maps/weights.ts';
import { readFronts } from '../../run/run-fronts.ts';
import { type RunOutcome, readFace, readRun } from '../runs/run-files.ts';

export const MAP_SUBJECTS = ['best', 'consensus', 'front', 'population', 'generations'] as const;
/** The genomes of a run whose patches are shown. */
export type MapSubject = (typeof MAP_SUBJECTS)[number];

type Member = Weighed & { readonly genome: Genome };

/** Chooses the weighting where none is given. */
export function defaultWeighting(subject: MapSubject): Weighting {
  return subject === 'population' ? 'rank' : 'count';
}

/** The content of a map of runs, with the consistency of several runs. */
export interface RunsContent {
  readonly content: PatchMapOptions;
  readonly consistency?: Consistency;
  /** Sentences about runs that have not ended. */
  readonly warnings: readonly string[];
}

/**
 * Reads the genomes of runs for a map.
 *
 * @param folders one or more
 * @throws EvopatchError `FILE_SYSTEM`, `INVALID_RUN`; `INVALID_OPTION` where the runs do not fit together.
 */
export async function readRuns(
  folders: readonly string[],
  subject: Exclude<MapSubject, 'generations'>,
  weighting: Weighting = defaultWeighting(subject),
): Promise<RunsContent> {
  const runs = await Promise.all(folders.map(readRun));
  const [{ dataset }] = runs;
  const parts = runs.map((run) => {
    if (JSON.stringify(run.dataset.frame) !== JSON.stringify(dataset.frame)) {
      const hint = 'Draw them one at a time';
      throw new EvopatchError('INVALID_OPTION', 'the runs have different face frames', {
        given: run.folder,
        hint,
      });
    }
    const members = membersOf(run, subject);
    return {
      genomes: members.map(({ genome }) => genome),
      weights: weightsOf(members, weighting, run.dataset.classes.length),
    };
  });
  const content = {
    frame: dataset.frame,
    face: meanOf(await Promise.all(runs.map(readFace))),
    genomes: parts.flatMap(({ genomes }) => genomes),
    weights: runs.length === 1 ? parts[0].weights : parts.flatMap(({ weights }) => equalParts(weights)),
  };
  const title = titleOf(subject, runs.length, content.genomes.length);
  const warnings = runs.flatMap(noteOnEnd);
  const shown = {
    ...content,
    notes: warnings,
    ...(title && { title }),
    ...(subject === 'best' ? {} : { weighting }),
  };
  if (runs.length === 1) return { content: shown, warnings };
  const bounds = runs.map(boundsOf);
  const consistency = consistencyOf({ runs: parts.map((part, run) => ({ ...part, bounds: bounds[run] })) });
  return {
    content: { ...shown, notes: [...warnings, noteOn(consistency, runs.length)] },
    consistency,
    warnings,
  };
}

/** Measures how the front of a run converges. @throws EvopatchError `FILE_SYSTEM`, `INVALID_RUN`, `INVALID_OPTION` */
export async function readConvergence(
  folder: string,
  weighting: Weighting = 'count',
  below: Pick<PatchMapOptions, 'face' | 'photo'> = {},
): Promise<Convergence> {
  const run = await readRun(folder);
  const fronts = await readFronts(folder);
  const generations = fronts.map(({ generation, members }) => ({
    generation,
    genomes: members.map(({ genome }) => genome),
    weights: weightsOf(members, weighting, run.dataset.classes.length),
  }));
  const face = below.face ?? (below.photo === undefined ? await readFace(run) : undefined);
  return convergenceOf({ generations, frame: run.dataset.frame, weighting, ...below, face });
}

function membersOf({ best, front, population }: RunOutcome, subject: MapSubject): readonly Member[] {
  if (subject === 'population') return population;
  if (subject === 'front') return front;
  return [{ genome: best.genome, accuracy: best.validationAccuracy ?? 0 }];
}

/** Scales the weights of a run so that each run counts the same, however many genomes it has. */
function equalParts(weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

function boundsOf({ options, dataset }: RunOutcome): GenomeBounds {
  const { frame, classes } = dataset;
  return parseGenomeBounds({ ...(options.bounds as Partial<GenomeBounds>), frame, classes: classes.length });
}

/** Averages the faces that are known. */
function meanOf(all: readonly (Uint8Array | undefined)[]): Uint8Array | undefined {
  const faces = all.filter((face) => face !== undefined);
  if (faces.length === 0) return undefined;
  const sums = new Float64Array(faces[0].length);
  for (const face of faces) for (const [pixel, level] of face.entries()) sums[pixel] += level;
  return Uint8Array.from(sums, (sum) => Math.round(sum / faces.length));
}

function titleOf(subject: MapSubject, runs: number, genomes: number): string | undefined {
  const of = runs === 1 ? '' : ` of ${runs} runs`;
  if (subject === 'best') return runs === 1 ? 'Best genome' : `Best genomes${of}`;
  if (subject === 'front') return runs === 1 ? `Front of ${genomes}` : `Fronts${of}`;
  return runs === 1 ? undefined : `Populations${of}`;
}

function noteOnEnd({ folder, unfinished }: RunOutcome): string[] {
  return unfinished === undefined
    ? []
    : [`${basename(folder)} has not ended: this is its state after ${unfinished} generations.`];
}

function noteOn({ spearman, random }: Consistency, runs: number): string {
  const correlation = spearman === null ? 'unknown' : spearman.toFixed(2);
  const { mean, percentile99 } = random.spearman;
  return (
    `Agreement of the ${runs} runs: rank correlation ${correlation}. Random layouts reach ${mean.toFixed(2)} on ` +
    `average and ${percentile99.toFixed(2)} at their 99th percentile.`
  );
}
