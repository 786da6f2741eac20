// The optimisers, and the virtual environment that they run in.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const optuna = (method) => ({ script: 'optuna_search.py', method });

/** Methods by name; evopatch's own needs nothing. */
export const METHODS = {
  evopatch: {},
  'optuna-tpe': optuna('tpe'),
  'optuna-nsga2': optuna('nsga2'),
  random: optuna('random'),
  pymoo: { script: 'pymoo_search.py' },
  'syne-tune': { script: 'syne_tune_search.py' },
};

const PACKAGES = ['optuna', 'pymoo', 'syne-tune'];

/** Makes the virtual environment of the optimisers, unless it exists. @returns its Python */
export function makeEnvironment(folder) {
  const python = join(folder, 'bin', 'python');
  if (existsSync(python)) return python;
  execFileSync('python3', ['-m', 'venv', folder], { stdio: 'inherit' });
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...PACKAGES];
  execFileSync(python, install, { stdio: 'inherit' });
  return python;
}
