// Trainings that all searches share: evopatch's own searches draw their genomes with seeds of their own, but train on the same rows
// and from the same seed as `evopatch fitness --seed SEED` does, so that equal genomes have equal losses.
import { splitForRun } from '../../dist/evolution/splits.js';
import { PoolEvaluator } from '../../dist/fitness/pool-evaluator.js';

/**
 * Makes the `evaluator` of a run.
 *
 * @param settings of the run
 * @param {string} seed that of all searches
 */
export function sharedTrainings(settings, seed) {
  const { workers, timeoutSeconds, retries } = settings;
  const { fitnessRungs, fitnessValidation } = splitForRun({ ...settings, seed });
  const ofAll = (request) => {
    const [, purpose] = request.seed.split('/');
    if (!purpose.startsWith('fitness')) return request;
    const stages = request.stages.map((stage, rung) => ({ ...stage, training: fitnessRungs[rung] }));
    return { ...request, stages, validation: fitnessValidation, seed: `${seed}/${purpose}` };
  };
  return ({ dataset, engine: { name, variant } }) => {
    const pool = new PoolEvaluator({
      dataset,
      engine: `${name}:${variant}`,
      workers,
      timeoutSeconds,
      retries,
    });
    return {
      evaluate: (requests, options) => pool.evaluate(requests.map(ofAll), options),
      parallelism: workers,
      close: () => pool.close(),
    };
  };
}
