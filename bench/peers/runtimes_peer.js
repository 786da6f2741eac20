// The runtimes of JavaScript, on the files that evopatch exported; prediction only. Setting: onnxruntime-node, onnxruntime-web,
// tfjs-wasm or tfjs-node. Called as the other peers are.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const WARM_UP_SECONDS = 1.5;

const { values } = parseArgs({
  options: {
    network: { type: 'string' },
    task: { type: 'string' },
    batch: { type: 'string' },
    threads: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '2' },
    settings: { type: 'string' },
  },
});
const [batch, threads] = [Number(values.batch), Number(values.threads)];
const { onnx, tfjs, frameSize: side } = JSON.parse(readFileSync(values.network, 'utf8'));
const faces = Float32Array.from({ length: batch * side * side }, (_, i) => (i * 2654435761) % 256);
const { version, step } = await { onnxruntime: openOnnx, tfjs: openTfjs }[values.settings.split('-')[0]]();
await runFor(WARM_UP_SECONDS);
const { steps, seconds } = await runFor(Number(values.seconds));
console.log(JSON.stringify({ version, samplesPerSecond: (batch * steps) / seconds }));
process.exit(); // threads of some runtimes would keep the process

async function openOnnx() {
  const runtime = await import(values.settings);
  const { InferenceSession, Tensor, env } = runtime.default ?? runtime;
  const inPage = values.settings === 'onnxruntime-web';
  if (inPage) env.wasm.numThreads = threads;
  const provider = inPage ? 'wasm' : 'cpu';
  const options = { executionProviders: [provider], intraOpNumThreads: threads, interOpNumThreads: 1 };
  const session = await InferenceSession.create(inPage ? readFileSync(onnx) : onnx, options);
  const input = new Tensor('float32', faces, [batch, 1, side, side]);
  const name = session.inputNames[0];
  return { version: `${values.settings} ${env.versions.common}`, step: () => session.run({ [name]: input }) };
}

async function openTfjs() {
  const inNode = values.settings === 'tfjs-node';
  const tf = await openTensorFlow(inNode);
  const { weightsManifest, ...model } = JSON.parse(readFileSync(join(tfjs, 'model.json'), 'utf8'));
  const [{ paths, weights }] = weightsManifest;
  const weightData = new Uint8Array(Buffer.concat(paths.map((path) => readFileSync(join(tfjs, path)))))
    .buffer;
  const network = await tf.loadLayersModel(tf.io.fromMemory({ ...model, weightSpecs: weights, weightData }));
  const input = tf.tensor4d(faces, [batch, side, side, 1]);
  const step = () => tf.tidy(() => network.predict(input).dataSync());
  return { version: `${values.settings} ${tf.version.tfjs ?? tf.version}`, step };
}

async function openTensorFlow(inNode) {
  if (inNode)
    return createRequire(join(process.env.EVOPATCH_TFJS_NODE, 'package.json'))('@tensorflow/tfjs-node');
  const { setThreadsCount } = await import('@tensorflow/tfjs-backend-wasm');
  setThreadsCount(threads);
  const tf = await import('@tensorflow/tfjs');
  await tf.setBackend('wasm');
  return tf;
}

async function runFor(limit) {
  const start = performance.now();
  for (let steps = 1; ; steps++) {
    await step();
    const seconds = (performance.now() - start) / 1000;
    if (seconds >= limit) return { steps, seconds };
  }
}
