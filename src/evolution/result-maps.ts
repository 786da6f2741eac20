import { EvopatchError } from '../core/errors.ts';
import type { Dataset } from '../data/dataset.ts';
import { meanFace } from '../maps/mean-face.ts';
import { type PatchMap, patchMap } from '../maps/patch-map.ts';
import { rankWeight } from '../maps/weights.ts';
import { mapFile } from '../run/file-names.ts';
import type { EvolutionReport, MapSubject } from '../run/result.ts';

/** The map of a result, over the mean face of the training rows. */
export function mapOfResult(
  { best, front, population }: Pick<EvolutionReport, 'best' | 'front' | 'population'>,
  subject: MapSubject,
  dataset: Dataset,
): PatchMap {
  const over = { frame: dataset.frame, face: meanFace(dataset) };
  if (subject === 'best') return patchMap({ ...over, title: 'Best genome', genomes: [best.genome] });
  if (subject === 'front') {
    const genomes = front.map(({ genome }) => genome);
    return patchMap({ ...over, title: `Front of ${front.length}`, genomes, weighting: 'count' });
  }
  return patchMap({
    ...over,
    genomes: population.map(({ genome }) => genome),
    weights: population.map(({ rank }) => rankWeight(rank)),
    weighting: 'rank',
  });
}

/**
 * Writes both maps, numbers and pictures, into `maps/` of a run folder. Where the package that draws is missing, it warns and
 * writes the numbers alone: what took hours is not lost for a picture that can be drawn later.
 */
export async function saveMaps(
  folder: string,
  report: Pick<EvolutionReport, 'best' | 'front' | 'population'>,
  dataset: Dataset,
  onWarning: (message: string) => void,
): Promise<void> {
  for (const subject of ['best', 'population'] as const) {
    const map = mapOfResult(report, subject, dataset);
    await map.saveJson(mapFile(folder, subject, 'json'));
    await map.savePng(mapFile(folder, subject, 'png')).catch((cause) => {
      if (!(cause instanceof EvopatchError && cause.code === 'MISSING_PACKAGE')) throw cause;
      onWarning(`maps/${subject}.png is left out: ${cause.message}`);
    });
  }
}
