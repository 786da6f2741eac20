import { EvopatchError } from '../core/errors.ts';
import { networkTeacher } from '../distillation/network-teacher.ts';
import type { Genome } from '../genome/genome.ts';
import { Network } from '../nn/network.ts';
import type { Teacher } from '../nn/teacher.ts';
import type { ControlMeasurement, Finalist } from '../run/result.ts';
import type { Measurement } from '../search/measurement.ts';
import { bestSoFar } from '../search/objectives.ts';
import type { SearchProgress } from '../search/search-progress.ts';
import type { Individual } from '../search/search-state.ts';
import { chooseBest } from './choose-best.ts';
import { trainControls } from './controls.ts';
import { type Trained, trainFinalists, validationLabels } from './finals.ts';
import { pickFinalists } from './pick-finalists.ts';
import { shrinkBest } from './shrink-best.ts';
import type { Trainer } from './trainer.ts';

/** The networks that a run trained in full. */
export interface Compared {
  readonly baseline: Trained<Measurement> | null;
  readonly front: readonly Individual[];
  /** The largest first. */
  readonly finalists: readonly Trained<Finalist>[];
  /** The finalist that answers the question of the run, where one was trained. */
  readonly chosen: Trained<Finalist> | undefined;
  readonly controls: readonly ControlMeasurement[];
}

/**
 * Trains the finalists of a search in full, chooses one by comparison with the baseline, and trains its controls.
 *
 * @throws EvopatchError `ABORTED` before any genome was evaluated, `EVALUATION_FAILED` where all finalists failed.
 */
export async function compareInFull(
  trainer: Trainer,
  progress: SearchProgress,
  baseline: Trained<Measurement> | null,
): Promise<Compared> {
  const { settings } = trainer.parts;
  const { state } = progress;
  if (state.population.length === 0) {
    throw new EvopatchError('ABORTED', 'the run was stopped before any genome was evaluated');
  }
  const teacher = trainer.parts.teacher ?? baselineTeacher(trainer, baseline);
  const front = bestSoFar(state, settings);
  const picked = pickFinalists(front, settings.finalists, settings.bounds);
  trainer.note({ finalists: picked.length });
  const choice = { prefer: settings.prefer, margin: settings.margin, labels: validationLabels(trainer) };
  const train = (genomes: readonly Genome[]) => trainFinalists(trainer, genomes, baseline, teacher);
  const trained = await train(picked);
  if (trained.length === 0 && !trainer.stopped) {
    throw new EvopatchError('EVALUATION_FAILED', 'every finalist failed; the history of the run says why');
  }
  const finalists = await shrinkBest(trainer, trained, choice, train);
  finalists.sort((a, b) => b.measurement.parameters - a.measurement.parameters);
  trainer.emit({ type: 'final', finalists: finalists.map(({ measurement }) => measurement) });
  const chosen = chooseBest(finalists, choice);
  const controls = chosen ? await trainControls(trainer, chosen, progress, teacher) : [];
  return { baseline, front, finalists, chosen, controls };
}

/** The baseline as the teacher of the finalists and the controls, unless the options say otherwise. */
function baselineTeacher(
  { parts: { settings, engine }, stopped }: Trainer,
  baseline: Trained<Measurement> | null,
): Teacher | undefined {
  const weights = baseline?.evaluation.weights;
  if (baseline === null || weights === undefined || !settings.distill || stopped) return undefined;
  return networkTeacher(new Network(engine, baseline.spec, weights), settings.dataset);
}
