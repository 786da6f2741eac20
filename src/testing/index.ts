/**
 * Checks for parts of your own. They need no test framework: each resolves, or rejects with an `AssertionError` that says what the part
 * does wrong.
 *
 * @packageDocumentation
 */
export { checkEvaluator } from './check-evaluator.ts';
export { checkLandmarkDetector } from './check-landmark-detector.ts';
export { checkObjective } from './check-objective.ts';
export { checkOperator } from './check-operator.ts';
export { checkSampler } from './check-sampler.ts';
