import { evenly } from '../core/evenly.ts';
import type { Genome } from '../genome/genome.ts';
import type { GenerationRecord } from '../search/events.ts';
import type { ReportFrame, ReportGeneration } from './report-data.ts';

/** Steps of the slider; each is a picture of a few kilobytes. */
const MAX_FRAMES = 20;

export function reportGeneration({ front, ...record }: GenerationRecord): ReportGeneration {
  const { index, hypervolume, evaluations, failures, samplesSeen } = record;
  const [best] = front.toSorted((a, b) => a.loss - b.loss);
  return {
    index,
    hypervolume,
    evaluations,
    failures,
    samplesSeen,
    frontSize: front.length,
    best:
      best === undefined
        ? null
        : { hash: best.hash, loss: best.loss, accuracy: best.accuracy, parameters: best.parameters },
    smallest: front.length === 0 ? null : Math.min(...front.map(({ parameters }) => parameters)),
  };
}

/** Picks evenly spaced generations, and of their fronts the genomes that are known. */
export function reportFrames(
  history: readonly GenerationRecord[],
  genomes: ReadonlyMap<string, Genome>,
): ReportFrame[] {
  return evenly(history, MAX_FRAMES).flatMap(({ index, front }) => {
    const known = front.flatMap(({ hash }) => genomes.get(hash) ?? []);
    return known.length === 0 ? [] : [{ generation: index, genomes: known, frontSize: front.length }];
  });
}
