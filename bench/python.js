// Virtual environments of Python, for what is compared with evopatch.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Makes an environment, unless it exists. Says which packages cannot be installed, and goes on.
 *
 * @param {string[][]} groups packages from PyPI; those of a group are installed together
 * @returns its Python
 */
export function makeEnvironment(folder, groups) {
  const python = join(folder, 'bin', 'python');
  if (existsSync(python)) return python;
  execFileSync('python3', ['-m', 'venv', folder], { stdio: 'inherit' });
  for (const packages of groups) {
    try {
      const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
      execFileSync(python, [...install, ...packages], { stdio: 'inherit' });
    } catch {
      console.error(`could not install ${packages.join(', ')}`);
    }
  }
  return python;
}

/** Finds which of these modules a Python can import. */
export function availableModules(python, names) {
  return new Set(
    names.filter((name) => {
      try {
        execFileSync(python, ['-c', `import ${name}`], { stdio: 'ignore' });
        return true;
      } catch {
        return false;
      }
    }),
  );
}
