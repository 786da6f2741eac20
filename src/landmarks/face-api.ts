import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { EvopatchError } from '../core/errors.ts';

/** What evopatch uses of face-api and of TensorFlow.js; both ship larger types that their builds do not agree with. */
export interface Tensor {
  dispose(): void;
}

export interface Detection {
  readonly score: number;
  /** Pixels of the picture that was looked at. */
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

interface Network {
  loadFromDisk(folder: string): Promise<void>;
}

export interface Networks {
  readonly tinyFaceDetector: Network & {
    locateFaces(
      picture: Tensor,
      options: { readonly inputSize: number; readonly scoreThreshold: number },
    ): Promise<Detection[]>;
  };
  readonly ssdMobilenetv1: Network & {
    locateFaces(picture: Tensor, options: { readonly minConfidence: number }): Promise<Detection[]>;
  };
  readonly faceLandmark68Net: Network & {
    detectLandmarks(
      picture: Tensor,
    ): Promise<{ readonly positions: readonly { readonly x: number; readonly y: number }[] }>;
  };
  readonly ageGenderNet: Network & {
    predictAgeAndGender(picture: Tensor): Promise<{
      readonly gender: 'female' | 'male';
      readonly genderProbability: number;
      readonly age: number;
    }>;
  };
}

interface FaceApi {
  readonly tf: {
    setWasmPaths(folder: string): void;
    setThreadsCount(count: number): void;
    setBackend(name: string): Promise<boolean>;
    env(): { set(flag: string, value: boolean): void };
    memory(): { readonly numTensors: number };
    tensor3d(values: Float32Array, shape: readonly [height: number, width: number, channels: number]): Tensor;
  };
  readonly nets: Networks;
}

const require = createRequire(import.meta.url);
const FACE_API = 'face-api.js/dist/face-api.node-wasm.js';
const BACKEND = '@tensorflow/tfjs-backend-wasm';

let opened: Promise<FaceApi> | undefined;
const loaded = new Map<keyof Networks, Promise<unknown>>();

/**
 * face-api on one thread of WebAssembly, of which a thread of Node holds one copy. It reads its own package's files and
 * nothing from a network; WebAssembly gives the same numbers on every machine that has SIMD.
 *
 * @throws EvopatchError `ENGINE_UNAVAILABLE`
 */
export function openFaceApi(): Promise<FaceApi> {
  opened ??= start().catch((cause) => {
    opened = undefined;
    throw unavailable('face-api cannot start', cause);
  });
  return opened;
}

/** One of face-api's networks; its weights are read when it is first asked for. */
export async function openNetwork<Name extends keyof Networks>(name: Name): Promise<Networks[Name]> {
  const { nets } = await openFaceApi();
  const network = nets[name];
  if (!loaded.has(name)) {
    const folder = join(packageFolder(), 'model');
    loaded.set(
      name,
      network.loadFromDisk(folder).catch((cause) => {
        loaded.delete(name);
        throw unavailable(`face-api's network ${name} cannot be loaded`, cause, folder);
      }),
    );
  }
  await loaded.get(name);
  return network;
}

/**
 * Versions of the packages that hold the networks and run them.
 *
 * @throws EvopatchError `ENGINE_UNAVAILABLE`
 */
export function faceApiVersion(): string {
  try {
    const versionOf = (name: string): string => require(`${name}/package.json`).version;
    return `face-api ${versionOf('face-api.js')}, tfjs-backend-wasm ${versionOf(BACKEND)}`;
  } catch (cause) {
    throw unavailable('face-api is not installed', cause);
  }
}

async function start(): Promise<FaceApi> {
  const faceApi: FaceApi = require(FACE_API);
  const { tf } = faceApi;
  tf.env().set('PROD', true); // keeps its advice off the console
  tf.setWasmPaths(join(dirname(require.resolve(`${BACKEND}/package.json`)), 'dist/'));
  tf.setThreadsCount(1);
  const restore = rememberGlobals();
  const starting = tf.setBackend('wasm');
  await setImmediate(); // by then the loader has run, and is reading its file
  restore();
  if (!(await starting)) throw new Error('the WebAssembly backend of TensorFlow.js cannot start');
  return faceApi;
}

const PROCESS_EVENTS = ['uncaughtException', 'unhandledRejection'] as const;

/** The loader of the WebAssembly module sets handlers of errors for the whole process and a global `Worker`. */
function rememberGlobals(): () => void {
  const worker = Object.getOwnPropertyDescriptor(globalThis, 'Worker');
  const known = PROCESS_EVENTS.map((event) => new Set<unknown>(process.rawListeners(event)));
  return () => {
    if (worker) Object.defineProperty(globalThis, 'Worker', worker);
    else Reflect.deleteProperty(globalThis, 'Worker');
    for (const [i, event] of PROCESS_EVENTS.entries()) {
      for (const listener of process.rawListeners(event)) {
        if (!known[i].has(listener)) process.removeListener(event, listener as () => void);
      }
    }
  };
}

function packageFolder(): string {
  return dirname(require.resolve('face-api.js/package.json'));
}

function unavailable(problem: string, cause: unknown, file?: string): EvopatchError {
  const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
  const hint = 'Install the packages again: npm install';
  return new EvopatchError('ENGINE_UNAVAILABLE', `${problem}: ${reason}`, { file, hint }, cause);
}
