/**
 * Checks for parts of your own. They need no test framework: each resolves, or rejects with an `AssertionError` that says what the part
 * does wrong.
 *
 * @packageDocumentation
 */
export { checkLandmarkDetector } from './check-landmark-detector.ts';
