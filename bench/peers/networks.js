// The networks of the comparison, as plain specs that every peer builds.
import { mkdirSync, writeFileSync } from 'node:fs';
import { describeNetwork } from '../../dist/network/describe.js';
import { referenceNetwork } from '../../dist/network/reference-network.js';
import { openEngine } from '../../dist/nn/engine.js';
import { initialWeights } from '../../dist/nn/initialize.js';
import { Layout } from '../../dist/nn/layout.js';
import { Network } from '../../dist/nn/network.js';
import { placeParameters } from '../../dist/nn/parameters.js';
import { modelToOnnx } from '../../dist/onnx/model-to-onnx.js';
import { modelToTfjs } from '../../dist/tfjs/model-to-tfjs.js';
import { writeTfjs } from '../../dist/tfjs/tfjs-folder.js';
import { zooNetwork } from '../../dist/zoo/zoo.js';

/** Specs by name: the reference patch network, two networks of the literature, the full-face baseline. */
export const NETWORKS = {
  reference: referenceNetwork(),
  miniXception: withoutResize(zooNetwork('miniXception')),
  microExpNet: withoutResize(zooNetwork('microExpNet')),
  baseline: withoutResize(zooNetwork('baseline')),
};

/** Makes the frame what the network reads, so that nobody crops or resizes whole faces while being timed. */
function withoutResize(spec) {
  const crop = spec.layers.find(({ kind }) => kind === 'crop');
  const resize = spec.layers.find(({ kind }) => kind === 'resize');
  const { height } = resize ?? crop;
  const layers = spec.layers.filter((layer) => layer !== resize);
  return {
    ...spec,
    frameSize: height,
    layers: layers.map((layer) => {
      if (layer === crop) return { ...crop, x: 0, y: 0, width: height, height };
      return resize !== undefined && layer.input === resize.name ? { ...layer, input: crop.name } : layer;
    }),
  };
}

const engine = await openEngine();

/**
 * Writes a network with random weights as an ONNX file and as a layers model of TensorFlow.js; both read whole frames.
 *
 * @returns the file, and the folder of the layers model
 */
export async function exportNetwork(spec, folder) {
  const { parameters } = placeParameters(describeNetwork(spec), new Layout(1));
  const network = new Network(engine, spec, initialWeights(parameters, 'peer'));
  const classes = Array.from({ length: spec.classes }, (_, index) => `class ${index}`);
  const frame = { size: spec.frameSize, border: 0, noseX: spec.frameSize / 2, noseY: spec.frameSize / 2 };
  const model = { network, classes, frame, info: {} };
  const [onnx, tfjs] = [`${folder}.onnx`, `${folder}.tfjs`];
  writeFileSync(onnx, modelToOnnx(model, { input: 'float32' }));
  mkdirSync(tfjs);
  await writeTfjs(tfjs, modelToTfjs(model));
  return { onnx, tfjs };
}
