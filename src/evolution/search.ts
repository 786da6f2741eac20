import { EvopatchError } from '../core/errors.ts';
import { log } from '../core/portable-math.ts';
import type { Evaluation } from '../fitness/evaluation.ts';
import type { GenerationRecord } from './events.ts';
import { hypervolume } from './hypervolume.ts';
import { ask, initialState, type Score, type SearchState, tell } from './nsga2.ts';
import type { EvolveSettings } from './options.ts';
import type { Trainer } from './trainer.ts';

/**
 * The generations of a run, one after the other; fewer where the trainer is stopped.
 *
 * @throws EvopatchError `EVALUATION_FAILED` where every evaluation of a generation failed.
 */
export async function search(
  settings: EvolveSettings,
  trainer: Trainer,
  onGeneration: (record: GenerationRecord) => void,
): Promise<SearchState> {
  let state = initialState;
  while (state.generation < settings.generations && !trainer.stopped) {
    const genomes = ask(state, settings);
    const evaluations = await trainer.trainForFitness(genomes, state.generation);
    refuseTotalFailure(evaluations, state.generation);
    state = tell(state, settings, genomes, evaluations.map(scoreOf));
    if (evaluations.includes(undefined)) break; // stopped within the generation
    const record = recordOf(state, settings, evaluations);
    trainer.emit({ type: 'generation', generation: record });
    onGeneration(record);
  }
  return state;
}

/** Where hypervolumes are measured from: the loss of guessing all classes alike, and the most parameters allowed. */
export function referencePoint({ bounds }: Pick<EvolveSettings, 'bounds'>) {
  return { loss: log(bounds.classes), parameters: bounds.maximumParameters };
}

function scoreOf(evaluation: Evaluation | undefined): Score {
  if (evaluation?.status !== 'ok') return null;
  const { loss, accuracy, parameters, macs } = evaluation;
  return { loss, accuracy, parameters, macs };
}

function recordOf(
  state: SearchState,
  settings: EvolveSettings,
  evaluations: readonly (Evaluation | undefined)[],
): GenerationRecord {
  const reference = referencePoint(settings);
  const { front } = state;
  const shares = front.map(({ loss, parameters }) => [
    loss / reference.loss,
    parameters / reference.parameters,
  ]);
  return {
    index: state.generation - 1,
    hypervolume: hypervolume(shares, [1, 1]),
    front: front.map(({ hash, loss, accuracy, parameters }) => ({ hash, loss, accuracy, parameters })),
    evaluations: evaluations.length,
    failures: evaluations.filter((evaluation) => evaluation?.status === 'failed').length,
  };
}

function refuseTotalFailure(evaluations: readonly (Evaluation | undefined)[], generation: number): void {
  const [first] = evaluations;
  if (first?.status !== 'failed' || !evaluations.every((one) => one?.status === 'failed')) return;
  throw new EvopatchError(
    'EVALUATION_FAILED',
    `all ${evaluations.length} evaluations of generation ${generation} failed, the first one with: ${first.message}`,
    { given: first.reason },
  );
}
