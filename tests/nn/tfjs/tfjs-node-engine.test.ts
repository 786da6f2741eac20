import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EvopatchError } from '../../../src/core/errors.ts';
import { evolvePatches } from '../../../src/evolution/evolve-patches.ts';
import { openEngine } from '../../../src/nn/engine.ts';
import { tinyRun } from '../../evolution/running.ts';
import { tinyFaces } from '../../fitness/tiny-faces.ts';
import { expectConformance } from './conformance.ts';

/** Where this is set, the engine must run. */
const FOLDER = process.env.EVOPATCH_TFJS_NODE;

const engine = await openEngine('tfjs-node').catch((cause) => {
  if (FOLDER) throw cause;
});
const reason = engine
  ? ''
  : ' (skipped: scripts/build-tfjs-node.sh builds it in a folder for EVOPATCH_TFJS_NODE)';

describe.skipIf(engine === undefined)(`tfjs-node${reason}`, { timeout: 300_000 }, () => {
  if (engine === undefined) return it('runs networks', () => {});
  const at = FOLDER ? join(FOLDER, 'package.json') : import.meta.url;
  expectConformance(engine, createRequire(at)('@tensorflow/tfjs-core'), 500);

  it('searches in two threads to the end', { timeout: 600_000 }, async () => {
    const dataset = tinyFaces({ train: 32, validation: 16 });
    const { name, variant } = engine;
    const short = {
      population: 4,
      generations: 1,
      finalists: 1,
      repeats: 1,
      fitness: { epochs: 3, batchSize: 16 },
    };
    const result = await evolvePatches({
      ...tinyRun,
      ...short,
      dataset,
      workers: 2,
      engine: `${name}:${variant}`,
      controls: 'none',
    });
    expect(result).toMatchObject({ status: 'complete', engine: name, numerics: 'tfjs' });
    expect(result.failures).toBe(0);
    expect(result.best.validationAccuracy).toBeGreaterThan(0);
  });
});

it('an engine that is not there says how to get it', async () => {
  const folder = process.env.EVOPATCH_TFJS_NODE;
  process.env.EVOPATCH_TFJS_NODE = import.meta.dirname;
  try {
    const error = await openEngine('tfjs-node').catch((cause) => cause);
    expect(error).toBeInstanceOf(EvopatchError);
    expect(error.code).toBe('ENGINE_UNAVAILABLE');
    expect(error.message).toMatch(/npm install @tensorflow\/tfjs-node.*downloads/);
  } finally {
    if (folder === undefined) delete process.env.EVOPATCH_TFJS_NODE;
    else process.env.EVOPATCH_TFJS_NODE = folder;
  }
});
