// A population of candidate networks trained on two processors: evopatch's pool beside processes of PyTorch and programs of JAX.
//
//   node bench/population-peers.js --out FILE.jsonl [--python PATH] [--sets different,equal] [--contenders TEXT,TEXT]
//     [--networks 16] [--faces 4096] [--epochs 3] [--rounds 3] [--table] [--json]
//
// The set `different` has networks of different patches and filters; in `equal` only the places of the patches differ, since JAX's vmap
// trains networks as one only if their shapes are equal. All train on the same drawn faces, epochs and batches of 64, and predict the
// others. The time counts from the first network on, with what a new network costs, such as compilation, but without the start of the
// program; memory is the highest sum over all processes of a contender. Each round measures everything once, in turns.
// Every measurement is a line of FILE: a run that was cut goes on with the same command. Without --python, PyTorch and JAX are
// installed from PyPI into a virtual environment beside FILE; --table only shows the tables.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { syntheticFaces } from '../dist/data/synthetic/index.js';
import { openMeasurements } from './measurement-file.js';
import { SETS } from './population-peers/candidates.js';
import { CONTENDERS, PACKAGES } from './population-peers/contenders.js';
import { watchMemory } from './population-peers/peak-memory.js';
import { populationTables, summaryOf } from './population-peers/table.js';
import { availableModules, makeEnvironment } from './python.js';

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    python: { type: 'string' },
    sets: { type: 'string', default: Object.keys(SETS).join() },
    contenders: { type: 'string', default: '' },
    networks: { type: 'string', default: '16' },
    faces: { type: 'string', default: '4096' },
    epochs: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '3' },
    table: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const BATCH = 64;
const finished = openMeasurements(values.out);
if (!values.table) await measureAll();
console.log(values.json ? JSON.stringify(summaryOf(finished.all)) : populationTables(finished.all));

async function measureAll() {
  const contenders = Object.entries(CONTENDERS).filter(([name]) =>
    values.contenders.split(',').some((part) => name.toLowerCase().includes(part.trim().toLowerCase())),
  );
  const needsPython = contenders.some(([, { program }]) => program === 'python');
  const environment = () =>
    values.python ?? makeEnvironment(join(dirname(resolve(values.out)), 'python'), PACKAGES);
  const python = needsPython ? environment() : undefined;
  const modules = needsPython ? availableModules(python, ['torch', 'jax']) : new Set();
  const able = contenders.filter(([name, { module }]) => {
    const isThere = module === undefined || modules.has(module);
    if (!isThere) console.error(`skipped: ${name}; its Python package ${module} cannot be imported`);
    return isThere;
  });
  const jobs = jobsOf(able);
  const folder = mkdtempSync(join(tmpdir(), 'evopatch-population-'));
  try {
    const data = join(folder, 'faces');
    const { frames, labels } = syntheticFaces({ count: Number(values.faces) });
    writeFileSync(data, Buffer.concat([frames, labels]));
    for (const [number, job] of jobs.entries()) {
      const result = await measure(python, folder, data, job);
      const line = { ...job, ...result };
      finished.add(line);
      const told = result.failed ?? `${result.perHour.toFixed(0)} evaluations an hour`;
      console.error(`${number + 1} of ${jobs.length}: ${job.round}, ${job.set}, ${job.contender}: ${told}`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Lists what is still to be measured. */
function jobsOf(contenders) {
  const [networks, faces, epochs] = [values.networks, values.faces, values.epochs].map(Number);
  const jobs = [];
  for (let round = 1; round <= Number(values.rounds); round++)
    for (const set of values.sets.split(','))
      for (const [contender, { sets = Object.keys(SETS) }] of contenders)
        if (sets.includes(set)) jobs.push({ round, set, contender, networks, faces, epochs });
  return jobs.filter((job) => !finished.has(job));
}

async function measure(python, folder, data, { set, contender, networks, faces, epochs }) {
  const { program, script, settings } = CONTENDERS[contender];
  const specs = join(folder, `${set}.json`);
  writeFileSync(specs, JSON.stringify(SETS[set](networks)));
  const options = { networks: specs, data, faces, epochs, batch: BATCH, settings };
  const flags = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
  const own = fileURLToPath(new URL(`population-peers/${script}`, import.meta.url));
  const child = spawn(program === 'python' ? python : process.execPath, [own, ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const peak = watchMemory(child.pid);
  let [output, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    errors += text;
  });
  const [code] = await once(child, 'close');
  const peakBytes = peak();
  if (code !== 0) return { failed: errors.trim().split('\n').at(-1) };
  const { version, seconds, losses } = JSON.parse(output.trim().split('\n').at(-1));
  const loss = losses.reduce((sum, one) => sum + one, 0) / losses.length;
  return { version, perHour: (3600 * networks) / seconds, seconds, peakBytes, loss };
}
