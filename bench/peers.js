// Training steps and predictions of four networks: evopatch beside PyTorch, JAX, TensorFlow and ONNX Runtime, in turns.
//
//   node bench/peers.js --out FILE.jsonl [--python PATH] [--networks a,b] [--tasks a,b] [--threads 1,2] [--contenders TEXT,TEXT]
//     [--rounds 3] [--seconds 2] [--table] [--json] [--plot FILE.svg|FILE.png]
//
// Without --python, the newest of their packages are installed from PyPI into a virtual environment beside FILE. Each round measures
// everything once, each measurement in a process of its own. Every measurement is a line of FILE: a run that was cut goes on with the
// same command. The tables show medians with the least and the most, and the ratio to evopatch's native engine; --table only shows them,
// and with --plot draws them.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openMeasurements } from './measurement-file.js';
import { CONTENDERS, PACKAGES, TASKS } from './peers/contenders.js';
import { exportNetwork, NETWORKS } from './peers/networks.js';
import { writePlot } from './peers/plot.js';
import { speedTables } from './peers/table.js';
import { availableModules, makeEnvironment } from './python.js';

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    python: { type: 'string' },
    networks: { type: 'string', default: Object.keys(NETWORKS).join() },
    tasks: { type: 'string', default: Object.keys(TASKS).join() },
    threads: { type: 'string', default: '1,2' },
    contenders: { type: 'string', default: '' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '2' },
    table: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    plot: { type: 'string' },
  },
});
const finished = openMeasurements(values.out);
if (!values.table) await measureAll();
console.log(values.json ? JSON.stringify(finished.all) : speedTables(finished.all));
if (values.plot !== undefined) writePlot(values.plot, finished.all);

async function measureAll() {
  const python = values.python ?? makeEnvironment(join(dirname(resolve(values.out)), 'python'), PACKAGES);
  const modules = availableModules(python, ['torch', 'jax', 'tensorflow', 'onnxruntime']);
  const folder = mkdtempSync(join(tmpdir(), 'evopatch-peers-'));
  try {
    const jobs = jobsOf(modules);
    for (const [number, job] of jobs.entries()) {
      const speed = await measure(python, folder, job);
      const line = { ...job, ...speed };
      finished.add(line);
      const result = speed.failed ?? `${speed.samplesPerSecond.toFixed(0)} samples/s`;
      console.error(`${number + 1} of ${jobs.length}: ${Object.values(job).join(', ')}: ${result}`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Lists what is still to be measured; says who is left out. */
function jobsOf(modules) {
  const wanted = values.contenders.split(',').map((part) => part.trim().toLowerCase());
  const contenders = Object.entries(CONTENDERS).filter(([name, { module, needs }]) => {
    if (!wanted.some((part) => name.toLowerCase().includes(part))) return false;
    const isThere = module === undefined || modules.has(module);
    if (!isThere) console.error(`skipped: ${name}; its Python package ${module} cannot be imported`);
    const isNamed = needs === undefined || process.env[needs] !== undefined;
    if (!isNamed) console.error(`skipped: ${name}; ${needs} names no folder`);
    return isThere && isNamed;
  });
  const jobs = [];
  for (let round = 1; round <= Number(values.rounds); round++)
    for (const network of values.networks.split(','))
      for (const task of values.tasks.split(','))
        for (const threads of values.threads.split(',').map(Number))
          for (const [contender, { tasks = Object.keys(TASKS), threads: able = [1, 2] }] of contenders)
            if (tasks.includes(task) && able.includes(threads))
              jobs.push({ round, network, task, threads, contender });
  return jobs.filter((job) => !finished.has(job));
}

async function measure(python, folder, { network, task, threads, contender }) {
  const { program, script, settings } = CONTENDERS[contender];
  const path = join(folder, `${network}.json`);
  if (!existsSync(path)) {
    const exported = await exportNetwork(NETWORKS[network], join(folder, network));
    writeFileSync(path, JSON.stringify({ ...NETWORKS[network], ...exported }));
  }
  const options = { network: path, ...TASKS[task], threads, seconds: values.seconds, settings };
  const flags = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
  const command = program === 'python' ? python : process.execPath;
  const own = fileURLToPath(new URL(`peers/${script}`, import.meta.url));
  const env = { ...process.env, OMP_NUM_THREADS: String(threads) };
  try {
    const output = execFileSync(command, [own, ...flags], {
      encoding: 'utf8',
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return JSON.parse(output.trim().split('\n').at(-1));
  } catch (error) {
    return {
      failed: error.signal ? `ended by ${error.signal}` : String(error.stderr).trim().split('\n').at(-1),
    };
  }
}
