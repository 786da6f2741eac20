// Opens layers models in TensorFlow.js, on its WebAssembly.
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import type { TfjsArtifacts } from '../../src/tfjs/artifacts.ts';
import type { LoadedLayersModel } from '../../src/tfjs/read-artifacts.ts';

const BATCH = 100;

export async function useTfjs(): Promise<void> {
  tf.env().set('PROD', true); // keeps its advice off the console
  await tf.setBackend('wasm');
}

export const open = (artifacts: TfjsArtifacts): Promise<tf.LayersModel> =>
  tf.loadLayersModel(tf.io.fromMemory(artifacts));

/** Predicts the probabilities of frames, [count][size][size]. */
export async function predict(
  artifacts: TfjsArtifacts,
  frames: Uint8Array,
  size: number,
): Promise<Float32Array> {
  const model = await open(artifacts);
  const area = size ** 2;
  const parts: number[][] = [];
  for (let first = 0; first < frames.length; first += BATCH * area) {
    const part = frames.subarray(first, first + BATCH * area);
    parts.push(
      tf.tidy(() => {
        const input = tf.tensor(Float32Array.from(part), [part.length / area, size, size, 1]);
        return Array.from((model.predict(input) as tf.Tensor).dataSync());
      }),
    );
  }
  model.dispose();
  return Float32Array.from(parts.flat());
}

/** What TensorFlow.js saves of a model, as its files hold it. */
export async function saved(model: tf.LayersModel): Promise<LoadedLayersModel> {
  const [artifacts] = await new Promise<[tf.io.ModelArtifacts]>((resolve) => {
    const handler = tf.io.withSaveHandler(async (given) => {
      resolve([given]);
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    });
    void model.save(handler);
  });
  const { weightData, ...rest } = artifacts;
  return { ...JSON.parse(JSON.stringify(rest)), weightData };
}
