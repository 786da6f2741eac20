// The search of each seed, by the command that anybody would give.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readResult } from '../../dist/run/result-file.js';

const PROGRAM = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/**
 * Runs the searches that have not ended, one after the other; one that was cut goes on.
 *
 * @param settings `{ data, out, seeds, options }`: the words that name the data, and further words of `evopatch evolve`
 * @returns `{ seed, folder, description, result, command }` of each seed
 */
export async function runSeeds({ data, out, seeds, options }) {
  mkdirSync(out, { recursive: true });
  const runs = [];
  for (const seed of seeds) {
    const folder = join(out, seed);
    const words = ['evolve', ...data, '--seed', seed, ...options];
    const described = join(folder, 'run.json');
    if ((await readResult(folder))?.status !== 'complete') {
      await runProgram(PROGRAM, existsSync(described) ? ['resume', folder] : [...words, '--out', folder]);
    }
    const result = await readResult(folder);
    if (result?.status !== 'complete') throw new Error(`${folder}: the run has not ended`);
    const description = JSON.parse(readFileSync(described, 'utf8'));
    runs.push({ seed, folder, description, result, command: shown(['evopatch', ...words]) });
  }
  return runs;
}

/** A command for readers elsewhere: without the folders of this machine. */
function shown(words) {
  return words.map((word) => (isAbsolute(word) ? basename(word) : word)).join(' ');
}

/** Runs a program of Node; what it says goes to standard error. */
export function runProgram(file, words) {
  const child = spawn(process.execPath, [file, ...words], { stdio: ['ignore', 2, 2] });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${[file, ...words].join(' ')} ended with ${code}`));
    });
  });
}
