import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { compileFunction } from 'node:vm';
import { EvopatchError } from '../core/errors.ts';
import { loadPackage, packageResolve } from '../core/packages.ts';
import type { FaceNetworks, Networks, Tensor } from './face-networks.ts';
import type { Picture } from './picture.ts';
import { loadTensorFlow } from './tensorflow-core.ts';

interface OnDisk {
  loadFromDisk(folder: string): Promise<void>;
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
  readonly nets: { readonly [Name in keyof Networks]: Networks[Name] & OnDisk };
}

const BACKEND = '@tensorflow/tfjs-backend-wasm';

let opened: Promise<FaceApi> | undefined;
const loaded = new Map<keyof Networks, Promise<unknown>>();

/**
 * Opens face-api on one thread of WebAssembly; each thread of Node has one copy. It reads only the files of its own package and
 * never uses a network; WebAssembly gives the same numbers on every machine with SIMD.
 *
 * @throws EvopatchError `ENGINE_UNAVAILABLE`, `MISSING_PACKAGE`
 */
export function openFaceApi(): Promise<FaceApi> {
  opened ??= start().catch((cause) => {
    opened = undefined;
    throw cause instanceof EvopatchError ? cause : unavailable('face-api cannot start', cause);
  });
  return opened;
}

/** Opens one of face-api's networks; reads its weights at the first use. */
async function openNetwork<Name extends keyof Networks>(name: Name): Promise<Networks[Name]> {
  const { nets } = await openFaceApi();
  const network = nets[name];
  if (!loaded.has(name)) {
    const folder = join(folderOf('face-api.js'), 'model');
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

async function withTensor<Result>(
  { values, width, height }: Picture,
  use: (picture: Tensor) => Promise<Result>,
): Promise<Result> {
  const { tf } = await openFaceApi();
  const tensor = tf.tensor3d(values, [height, width, 3]);
  try {
    return await use(tensor);
  } finally {
    tensor.dispose();
  }
}

/** face-api's networks in this thread of Node. */
export const FACE_NETWORKS: FaceNetworks = { open: openNetwork, withTensor };

/** Gives the versions of the packages that contain and run the networks. @throws EvopatchError `MISSING_PACKAGE` */
export function faceApiVersion(): string {
  const versionOf = (name: string) => loadPackage<{ version: string }>(`${name}/package.json`).version;
  return `face-api ${versionOf('face-api.js')}, tfjs-backend-wasm ${versionOf(BACKEND)}`;
}

async function start(): Promise<FaceApi> {
  const faceApi = loadFaceApi();
  const { tf } = faceApi;
  tf.env().set('PROD', true); // keeps its advice out of the console
  tf.setWasmPaths(join(folderOf(BACKEND), 'dist/'));
  tf.setThreadsCount(1);
  const restore = rememberGlobals();
  const starting = tf.setBackend('wasm');
  await setImmediate(); // lets the loader run and start to read its file
  restore();
  if (!(await starting)) throw new Error('the WebAssembly backend of TensorFlow.js cannot start');
  return faceApi;
}

const PROCESS_EVENTS = ['uncaughtException', 'unhandledRejection'] as const;

/**
 * Returns a function that restores the globals: the loader of the WebAssembly module sets error handlers of the whole process and
 * a global `Worker`.
 */
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

/** Loads face-api with evopatch's TensorFlow.js: face-api does not declare that dependency, so package managers may hide it. */
function loadFaceApi(): FaceApi {
  const file = join(folderOf('face-api.js'), 'dist', 'face-api.node-wasm.js');
  const requireOther = createRequire(file);
  const requireOwn = (path: string) => {
    if (path === '@tensorflow/tfjs') return loadTensorFlow();
    return path === BACKEND ? loadPackage(path) : requireOther(path);
  };
  const module = { exports: {} };
  const run = compileFunction(readFileSync(file, 'utf8'), ['module', 'exports', 'require'], {
    filename: file,
  });
  run(module, module.exports, requireOwn);
  return module.exports as FaceApi;
}

function folderOf(name: string): string {
  return dirname(packageResolve(`${name}/package.json`));
}

function unavailable(problem: string, cause: unknown, file?: string): EvopatchError {
  const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
  const hint =
    'WebAssembly reserves 10 GB of addresses: lift a limit of virtual memory (`ulimit -v unlimited`); else install the packages again: npm install';
  return new EvopatchError('ENGINE_UNAVAILABLE', `${problem}: ${reason}`, { file, hint }, cause);
}
