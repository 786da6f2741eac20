import { openTeacher } from '../distillation/open-teacher.ts';
import { contentKey } from '../fitness/evaluation.ts';
import type { EvaluationStore } from '../fitness/evaluation-store.ts';
import type { Evaluator } from '../fitness/evaluator.ts';
import { inlineEvaluator } from '../fitness/inline-evaluator.ts';
import { PoolEvaluator } from '../fitness/pool-evaluator.ts';
import { type StoredEvaluator, storedEvaluator } from '../fitness/stored-evaluator.ts';
import type { Engine } from '../nn/engine.ts';
import type { Teacher } from '../nn/teacher.ts';
import type { EvolveSettings } from '../options/evolve-options.ts';

/** Opens what trains the networks of a run, behind stores of what is trained already. */
export async function openStoredEvaluator(
  settings: EvolveSettings,
  engine: Engine,
  stores: readonly EvaluationStore[],
): Promise<StoredEvaluator> {
  const { dataset, evaluator } = settings;
  const inner = (await evaluator?.({ dataset, engine })) ?? threadsOrThisOne(settings, engine);
  return storedEvaluator(inner, stores, (request) => contentKey(request, dataset.hash, engine.numerics));
}

/** Opens the teacher of a run; its answers are kept with the evaluations that runs share. */
export async function teacherOf(
  { teacher, dataset, evaluationCache }: EvolveSettings,
  engine: Engine,
): Promise<Teacher | undefined> {
  return teacher && (await openTeacher(teacher, dataset, engine, evaluationCache));
}

function threadsOrThisOne(settings: EvolveSettings, engine: Engine): Evaluator {
  const { dataset, workers, timeoutSeconds, retries } = settings;
  if (workers === 0) return inlineEvaluator(dataset, engine);
  const exactEngine = `${engine.name}:${engine.variant}`;
  return new PoolEvaluator({ dataset, engine: exactEngine, workers, timeoutSeconds, retries });
}
