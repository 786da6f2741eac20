import { createRequire } from 'node:module';
import { join } from 'node:path';
import { EvopatchError } from '../../core/errors.ts';
import { loadPackage } from '../../core/packages.ts';
import type { Engine } from '../arena.ts';
import type { TensorFlow } from './tensor-network.ts';
import { type Runner, TfjsSession } from './tfjs-session.ts';

/** The engines that TensorFlow.js runs: its native library, or what else there is of it. */
export type TfjsEngineName = 'tfjs-node' | 'tfjs';
export const TFJS_ENGINES: readonly TfjsEngineName[] = ['tfjs-node', 'tfjs'];

/** Backends without the gradients of convolutions. */
const CANNOT_TRAIN: readonly string[] = ['wasm'];

const NODE_BACKEND = 'tensorflow';
const PLAIN_BACKEND = 'cpu';
/** What the installation of a package needs. */
const NEEDS: Readonly<Record<TfjsEngineName, string>> = {
  'tfjs-node':
    ', which downloads the native library of TensorFlow for this system, or compiles against it with Python and a C++ compiler',
  tfjs: '',
};
/** Names a folder in whose node_modules `@tensorflow/tfjs-node` lies, instead of those of evopatch. */
const FOLDER_VARIABLE = 'EVOPATCH_TFJS_NODE';

/**
 * Opens an engine of TensorFlow.js, which loads here for the first time.
 *
 * @param backend its exact name, as 'tensorflow'; left out: the best one that can train
 * @throws EvopatchError `ENGINE_UNAVAILABLE` if it is not installed or cannot start.
 */
export async function tfjsEngine(name: TfjsEngineName, backend?: string): Promise<Engine> {
  const tf = load(name);
  const own = await startBackend(tf, name, backend);
  if (own === PLAIN_BACKEND && backend === undefined) warnOfSlowness(); // threads of a pool name the backend
  const run = runnerOf(tf, own);
  return {
    name,
    variant: own,
    numerics: 'tfjs',
    vectorWidth: 1,
    createArena: () => {
      const hint = "Use the engine 'native' or 'wasm' here: the same model runs on any engine";
      throw unavailable(name, "only evopatch's own kernels can measure this", hint);
    },
    openSession: (spec, batchSize, training) => new TfjsSession(run, spec, batchSize, training),
  };
}

/** Loads an optional package: evopatch's own core of TensorFlow.js has no gradients. */
function load(name: TfjsEngineName): TensorFlow {
  const path = `@tensorflow/${name}`;
  const folder = name === 'tfjs-node' ? process.env[FOLDER_VARIABLE] : undefined;
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'; // TensorFlow greets otherwise
  try {
    if (folder) return createRequire(join(folder, 'package.json'))(path);
    return loadPackage(path);
  } catch (cause) {
    const reason = folder ? (cause as Error).message.split('\n')[0] : (cause as EvopatchError).problem;
    const hint = `Install it beside evopatch: npm install ${path}${NEEDS[name]}. Or use 'auto'`;
    throw unavailable(name, reason, hint, cause);
  }
}

/** Starts the wanted backend, or the best one that can train. */
async function startBackend(tf: TensorFlow, name: TfjsEngineName, wanted?: string): Promise<string> {
  const names = Object.entries(tf.engine().registryFactory)
    .filter(([one]) => (name === 'tfjs-node' ? one === NODE_BACKEND : !CANNOT_TRAIN.includes(one)))
    .sort(([, a], [, b]) => b.priority - a.priority)
    .map(([one]) => one);
  const backend = wanted ?? names[0];
  if (!names.includes(backend)) {
    const hint = `Available here: ${names.map((one) => `${name}:${one}`).join(', ')}`;
    throw unavailable(name, `it has no backend '${backend}'`, hint);
  }
  const before = tf.getBackend();
  if (!(await tf.setBackend(backend))) {
    throw unavailable(name, `its backend '${backend}' cannot start`, "Use 'auto'");
  }
  greetSilently(tf);
  if (before !== undefined && before !== backend) await tf.setBackend(before);
  return backend;
}

/** The plain backend prints an advertisement when it is first used, unless it believes to be in production. */
function greetSilently(tf: TensorFlow): void {
  const before = tf.env().getBool('PROD');
  tf.env().set('PROD', true);
  tf.scalar(0).dispose();
  tf.env().set('PROD', before);
}

/** Other parts of a program, such as the landmark networks, may use another backend of the same TensorFlow.js. */
function runnerOf(tf: TensorFlow, backend: string): Runner {
  // Switching between backends that have started happens before `setBackend` returns its promise.
  return (work) => {
    const before = tf.getBackend();
    if (before !== backend) void tf.setBackend(backend);
    try {
      let result: ReturnType<typeof work> | undefined;
      tf.tidy(() => {
        result = work(tf);
      });
      return result as ReturnType<typeof work>;
    } finally {
      if (before !== undefined && before !== backend) void tf.setBackend(before);
    }
  };
}

let hasWarned = false;

function warnOfSlowness(): void {
  if (hasWarned) return;
  hasWarned = true;
  const problem =
    "the engine 'tfjs' computes in plain JavaScript, a hundred times slower than 'native' or more";
  process.emitWarning(`${problem}; 'tfjs-node' uses TensorFlow's own library`, { code: 'EVOPATCH_TFJS' });
}

function unavailable(name: string, reason: string, hint: string, cause?: unknown): EvopatchError {
  const problem = `the engine '${name}' cannot run here: ${reason}`;
  return new EvopatchError('ENGINE_UNAVAILABLE', problem, { option: 'engine', given: name, hint }, cause);
}
