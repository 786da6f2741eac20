// Times the gradient maps of a data set by each method, on one thread.
//
//   node bench/gradients.js [--faces 3589] [--network patches|baseline] [--methods guided,gradient] [--engine NAME] [--json]
//
// The weights are random, since trained ones take as long. The networks are patches on the eyes with brows and on the mouth,
// or the large baseline on the whole face.
import { parseArgs } from 'node:util';
import { EYES_AND_MOUTH } from '../dist/bench/untrained-model.js';
import { randomStream } from '../dist/core/random.js';
import { toNetworkSpec } from '../dist/genome/to-network-spec.js';
import { baselineSpec } from '../dist/genome/whole-face.js';
import { FACE_FRAME } from '../dist/landmarks/frame-geometry.js';
import { openEngine } from '../dist/nn/engine.js';
import { initialWeights } from '../dist/nn/initialize.js';
import { Network } from '../dist/nn/network.js';
import { Session } from '../dist/nn/session.js';
import { classSaliency } from '../dist/saliency/class-saliency.js';
import { formatTable } from '../dist/summary/table.js';

const { values } = parseArgs({
  options: {
    faces: { type: 'string', default: '3589' },
    network: { type: 'string', default: 'patches' },
    methods: { type: 'string', default: 'gradient,guided,grad-cam' },
    engine: { type: 'string', default: 'auto' },
    json: { type: 'boolean', default: false },
  },
});

const classes = ['angry', 'disgust', 'fear', 'happy', 'sad', 'surprise', 'neutral'];
const target = { classes: classes.length, frame: FACE_FRAME };
const spec = values.network === 'baseline' ? baselineSpec(target) : toNetworkSpec(EYES_AND_MOUTH, target);
const engine = await openEngine(values.engine);
const { parameters } = new Session(engine, spec, 16).plan.parameters;
const network = new Network(engine, spec, initialWeights(parameters, 'gradients'));

const count = Number(values.faces);
const random = randomStream('gradients');
const pattern = Uint8Array.from({ length: FACE_FRAME.size ** 2 * 16 }, () => random.integer(0, 255));
const frames = Uint8Array.from(
  { length: FACE_FRAME.size ** 2 * count },
  (_, i) => pattern[i % pattern.length],
);
const dataset = { frames, labels: new Uint8Array(count), frame: FACE_FRAME, classes };
const indices = Uint32Array.from({ length: count }, (_, i) => i);

const records = [];
for (const method of values.methods.split(',')) {
  const start = performance.now();
  await classSaliency({ network, dataset, indices, method });
  records.push({ method, seconds: (performance.now() - start) / 1000 });
}

if (values.json)
  console.log(JSON.stringify({ faces: count, engine: engine.variant, network: values.network, records }));
else {
  const columns = [
    { title: `${count} faces`, align: 'left' },
    { title: 'seconds' },
    { title: 'faces per second' },
  ];
  const rows = records.map(({ method, seconds }) => [
    method,
    seconds.toFixed(2),
    (count / seconds).toFixed(0),
  ]);
  console.log(formatTable(columns, rows));
}
