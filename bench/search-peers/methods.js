// The optimisers, and the virtual environments that they run in.

const optuna = (method) => ({
  script: 'optuna_search.py',
  module: 'optuna',
  environment: 'optimisers',
  method,
});

/**
 * Methods by name, with the Python module that each needs. evopatch's own have options instead: `evopatch` decides as each result
 * arrives, as the others do; `evopatch-default` is the default, with the population of the guides.
 */
export const METHODS = {
  evopatch: { options: { asynchronous: true, population: 8, repeats: 1 } }, // no other trains a genome with further seeds
  'evopatch-default': { options: { population: 16 } },
  'optuna-tpe': optuna('tpe'),
  'optuna-nsga2': optuna('nsga2'),
  random: optuna('random'),
  pymoo: { script: 'pymoo_search.py', module: 'pymoo', environment: 'optimisers' },
  'syne-tune': { script: 'syne_tune_search.py', module: 'syne_tune', environment: 'optimisers' },
  'neps-primo': { script: 'neps_search.py', module: 'neps', environment: 'neps' },
};

/** Packages of each environment. NePS brings PyTorch, and wants versions of its own. */
export const PACKAGES = {
  optimisers: [['optuna', 'pymoo', 'syne-tune']],
  neps: [['neural-pipeline-search']],
};
