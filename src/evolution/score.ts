import type { SuccessfulEvaluation } from '../fitness/evaluation.ts';
import type { Genome } from '../genome/genome.ts';
import { coveredPixels } from '../genome/patches.ts';
import type { Score } from '../search/objective.ts';
import { measureObjectives } from '../search/objectives.ts';
import type { Trainer } from './trainer.ts';

/** Scores a genome by the evaluation of a rung. @param below its score at the rung below, where it has one */
export function scoreOf(
  genome: Genome,
  rung: number,
  evaluation: SuccessfulEvaluation,
  trainer: Trainer,
  below?: Score | null,
): Score {
  const { settings, splits } = trainer.parts;
  const { loss, accuracy, parameters, macs } = evaluation;
  const isTimed = settings.objectives.some(({ needsLatency }) => needsLatency);
  const values = measureObjectives(settings.objectives, {
    genome,
    evaluation,
    rows: splits.fitnessValidation,
  });
  return {
    rung,
    rungLosses: [...(below?.rungLosses ?? Array<null>(rung).fill(null)), loss],
    losses: [loss],
    loss,
    accuracy,
    parameters,
    macs,
    pixels: coveredPixels(genome, settings.bounds.frame),
    ...(isTimed && { latency: below?.latency ?? trainer.latencyOf(genome) }),
    ...(values && { values }),
  };
}
