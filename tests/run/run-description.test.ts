import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openEngine } from '../../src/nn/engine.ts';
import { type EvolveOptions, parseOptions } from '../../src/options/evolve-options.ts';
import { EVOLVE_TABLE } from '../../src/options/evolve-table.ts';
import { recordedOptions } from '../../src/options/option.ts';
import { describeRun, readDescription, readPartialDescription } from '../../src/run/run-description.ts';
import { temporaryFolder } from '../data/temporary-folder.ts';
import { tinyFaces } from '../fitness/tiny-faces.ts';

const dataset = tinyFaces({ train: 64, validation: 32 });

/** The `run.json` of a run with these options. */
async function described(options: Partial<EvolveOptions>) {
  const settings = parseOptions({ dataset, ...options });
  return JSON.parse(JSON.stringify(await describeRun(settings, await openEngine('wasm'))));
}

test('run.json holds the options, without data, folder and listeners', async () => {
  const { options } = await described({ seed: 'a', runFolder: 'runs/a', signal: AbortSignal.timeout(1e6) });
  expect(options).toMatchObject({
    seed: 'a',
    population: 32,
    objectives: ['loss', 'parameters', 'pixels'],
    retries: 2,
  });
  for (const name of [
    'dataset',
    'dataSource',
    'runFolder',
    'force',
    'signal',
    'onEvent',
    'jitter',
    'ladder',
  ]) {
    expect(options).not.toHaveProperty(name);
  }
  expect(options.bounds).toMatchObject({ maximumPatches: 6 });
  expect(options.bounds).not.toHaveProperty('frame');
  expect(recordedOptions(EVOLVE_TABLE, { ...parseOptions({ ...options, dataset }) })).toMatchObject(options);
});

test('runs of earlier releases are read under the names of today', async () => {
  const description = await described({});
  const { controls: _, ...options } = description.options;
  const folder = temporaryFolder();
  const read = async (former: object) => {
    const text = JSON.stringify({ ...description, options: { ...options, ...former } });
    await writeFile(join(folder, 'run.json'), text);
    const whole = await readDescription(folder);
    expect((await readPartialDescription(folder)).options).toEqual(whole.options);
    return whole.options;
  };
  expect(await read({ wholeFaceControl: true, furtherControls: false })).toEqual(description.options);
  expect(await read({ control: true, controls: false })).toEqual(description.options);
  expect(await read({ wholeFaceControl: false, furtherControls: false })).toMatchObject({ controls: 'none' });
  expect(await read({ wholeFaceControl: false, furtherControls: true })).toMatchObject({ controls: 'all' });
  expect(await read({ control: true, controls: true })).toMatchObject({ controls: 'all' });
  expect(await read({ controls: 'none' })).toMatchObject({ controls: 'none' });
  const { convolution: _form, fitness, final } = options;
  const before = {
    fitness: { ...fitness, convolution: undefined },
    final: { ...final, convolution: undefined },
  };
  const former = await read({ ...before, convolution: undefined });
  expect(former).toMatchObject({ convolution: 'direct' });
  expect(parseOptions({ ...former, dataset }).fitness.convolution).toBeUndefined();
  const { maximumPixels: _p, maximumOverlap: _o, ...bounds } = options.bounds;
  expect(await read({ bounds })).toMatchObject({ bounds: { maximumPixels: 1, maximumOverlap: 1 } });
});
