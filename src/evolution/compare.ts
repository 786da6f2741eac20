import { EvopatchError } from '../core/errors.ts';
import { networkTeacher } from '../distillation/network-teacher.ts';
import { Network } from '../nn/network.ts';
import type { Teacher } from '../nn/teacher.ts';
import type { ControlMeasurement, Finalist } from '../run/result.ts';
import type { Measurement } from '../search/measurement.ts';
import { bestSoFar } from '../search/objectives.ts';
import type { SearchProgress } from '../search/search-progress.ts';
import type { Individual } from '../search/search-state.ts';
import { trainControls } from './controls.ts';
import { chooseBest, type Trained, trainControl, trainFinalists } from './finals.ts';
import type { Trainer } from './trainer.ts';

/** The networks that a run trained in full. */
export interface Compared {
  readonly baseline: Trained<Measurement> | null;
  readonly front: readonly Individual[];
  /** The largest first. */
  readonly finalists: readonly Trained<Finalist>[];
  /** The finalist that answers the question of the run, where one was trained. */
  readonly chosen: Trained<Finalist> | undefined;
  readonly wholeFaceControl: Measurement | null;
  readonly furtherControls: readonly ControlMeasurement[];
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
  const finalists = await trainFinalists(trainer, front, baseline, teacher);
  const chosen = chooseBest(finalists);
  const wholeFaceControl =
    chosen && settings.wholeFaceControl ? await trainControl(trainer, chosen.measurement, teacher) : null;
  const furtherControls =
    chosen && settings.furtherControls ? await trainControls(trainer, chosen, progress, teacher) : [];
  return { baseline, front, finalists, chosen, wholeFaceControl, furtherControls };
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
