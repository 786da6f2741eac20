// face-api's two small networks, run in a worker on WebAssembly: one finds faces, the other their 68 points.

import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threads from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import { type FaceApi, faceApiDetector, type LandmarkDetector } from 'evopatch/browser';
import * as module from 'face-api.js/dist/face-api.esm.js';
import pointsBytes from 'face-api.js/model/face_landmark_68_model.bin?url';
import pointsManifest from 'face-api.js/model/face_landmark_68_model-weights_manifest.json';
import facesBytes from 'face-api.js/model/tiny_face_detector_model.bin?url';
import facesManifest from 'face-api.js/model/tiny_face_detector_model-weights_manifest.json';

type Manifest = readonly { readonly weights: readonly unknown[] }[];
type Weights = Readonly<Record<string, unknown>>;

/** What this file uses of face-api besides what evopatch does; its own types contradict its builds. */
interface Module {
  readonly env: { setEnv(environment: object): void };
  readonly tf: FaceApi['tf'] & {
    setWasmPaths(files: Readonly<Record<string, string>>): void;
    setBackend(name: string): Promise<boolean>;
    readonly io: { decodeWeights(bytes: ArrayBuffer, specs: readonly unknown[]): Weights };
  };
  readonly nets: FaceApi['nets'] & Readonly<Record<string, { loadFromWeightMap(weights: Weights): void }>>;
}

/** Loads both networks; after that they need no request. */
export async function openDetector(): Promise<Required<LandmarkDetector>> {
  const faceApi = module as unknown as FaceApi & Module;
  const { env, tf, nets } = faceApi;
  // face-api asks whether its input is one of these elements, which workers do not have; it gets tensors.
  class NoElement {}
  env.setEnv({ Canvas: NoElement, Image: NoElement, Video: NoElement });
  tf.setWasmPaths({
    'tfjs-backend-wasm.wasm': plain,
    'tfjs-backend-wasm-simd.wasm': simd,
    'tfjs-backend-wasm-threaded-simd.wasm': threads,
  });
  if (!(await tf.setBackend('wasm'))) throw new Error('TensorFlow.js cannot start on WebAssembly');
  const load = async (name: string, address: string, manifest: Manifest) => {
    const response = await fetch(address);
    if (!response.ok) throw new Error(`${address}: ${response.status} ${response.statusText}`);
    const specs = manifest.flatMap(({ weights }) => weights);
    nets[name].loadFromWeightMap(tf.io.decodeWeights(await response.arrayBuffer(), specs));
  };
  await Promise.all([
    load('tinyFaceDetector', facesBytes, facesManifest),
    load('faceLandmark68Net', pointsBytes, pointsManifest),
  ]);
  return faceApiDetector(faceApi);
}
