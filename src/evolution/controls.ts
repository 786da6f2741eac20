import { pairedDifference } from '../core/comparison.ts';
import { randomStream } from '../core/random.ts';
import { type ControlNetwork, controlNetworks } from '../genome/controls.ts';
import type { Genome } from '../genome/genome.ts';
import { coveredPixels } from '../genome/patches.ts';
import { randomLayout } from '../genome/random-layout.ts';
import { toNetworkSpec } from '../genome/to-network-spec.ts';
import type { Teacher } from '../nn/teacher.ts';
import type { ControlMeasurement, Finalist } from '../run/result.ts';
import { proposeNew } from '../search/breeding.ts';
import { bestSoFar, objectiveFrom } from '../search/objectives.ts';
import { samplers } from '../search/samplers.ts';
import type { SearchProgress } from '../search/search-progress.ts';
import { terminationOf } from '../search/termination.ts';
import { measurementOf, type Trained, validationLabels } from './finals.ts';
import { search } from './search.ts';
import type { Trainer } from './trainer.ts';

type Control = Omit<ControlNetwork, 'control'> & Pick<ControlMeasurement, 'control' | 'layouts'>;

/**
 * Trains, by the recipe of the finalists, the controls that the options ask for. Leaves out those that failed or were not
 * trained before the trainer was stopped.
 */
export async function trainControls(
  trainer: Trainer,
  best: Trained<Finalist>,
  searched: SearchProgress,
  teacher: Teacher | undefined,
): Promise<ControlMeasurement[]> {
  const { controls: wanted, bounds } = trainer.parts.settings;
  if (wanted === 'none') return [];
  const { genome } = best.measurement;
  const controls: Control[] = [
    ...(wanted === 'all' ? await bestRandomLayout(trainer, genome, searched) : []),
    ...controlNetworks(genome, bounds),
  ];
  const evaluations = await trainer.trainInFull('control', controls, teacher);
  const labels = validationLabels(trainer);
  return controls.flatMap(({ control, spec, pixels, ...rest }, index) => {
    const evaluation = evaluations[index];
    if (evaluation?.status !== 'ok') return [];
    const lead = pairedDifference(best.evaluation.predictions, evaluation.predictions, labels);
    return [{ ...measurementOf(spec, evaluation), coveredPixels: pixels, control, ...rest, lead }];
  });
}

/**
 * Searches among random layouts with the pixels, the parameters and the network genes of the chosen genome, and sees as many
 * samples as the search did. All have the chosen network since a random one would be a weaker control: the chosen one came out of
 * a selection. None if the trainer was stopped.
 */
async function bestRandomLayout(
  trainer: Trainer,
  chosen: Genome,
  { history }: SearchProgress,
): Promise<Control[]> {
  const { settings } = trainer.parts;
  const { bounds } = settings;
  const own = {
    ...settings,
    seed: `${settings.seed}/random layouts`,
    objectives: [objectiveFrom('loss')],
    surrogate: false,
    plans: [{ from: 0, generations: Number.MAX_SAFE_INTEGER }],
  };
  const { state } = await search({
    settings: {
      ...own,
      sampler: {
        ...samplers.random,
        ask: (state) =>
          proposeNew(state, own, (index, attempt) => {
            const random = randomStream(own.seed, state.generation, index, 'layout', attempt);
            return { genome: randomLayout(chosen, bounds, random), operators: [] };
          }),
      },
    },
    trainer,
    purpose: 'random-search',
    termination: terminationOf({ maximumSamples: history.at(-1)?.samplesSeen ?? 1 }),
  });
  return bestSoFar(state, own)
    .slice(0, 1)
    .map(({ genome }) => ({
      control: 'random-layout',
      spec: { ...toNetworkSpec(genome, bounds), name: 'random-layout' },
      pixels: coveredPixels(genome, bounds.frame),
      patches: genome.patches,
      layouts: state.seen.length,
    }));
}
