// The runtimes of JavaScript, on the files that evopatch exported; prediction only. Setting: onnxruntime-node, onnxruntime-web,
// tfjs-wasm or tfjs-node. Called as measure.js says.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { readArguments, reportSpeed } from './measure.js';

const options = readArguments();
const { network, settings: runtime, batch, threads } = options;
const side = network.frameSize;
const faces = Float32Array.from({ length: batch * side * side }, (_, i) => (i * 2654435761) % 256);
await reportSpeed(await (runtime.startsWith('tfjs') ? openTfjs() : openOnnx()), options);
process.exit(); // threads of some runtimes would keep the process

async function openOnnx() {
  const imported = await import(runtime);
  const { InferenceSession, Tensor, env } = imported.default ?? imported;
  const inPage = runtime === 'onnxruntime-web';
  if (inPage) env.wasm.numThreads = threads;
  const session = await InferenceSession.create(inPage ? readFileSync(network.onnx) : network.onnx, {
    executionProviders: [inPage ? 'wasm' : 'cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
  });
  const input = new Tensor('float32', faces, [batch, 1, side, side]);
  const [name] = session.inputNames;
  return { version: `${runtime} ${env.versions.common}`, step: () => session.run({ [name]: input }) };
}

async function openTfjs() {
  const tf = await openTensorFlow();
  const file = (name) => readFileSync(join(network.tfjs, name));
  const { weightsManifest, ...model } = JSON.parse(file('model.json').toString());
  const [{ paths, weights: weightSpecs }] = weightsManifest;
  const weightData = new Uint8Array(Buffer.concat(paths.map(file))).buffer;
  const layers = await tf.loadLayersModel(tf.io.fromMemory({ ...model, weightSpecs, weightData }));
  const input = tf.tensor4d(faces, [batch, side, side, 1]);
  const step = () => tf.tidy(() => layers.predict(input).dataSync());
  return { version: `${runtime} ${tf.version.tfjs}`, step };
}

async function openTensorFlow() {
  if (runtime === 'tfjs-node')
    return createRequire(join(process.env.EVOPATCH_TFJS_NODE, 'package.json'))('@tensorflow/tfjs-node');
  const { setThreadsCount } = await import('@tensorflow/tfjs-backend-wasm');
  setThreadsCount(threads);
  const tf = await import('@tensorflow/tfjs');
  await tf.setBackend('wasm');
  return tf;
}
