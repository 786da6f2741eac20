// Begins or resumes a small run in a folder of its own; may die inside a call of the file system.
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

const { runFolder, resume = false, workers = 0, crash, options } = JSON.parse(process.argv[2]);
if (crash !== undefined) dieAt(crash);

const { evolvePatches } = await import('../../dist/evolution/evolve-patches.js');
const { resumeRun } = await import('../../dist/evolution/resume-run.js');
const { syntheticFaces } = await import('../../dist/data/synthetic/index.js');
const dataset = syntheticFaces({ count: 84 });
process.stdout.write('started\n');
const run = resume
  ? resumeRun({ runFolder, workers, dataset })
  : evolvePatches({ runFolder, workers, dataset, ...options });
await run;

/** Dies at the nth call of a function whose file has a certain name: before it, in the middle of it or behind it. */
function dieAt({ call, name, count, moment }) {
  const original = fs[call];
  let calls = 0;
  const files = new WeakMap();
  const open = fs.open;
  fs.open = async (file, ...rest) => {
    const handle = await open(file, ...rest);
    files.set(handle, file);
    return handle;
  };
  const wrapped = call === 'open' ? fs.open : original;
  fs[call] = async (first, ...rest) => {
    const file = typeof first === 'string' ? first : files.get(first);
    if (!file.includes(name) || ++calls < count) return wrapped(first, ...rest);
    if (moment === 'middle') await original(first, rest[0].slice(0, rest[0].length / 2));
    if (moment === 'after') await wrapped(first, ...rest);
    process.kill(process.pid, 'SIGKILL');
    return new Promise(() => {});
  };
  syncBuiltinESMExports();
}
