import assert from 'node:assert/strict';
import { type Dataset, indicesOf } from '../data/dataset.ts';
import { syntheticFaces } from '../data/synthetic/index.ts';
import { evaluate } from '../fitness/evaluate.ts';
import type { Evaluation, TrainingRequest } from '../fitness/evaluation.ts';
import type { Evaluator, OpenEvaluator } from '../fitness/evaluator.ts';
import { toNetworkSpec } from '../genome/to-network-spec.ts';
import { openEngine } from '../nn/engine.ts';
import { trainingConfig } from '../nn/training-config.ts';

/**
 * Checks what evopatch relies on in an evaluator, by training small networks on drawn faces: each request is reported once, with
 * the very evaluation of a direct call; weights are kept where asked for; a faulty network fails alone; several lists can be
 * under way; an aborted list ends with `ABORTED`, one that is not read to its end is given up, and the next one works.
 *
 * @throws AssertionError that says what is wrong; whatever else the evaluator throws.
 */
export async function checkEvaluator(open: OpenEvaluator): Promise<void> {
  const engine = await openEngine();
  const dataset = syntheticFaces({ count: 140 });
  const requests = [8, 12, 8, 16].map((width, index) => requestOf(dataset, `${index % 3}`, width));
  const expected = requests.map((request) => evaluate(engine, dataset, request));
  const evaluator = await open({ dataset, engine });
  try {
    assert.deepEqual(
      await evaluateAll(evaluator, requests),
      expected,
      'give the evaluations of a direct call',
    );
    assert.deepEqual(await evaluateAll(evaluator, []), [], 'an empty list has no reports');
    await checkWeights(evaluator, requests[0], expected[0]);
    await checkFaults(evaluator, requests, expected);
    const lists = [requests.slice(0, 2), requests.slice(2)].map((list) => evaluateAll(evaluator, list));
    assert.deepEqual((await Promise.all(lists)).flat(), expected, 'serve two lists at a time');
    await checkStops(evaluator, dataset);
    assert.deepEqual(await evaluateAll(evaluator, requests), expected, 'work on after a list was stopped');
  } finally {
    await evaluator.close();
  }
}

async function checkWeights(evaluator: Evaluator, request: TrainingRequest, expected: Evaluation) {
  const [kept] = await evaluateAll(evaluator, [{ ...request, keepWeights: true }]);
  assert.ok(kept.status === 'ok' && kept.weights?.size, 'keep the weights where the request says so');
  const { weights: _, ...rest } = kept;
  assert.deepEqual(rest, expected, 'keeping the weights changes nothing else');
}

async function checkFaults(
  evaluator: Evaluator,
  [request, ...others]: readonly TrainingRequest[],
  [, ...expected]: readonly Evaluation[],
) {
  const layer = { kind: 'relu', name: 'lonely', input: 'nothing' } as const;
  const faulty = { ...request, spec: { ...request.spec, name: 'faulty', layers: [layer] } };
  const [failed, ...rest] = await evaluateAll(evaluator, [faulty, ...others]);
  assert.ok(
    failed.status === 'failed' && failed.reason === 'error',
    'a faulty network is a failed evaluation',
  );
  assert.match(failed.message, /lonely/, 'a failed evaluation names the layer at fault');
  assert.deepEqual(rest, expected, 'a faulty network leaves the others alone');
}

async function checkStops(evaluator: Evaluator, dataset: Dataset) {
  const many = Array.from({ length: 20 }, (_, index) => requestOf(dataset, `many ${index}`, 8));
  const isAborted = (cause: { code?: unknown }) => cause.code === 'ABORTED';
  await assert.rejects(
    evaluateAll(evaluator, many, AbortSignal.abort()),
    isAborted,
    'end a list with ABORTED where its signal is aborted before',
  );
  const stop = new AbortController();
  let read = 0;
  const reading = (async () => {
    for await (const _ of evaluator.evaluate(many, { signal: stop.signal })) {
      read++;
      stop.abort();
    }
  })();
  await assert.rejects(reading, isAborted, 'end a list with ABORTED when its signal says so');
  assert.ok(read >= 1 && read < many.length, 'report each evaluation as it finishes');
  for await (const _ of evaluator.evaluate(many)) break;
}

/** The evaluations in the order of their requests. */
async function evaluateAll(
  evaluator: Evaluator,
  requests: readonly TrainingRequest[],
  signal?: AbortSignal,
): Promise<Evaluation[]> {
  const evaluations = new Map<number, Evaluation>();
  for await (const { index, evaluation, seconds } of evaluator.evaluate(requests, { signal })) {
    assert.ok(!evaluations.has(index), 'report each request once');
    assert.ok(seconds >= 0, 'seconds: a number from 0');
    evaluations.set(index, evaluation);
  }
  assert.equal(evaluations.size, requests.length, 'report every request');
  return requests.map((_, index) => evaluations.get(index) as Evaluation);
}

function requestOf(dataset: Dataset, seed: string, width: number): TrainingRequest {
  const genome = {
    patches: [{ dx: 0, dy: -8, width, height: 8, mirrored: false, scale: 1 }],
    network: {
      filters: [4, 4],
      branches: 'separate',
      convolutions: 1,
      convolution: 'full',
      kernel: 3,
      head: 'flatten',
      denseUnits: 8,
      dropout: 0,
      pooling: 'max',
    },
  } as const;
  const config = trainingConfig({ epochs: 2, batchSize: 16, flip: false });
  return {
    spec: toNetworkSpec(genome, { classes: dataset.classes.length, frame: dataset.frame }),
    stages: [{ training: indicesOf(dataset, 'train'), config }],
    validation: indicesOf(dataset, 'validation'),
    seed,
    keepWeights: false,
  };
}
