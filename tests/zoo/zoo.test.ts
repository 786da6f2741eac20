import { describe, expect, it } from 'vitest';
import { FACE_FRAME } from '../../src/landmarks/frame-geometry.ts';
import {
  describeNetwork,
  macCount,
  parameterCount,
  runningStatisticsCount,
} from '../../src/network/describe.ts';
import { networkSpecSchema } from '../../src/network/schema.ts';
import { openEngine } from '../../src/nn/engine.ts';
import { ZOO, zooNetwork } from '../../src/zoo/zoo.ts';
import { bitsOf, engineStep, randomBatch, randomWeights } from '../nn/harness.ts';

const names = Object.keys(ZOO);

/** Trained parameters, and all that Keras counts. */
const counts = (name: string, classes?: number) => {
  const spec = zooNetwork(name, { classes });
  const trained = parameterCount(spec);
  return [trained, trained + runningStatisticsCount(spec)];
};

const shapes = (name: string) =>
  Object.fromEntries(
    describeNetwork(zooNetwork(name)).map(({ layer, output }) => [
      layer.name,
      [output.channels, output.height, output.width],
    ]),
  );

describe('parameters are those of the published network:', () => {
  it.each([
    ['miniXception', 56_951, 58_423],
    ['tinyXception', 17_574, 18_314],
    ['bigXception', 206_375, 208_871],
    ['simpleCnn', 641_463, 642_935],
    ['simplerCnn', 557_815, 559_671],
  ])('%s, as Keras counts them', (name, trained, all) => {
    expect(counts(name)).toEqual([trained, all]);
  });

  it('MicroExpNet, in all sizes and with all pools', () => {
    const table = {
      m: [1_002_808, 1_002_808, 900_920, 900_920],
      s: [257_656, 257_656, 232_184, 232_184],
      xs: [133_464, 133_464, 120_728, 120_728],
      xxs: [71_368, 71_368, 65_000, 65_000],
    };
    const ours = Object.keys(table).map((size) => [
      size,
      ['v', 'p1', 'p2', 'p12'].map((pools) => counts(`microExpNet-${pools}-${size}`)[0]),
    ]);
    expect(Object.fromEntries(ours)).toEqual(table);
    expect(counts('microExpNet')).toEqual([65_000, 65_000]);
  });

  it('Agrawal & Mittal', () => {
    expect(counts('agrawalMittal')[0]).toBe(464_183);
  });

  it.each(names)('%s, as its entry says', (name) => {
    const { parameters } = ZOO[name].published;
    const [trained, all] = counts(name);
    expect({ trained, all }).toMatchObject(parameters ?? {});
  });

  it('of our own networks as stated', () => {
    expect(names.filter((name) => ZOO[name].published.parameters === undefined)).toEqual([
      'ferShallow',
      'ferDeep',
      'baseline',
    ]);
    expect(counts('ferShallow')[0]).toBe(1_199_719);
    expect(counts('ferDeep')[0]).toBe(1_046_503);
    expect(counts('baseline')[0]).toBe(1_944_199);
  });
});

it('multiply-accumulates are those of the published networks at their own size', () => {
  const millions = (name: string) => macCount(zooNetwork(name)) / 1e6;
  expect(millions('miniXception')).toBeCloseTo(10.16, 2);
  expect(millions('tinyXception')).toBeCloseTo(3.4, 2);
  expect(millions('simpleCnn')).toBeCloseTo(127.2, 1);
  expect(millions('microExpNet')).toBeCloseTo(2.85, 2);
  expect(millions('agrawalMittal')).toBeCloseTo(183.1, 1);
});

