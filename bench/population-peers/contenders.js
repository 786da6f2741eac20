// Who trains the population, and how.

const ours = (settings = 'native') => ({ program: 'node', script: 'evopatch_population.js', settings });
const torch = (settings = '') => python('pytorch_population.py', 'torch', settings);
const jax = (settings) => python('jax_population.py', 'jax', settings);

function python(script, module, settings) {
  return { program: 'python', script, module, settings };
}

/** Contenders by name, each on two processors. `vmap` trains all networks as one, so they must have equal shapes. */
export const CONTENDERS = {
  'evopatch, two workers': ours(),
  'PyTorch, two processes': torch(),
  'PyTorch, two processes, channels last': torch('channels-last'),
  'JAX, one after the other': jax('sequential'),
  'JAX, vmap': { ...jax('vmap'), sets: ['equal'] },
};

/** What the contenders in Python need. */
export const PACKAGES = [['torch'], ['jax', 'optax']];
