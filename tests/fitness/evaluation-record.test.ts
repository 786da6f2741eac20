import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluate } from '../../src/fitness/evaluate.ts';
import type { Evaluation } from '../../src/fitness/evaluation.ts';
import { evaluationFromJson, evaluationToJson } from '../../src/fitness/evaluation-record.ts';
import { openEngine } from '../../src/nn/engine.ts';
import { dataset, faultyRequest, request } from './requests.ts';

const again = (evaluation: Evaluation) =>
  evaluationFromJson(JSON.parse(JSON.stringify(evaluationToJson(evaluation))));

const anyNumber = fc.double();
const evaluations: fc.Arbitrary<Evaluation> = fc
  .record({
    status: fc.constant('ok' as const),
    loss: anyNumber,
    accuracy: fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0),
    parameters: fc.nat(),
    macs: fc.nat(),
    history: fc.array(
      fc.record(
        { epoch: fc.nat(), trainingLoss: anyNumber, learningRate: anyNumber, validationLoss: anyNumber },
        { requiredKeys: ['epoch', 'trainingLoss', 'learningRate'] },
      ),
    ),
    predictions: fc.uint8Array({ maxLength: 300 }),
  })
  .map((evaluation) => ({ ...evaluation, error: 1 - evaluation.accuracy }));

describe('an evaluation as JSON', () => {
  test('comes back to the last bit', () => {
    fc.assert(
      fc.property(evaluations, (evaluation) => {
        expect(again(evaluation)).toEqual({ evaluation, hasWeights: false });
      }),
      { examples: [-0, NaN, Infinity, -Infinity, 5e-324].map((loss) => [example(loss)]) },
    );
  });

  test('of real trainings too, without weights and state', async () => {
    const engine = await openEngine();
    const evaluation = evaluate(engine, dataset, { ...request('a'), keepWeights: true, keepState: true });
    expect(evaluation).toHaveProperty('state');
    const plain = evaluate(engine, dataset, request('a'));
    expect(again(evaluation)).toEqual({ evaluation: plain, hasWeights: true });
    expect(JSON.stringify(evaluationToJson(evaluation)).length).toBeLessThan(1000);
    const failed = evaluate(engine, dataset, faultyRequest());
    expect(again(failed)).toEqual({ evaluation: failed, hasWeights: false });
  });

  test.each([
    ['no object', 7],
    ['no status', {}],
    ['an unknown reason', { status: 'failed', reason: 'fate', message: '' }],
    ['an impossible share', { ...evaluationToJson(example(1)), accuracy: 2 }],
    ['predictions that are not base 64', { ...evaluationToJson(example(1)), predictions: '*' }],
    ['a missing field', { ...evaluationToJson(example(1)), macs: undefined }],
  ])('is refused with %s', (_what, value) => {
    expect(() => evaluationFromJson(value)).toThrow(expect.objectContaining({ code: 'INVALID_DATA' }));
  });
});

function example(loss: number): Evaluation {
  const epoch = { epoch: 1, trainingLoss: loss, learningRate: 0.001, validationLoss: loss };
  return {
    status: 'ok',
    loss,
    accuracy: 0.25,
    error: 0.75,
    parameters: 10,
    macs: 20,
    history: [epoch],
    predictions: Uint8Array.of(0, 1, 255),
  };
}
