// Who takes part, with which settings.

/** Tasks by name: how many samples at a time. Training steps are of 64, as in a search. */
export const TASKS = {
  train: { task: 'train', batch: 64 },
  'infer-1': { task: 'infer', batch: 1 },
  'infer-16': { task: 'infer', batch: 16 },
  'infer-256': { task: 'infer', batch: 256 },
};

/** What the contenders in Python need. PyTorch brings gigabytes of libraries for graphics cards, without which it does not load. */
export const PACKAGES = [['torch'], ['jax', 'optax'], ['tensorflow-cpu'], ['onnxruntime']];

const PREDICTIONS = ['infer-1', 'infer-16', 'infer-256'];

const ours = (settings) => ({ program: 'node', script: 'evopatch_peer.js', settings });
const runtime = (settings) => ({ program: 'node', script: 'runtimes_peer.js', settings, tasks: PREDICTIONS });
const python = (script, module, settings = '') => ({ program: 'python', script, module, settings });
const torch = (...settings) => python('pytorch_peer.py', 'torch', settings.join());

/**
 * Contenders by name. `module` is the Python package that one needs, `needs` an environment variable, `tasks` and `threads` what it
 * can do; tfjs-node takes as many threads as there are processors. Ours share a training step between threads; each prediction runs
 * on one.
 */
export const CONTENDERS = {
  'evopatch, native': ours('native'),
  'evopatch, AVX2': ours('native:avx2'),
  'evopatch, 128-bit FMA': ours('native:fma128'),
  'evopatch, WebAssembly': { ...ours('wasm'), threads: [1] },
  PyTorch: torch(),
  'PyTorch, channels last': torch('channels-last'),
  'PyTorch, compiled': torch('compile'),
  'PyTorch, channels last, compiled': torch('channels-last', 'compile'),
  'PyTorch, bfloat16': torch('bfloat16'),
  'PyTorch, bfloat16, channels last': torch('bfloat16', 'channels-last'),
  JAX: python('jax_peer.py', 'jax'),
  'JAX, bfloat16': python('jax_peer.py', 'jax', 'bfloat16'),
  TensorFlow: python('keras_peer.py', 'tensorflow'),
  'TensorFlow, XLA': python('keras_peer.py', 'tensorflow', 'xla'),
  'ONNX Runtime, Python': { ...python('onnxruntime_peer.py', 'onnxruntime'), tasks: PREDICTIONS },
  'ONNX Runtime, Node': runtime('onnxruntime-node'),
  'ONNX Runtime, Web': runtime('onnxruntime-web'),
  'TensorFlow.js, WebAssembly': runtime('tfjs-wasm'),
  'TensorFlow.js, tfjs-node': { ...runtime('tfjs-node'), needs: 'EVOPATCH_TFJS_NODE', threads: [2] },
  'tfjs-node, as the engine of evopatch': {
    ...ours('tfjs-node'),
    tasks: ['train'],
    needs: 'EVOPATCH_TFJS_NODE',
    threads: [2],
  },
};