describe('maps have the published shapes:', () => {
  it('mini-Xception', () => {
    expect(shapes('miniXception')).toMatchObject({
      'face.crop': [1, 48, 48],
      face: [1, 64, 64],
      base1: [8, 62, 62],
      base2: [8, 60, 60],
      module1: [16, 30, 30],
      module2: [32, 15, 15],
      module3: [64, 8, 8],
      module4: [128, 4, 4],
      head: [7, 4, 4],
      logits: [7, 1, 1],
    });
  });

  it('big-Xception', () => {
    expect(shapes('bigXception')).toMatchObject({
      base1: [32, 31, 31],
      base2: [64, 29, 29],
      module1: [128, 15, 15],
      module2: [256, 8, 8],
    });
  });

  it('simple and simpler CNN', () => {
    expect(shapes('simpleCnn')).toMatchObject({ 'block4.pool': [128, 4, 4], conv9: [256, 4, 4] });
    expect(shapes('simplerCnn')).toMatchObject({
      'block4.conv2': [128, 4, 4],
      'block5.conv2': [128, 2, 2],
      'block6.conv2': [7, 1, 1],
    });
  });

  it('MicroExpNet', () => {
    expect(shapes('microExpNet')).toMatchObject({
      face: [1, 84, 84],
      conv1: [16, 42, 42],
      pool1: [16, 21, 21],
      conv2: [32, 11, 11],
      pool2: [32, 6, 6],
      flatten: [1152, 1, 1],
      dense: [48, 1, 1],
      logits: [8, 1, 1],
    });
    expect(shapes('microExpNet-v-s')).toMatchObject({
      conv1: [16, 21, 21],
      conv2: [32, 11, 11],
      flatten: [3872, 1, 1],
    });
    const { dropout, ...others } = shapes('microExpNet-p12-xxs');
    expect(dropout).toEqual([48, 1, 1]);
    expect(shapes('microExpNet')).toEqual(others);
  });

  it('Agrawal & Mittal: down to one position', () => {
    expect(shapes('agrawalMittal')).toMatchObject({
      'block5.conv2': [16, 2, 2],
      'block6.conv2': [16, 1, 1],
      'block7.conv2': [8, 1, 1],
      head: [7, 1, 1],
    });
  });
});

describe('every network', () => {
  it.each(names)('%s is plain data that fits together, for any number of classes', (name) => {
    for (const classes of [1, 2, 11]) {
      const spec = zooNetwork(name, { classes });
      expect(networkSpecSchema.parse(JSON.parse(JSON.stringify(spec)))).toEqual(spec);
      expect(describeNetwork(spec).at(-1)?.output).toEqual({ channels: classes, height: 1, width: 1 });
    }
    expect(zooNetwork(name).classes).toBe(ZOO[name].classes);
  });

  it('reads the face of the frame, without its border, at its own size', () => {
    const frame = { ...FACE_FRAME, size: 80, border: 10 };
    for (const name of names.filter((other) => other !== 'baseline' && !other.startsWith('fer'))) {
      const spec = zooNetwork(name, { frame });
      expect(spec.frameSize).toBe(80);
      expect(spec.layers[0]).toMatchObject({ kind: 'crop', x: 10, y: 10, width: 60, height: 60 });
      expect(parameterCount(spec)).toBe(parameterCount(zooNetwork(name)));
    }
  });

  it('scales grey levels like the published one', () => {
    const levels = (name: string) => (zooNetwork(name).layers[0] as { levels?: string }).levels;
    expect(names.filter((name) => levels(name) === 'raw')).toHaveLength(17);
    expect(names.filter((name) => levels(name) === 'signed')).toEqual([
      'miniXception',
      'tinyXception',
      'bigXception',
      'simpleCnn',
      'simplerCnn',
    ]);
  });

  it('penalises weights where the published code does', () => {
    const penalised = (name: string) =>
      zooNetwork(name).layers.flatMap((layer) => (layer.kind === 'conv2d' && layer.l2 ? [layer.name] : []));
    expect(names.filter((name) => penalised(name).length > 0)).toEqual(['miniXception', 'tinyXception']);
    expect(penalised('miniXception')).toEqual(['base1', 'base2']);
  });
});

it('the same step has the same bits natively and on WebAssembly', { timeout: 60_000 }, async () => {
  const engines = await Promise.all(['auto', 'wasm:relaxed'].map((name) => openEngine(name)));
  for (const name of ['tinyXception', 'microExpNet']) {
    const spec = zooNetwork(name);
    const weights = randomWeights(engines[0], spec, name);
    const batch = randomBatch(spec, 16, name, 1);
    const bits = engines.map((engine) => {
      const { loss, gradients } = engineStep(engine, spec, weights, batch);
      return [loss, bitsOf(gradients)];
    });
    expect(bits[1]).toEqual(bits[0]);
  }
});

describe('the zoo refuses', () => {
  it('an unknown name', () => {
    const error = (hint: string) => ({ code: 'INVALID_OPTION', data: expect.objectContaining({ hint }) });
    const thrown = (name: string) => expect(() => zooNetwork(name));
    thrown('minixception').toThrow(expect.objectContaining(error("Did you mean 'miniXception'?") as object));
    thrown('toString').toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
    thrown('vgg-face-2').toThrow(/Known: miniXception/);
  });

  it.each([0, -1, 2.5, Number.NaN])('a network for %s classes', (classes) => {
    expect(() => zooNetwork('baseline', { classes })).toThrow(
      expect.objectContaining({
        code: 'INVALID_OPTION',
        data: expect.objectContaining({ option: 'classes' }),
      }),
    );
  });
});
