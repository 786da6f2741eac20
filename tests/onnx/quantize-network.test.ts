import { appendFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { ensembleOf } from '../../src/ensemble/ensemble.ts';
import { samplesOf } from '../../src/fitness/evaluate.ts';
import { canonicalGenome } from '../../src/genome/canonical.ts';
import { toNetworkSpec } from '../../src/genome/to-network-spec.ts';
import { type Engine, openEngine } from '../../src/nn/engine.ts';
import { measure } from '../../src/nn/measure.ts';
import type { Network } from '../../src/nn/network.ts';
import { trainNetwork } from '../../src/nn/train-network.ts';
import { trainingConfig } from '../../src/nn/training-config.ts';
import { foldNormalization } from '../../src/onnx/fold-normalization.ts';
import { modelToOnnx } from '../../src/onnx/model-to-onnx.ts';
import { quantizeNetwork } from '../../src/onnx/quantize-network.ts';
import { NETWORK } from '../genome/arbitraries.ts';
import { largestDifference } from '../nn/harness.ts';
import { everyKind } from '../nn/networks.ts';
import { ALL_FACES, FACES, facesFor, modelOf, randomNetwork } from './networks.ts';
import { RUNTIMES, type RuntimeName, runOnnx } from './runtimes.ts';

const GENOME = canonicalGenome({
  patches: [
    { dx: -12, dy: -14, width: 18, height: 14, mirrored: true, scale: 1 },
    { dx: 0, dy: 12, width: 20, height: 15, mirrored: false, scale: 2 },
  ],
  network: { ...NETWORK, filters: [8, 16], convolutions: 2, denseUnits: 24 },
});

let engine: Engine;
let trained: Network;
beforeAll(async () => {
  engine = await openEngine();
  const spec = toNetworkSpec(GENOME, { classes: FACES.classes.length, frame: FACES.frame });
  const config = trainingConfig({ epochs: 8, batchSize: 16 });
  trained = trainNetwork(engine, spec, samplesOf(FACES), {
    training: ALL_FACES,
    config,
    seed: 'int8',
  }).network;
});

function labelsOf(probabilities: Float32Array, classes: number): number[] {
  return Array.from({ length: probabilities.length / classes }, (_, i) => {
    const row = probabilities.subarray(i * classes, (i + 1) * classes);
    return row.indexOf(Math.max(...row));
  });
}

const share = (a: readonly number[], b: readonly number[]) =>
  a.filter((label, i) => label === b[i]).length / a.length;

it('int8', { timeout: 300_000 }, async () => {
  const samples = samplesOf(FACES);
  const small = quantizeNetwork(trained, samples, ALL_FACES);
  const before = trained.predict(samples, ALL_FACES);
  const after = small.predict(samples, ALL_FACES);
  const c = FACES.classes.length;
  const acc = (p: Float32Array) => measure(p, samples.labels, ALL_FACES, c).accuracy;
  appendFileSync(
    '/tmp/onnxlog',
    `acc ${acc(before)} ${acc(after)} same ${share(labelsOf(before, c), labelsOf(after, c))}\n`,
  );
  for (const n of [16, 100]) {
    const s2 = quantizeNetwork(trained, samples, ALL_FACES.subarray(0, n));
    appendFileSync(
      '/tmp/onnxlog',
      `${n} same ${share(labelsOf(before, c), labelsOf(s2.predict(samples, ALL_FACES), c))}\n`,
    );
  }
  const f = modelToOnnx(modelOf(trained)),
    q = modelToOnnx(modelOf(small));
  (await import('node:fs')).writeFileSync('/tmp/int8.onnx', q);
  (await import('node:fs')).writeFileSync('/tmp/float.onnx', f);
  appendFileSync('/tmp/onnxlog', `bytes ${f.length} ${q.length}\n`);
  for (const r of (Object.keys(RUNTIMES) as RuntimeName[]).slice(0, 1)) {
    const theirs = await runOnnx(r, q, samples.frames, 64);
    appendFileSync(
      '/tmp/onnxlog',
      `${r} same as float ${share(labelsOf(before, c), labelsOf(theirs, c))} as ours ${share(labelsOf(after, c), labelsOf(theirs, c))} diff ${largestDifference(after, theirs)}\n`,
    );
  }
});
