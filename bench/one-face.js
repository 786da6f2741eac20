// Times the prediction of one face on one core: evopatch's engine, a block of it (which takes as long for one face as for
// sixteen), and onnxruntime with one thread on the same network, exported. All take turns.
//
//   node bench/one-face.js [--engine native] [--rounds 101] [--json]
//
// A ratio says how many times evopatch's time the other takes: the median over the rounds, and that of the fastest rounds,
// which other work on the machine disturbs least.
import { parseArgs } from 'node:util';
import * as onnxruntime from 'onnxruntime-node';
import { spreadOf } from '../dist/bench/timing.js';
import { EYES_AND_MOUTH } from '../dist/bench/untrained-model.js';
import { noise } from '../dist/bench/workload.js';
import { toNetworkSpec } from '../dist/genome/to-network-spec.js';
import { modelToOnnx } from '../dist/index.js';
import { FACE_FRAME } from '../dist/landmarks/frame-geometry.js';
import { describeNetwork, macCount, parameterCount } from '../dist/network/describe.js';
import { referenceNetwork } from '../dist/network/reference-network.js';
import { openEngine } from '../dist/nn/engine.js';
import { initialWeights } from '../dist/nn/initialize.js';
import { LANES, Layout } from '../dist/nn/layout.js';
import { Network } from '../dist/nn/network.js';
import { placeParameters } from '../dist/nn/parameters.js';
import { formatTable } from '../dist/summary/table.js';
import { zooNetwork } from '../dist/zoo/zoo.js';

const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'native' },
    rounds: { type: 'string', default: '101' },
    json: { type: 'boolean', default: false },
  },
});
/** Time of one measurement, milliseconds: short, so that other work on the machine seldom interrupts it. */
const MEASUREMENT = 1;

const target = { classes: 7, frame: FACE_FRAME };
const eyesAndMouth = (genes) => ({ ...EYES_AND_MOUTH, network: { ...EYES_AND_MOUTH.network, ...genes } });
const networks = {
  'eyes and mouth': toNetworkSpec(eyesAndMouth({}), target),
  'eyes and mouth, two convolutions': toNetworkSpec(
    eyesAndMouth({ convolutions: 2, denseUnits: 16 }),
    target,
  ),
  reference: referenceNetwork(),
  'mini-Xception': zooNetwork('miniXception', target),
  MicroExpNet: zooNetwork('microExpNet', target),
};

const engine = await openEngine(values.engine);
const classes = Array.from({ length: target.classes }, (_, i) => `class ${i}`);
const records = [];
for (const [name, spec] of Object.entries(networks)) {
  const { parameters } = placeParameters(describeNetwork(spec), new Layout(1));
  const network = new Network(engine, spec, initialWeights(parameters, 'bench'));
  const file = modelToOnnx({ network, classes, frame: FACE_FRAME, info: {} });
  const session = await onnxruntime.InferenceSession.create(file, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  });
  const samples = noise(spec);
  // A new array each time: what is known of the frame would otherwise be kept.
  const predict = (faces) => {
    const frames = new Uint8Array(samples.frames.buffer, 0, faces * spec.frameSize ** 2);
    return network.predict(
      { ...samples, frames },
      Uint32Array.from({ length: faces }, (_, i) => i),
    );
  };
  const shape = [1, 1, spec.frameSize, spec.frameSize];
  const frames = new onnxruntime.Tensor('uint8', samples.frames.slice(0, spec.frameSize ** 2), shape);
  const times = await inTurns([() => predict(1), () => predict(LANES), () => session.run({ frames })]);
  const ratio = (other) => ({
    median: spreadOf(times[0].map((time, round) => times[other][round] / time)).median,
    fastest: Math.min(...times[other]) / Math.min(...times[0]),
  });
  records.push({
    network: name,
    parameters: parameterCount(spec),
    macs: macCount(spec),
    oneFace: spreadOf(times[0]),
    block: { ...spreadOf(times[1]), ratio: ratio(1) },
    onnxruntime: { ...spreadOf(times[2]), ratio: ratio(2) },
  });
  await session.release();
}

/** Measures the milliseconds of each run, round after round. */
async function inTurns(runs) {
  const times = runs.map(() => []);
  const repeats = runs.map(() => 1);
  for (let round = -3; round < Number(values.rounds); round++) {
    for (const [i, run] of runs.entries()) {
      const start = performance.now();
      for (let repeat = 0; repeat < repeats[i]; repeat++) await run();
      const time = (performance.now() - start) / repeats[i];
      if (round >= 0) times[i].push(time);
      else repeats[i] = Math.ceil(MEASUREMENT / time);
    }
  }
  return times;
}

if (values.json) console.log(JSON.stringify({ engine: `${engine.name}:${engine.variant}`, records }));
else {
  const milliseconds = ({ median, minimum }) => `${median.toFixed(3)} (${minimum.toFixed(3)})`;
  const ratio = ({ median, fastest }) => `${median.toFixed(1)} (${fastest.toFixed(1)})`;
  const columns = ['parameters', 'MACs', 'one face, ms', 'block, ms', 'ratio', 'onnxruntime, ms', 'ratio'];
  console.log(`${engine.name}:${engine.variant}, medians of ${values.rounds} (and the fastest)\n`);
  console.log(
    formatTable(
      [{ title: 'network', align: 'left' }, ...columns.map((title) => ({ title }))],
      records.map((record) => [
        record.network,
        record.parameters.toLocaleString('en'),
        `${(record.macs / 1e6).toFixed(1)} M`,
        milliseconds(record.oneFace),
        milliseconds(record.block),
        ratio(record.block.ratio),
        milliseconds(record.onnxruntime),
        ratio(record.onnxruntime.ratio),
      ]),
    ),
  );
}
