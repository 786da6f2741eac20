import { pairedDifference } from '../core/comparison.ts';
import { randomStream } from '../core/random.ts';
import { controlGenomes } from '../genome/controls.ts';
import type { Genome } from '../genome/genome.ts';
import { coveredPixels } from '../genome/patches.ts';
import { randomGenome } from '../genome/random.ts';
import { toNetworkSpec } from '../genome/to-network-spec.ts';
import { wholeFaceControl } from '../genome/whole-face.ts';
import type { NetworkSpec } from '../network/spec.ts';
import type { Teacher } from '../nn/teacher.ts';
import type { EvolveSettings } from '../options/evolve-options.ts';
import type { ControlMeasurement, Finalist } from '../run/result.ts';
import { bestSoFar, usefulFront } from '../search/objectives.ts';
import { samplers } from '../search/samplers.ts';
import type { SearchProgress } from '../search/search-progress.ts';
import { terminationOf } from '../search/termination.ts';
import { measurementOf, type Trained, validationLabels } from './finals.ts';
import { search } from './search.ts';
import type { Trainer } from './trainer.ts';

interface Control {
  readonly control: ControlMeasurement['control'];
  readonly spec: NetworkSpec;
}

/**
 * Trains, by the same recipe, what the chosen genome has to beat: the best of a random search that sees as many samples;
 * patches that nobody searched for, with its network genes and about its pixels; the whole face with its
 * multiply-accumulates; and of as many random genomes as the search evaluated the one that covers the most pixels, since
 * area alone orders random layouts well. Leaves out those that failed or were not trained before the trainer was stopped.
 */
export async function trainControls(
  trainer: Trainer,
  best: Trained<Finalist>,
  searched: SearchProgress,
  teacher: Teacher | undefined,
): Promise<ControlMeasurement[]> {
  const { settings } = trainer.parts;
  const { bounds } = settings;
  const { genome } = best.measurement;
  const named = (control: Control['control'], one: Genome) => ({
    control,
    spec: { ...toNetworkSpec(one, bounds), name: control },
  });
  const random = await bestOfRandomSearch(trainer, searched);
  const controls: Control[] = [
    ...(random === undefined ? [] : [named('random-search', random)]),
    ...controlGenomes(genome, bounds).map((one) => named(one.name, one.genome)),
    {
      control: 'whole-face-macs',
      spec: { ...wholeFaceControl(genome, bounds, 'macs'), name: 'whole-face-macs' },
    },
    named('most-pixels', mostPixels(settings)),
  ];
  const evaluations = await trainer.trainInFull('control', controls, teacher);
  const labels = validationLabels(trainer);
  return controls.flatMap(({ control, spec }, index) => {
    const evaluation = evaluations[index];
    if (evaluation?.status !== 'ok') return [];
    const lead = pairedDifference(best.evaluation.predictions, evaluation.predictions, labels);
    return [{ ...measurementOf(spec, evaluation), control, lead }];
  });
}

async function bestOfRandomSearch(
  trainer: Trainer,
  { history }: SearchProgress,
): Promise<Genome | undefined> {
  const { settings } = trainer.parts;
  const { state } = await search({
    settings: {
      ...settings,
      seed: `${settings.seed}/random search`,
      sampler: samplers.random,
      surrogate: false,
      startGenomes: [],
      plans: [{ from: 0, generations: Number.MAX_SAFE_INTEGER }],
    },
    trainer,
    purpose: 'random-search',
    termination: terminationOf({ maximumSamples: history.at(-1)?.samplesSeen ?? 1 }),
  });
  return usefulFront(bestSoFar(state, settings), settings)[0]?.genome;
}

function mostPixels({ seed, bounds, population, generations }: EvolveSettings): Genome {
  const genomes = Array.from({ length: population * generations }, (_, index) => {
    return randomGenome(bounds, randomStream(seed, 'most pixels', index));
  });
  const pixels = genomes.map((genome) => coveredPixels(genome, bounds.frame));
  return genomes[pixels.indexOf(Math.max(...pixels))];
}
