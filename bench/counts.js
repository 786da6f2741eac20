// Counts the instructions of fixed workloads with valgrind and compares them with bench/counts/counts.json: a guard of speed
// that other work on the machine does not disturb.
//
//   node bench/counts.js [--renew]
//
// The AVX2 kernels run outside Node: this script records the arenas and programs of sessions, and replay.c runs them. Other
// compilers make other instructions, so the counts of each are kept apart; --renew writes those of the compiler here. Where it
// has none, they are printed and not compared.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { untrainedModel } from '../dist/bench/untrained-model.js';
import { inferenceWorkload, trainingWorkload } from '../dist/bench/workload.js';
import { referenceNetwork } from '../dist/network/reference-network.js';
import { findCompiler, KERNEL_FLAGS, NATIVE_VARIANTS } from '../dist/nn/build-native.js';
import { openEngine } from '../dist/nn/engine.js';
import { formatTable } from '../dist/summary/table.js';
import { zooNetwork } from '../dist/zoo/zoo.js';

const { values } = parseArgs({ options: { renew: { type: 'boolean', default: false } } });
/** A count may grow by this share. Fewer instructions always pass. */
const TOLERANCE = 0.02;
/** A step with at least this share of its workload is also compared by itself. */
const LARGE_STEP_SHARE = 0.05;
const VARIANT = 'avx2';

const folder = fileURLToPath(new URL('counts/', import.meta.url));
const kernels = fileURLToPath(new URL('../kernels/kernels.c', import.meta.url));
const known = JSON.parse(readFileSync(join(folder, 'counts.json'), 'utf8'));
const scratch = mkdtempSync(join(tmpdir(), 'evopatch-counts-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

const replay = await buildReplay();
const compiler = execFileSync(replay, { encoding: 'utf8' });
const counts = await countAll();
const grown = table(counts, values.renew ? undefined : known[compiler]);
if (values.renew) {
  writeFileSync(
    join(folder, 'counts.json'),
    `${JSON.stringify({ ...known, [compiler]: counts }, null, 2)}\n`,
  );
  console.log(`written to bench/counts/counts.json for ${compiler}`);
} else if (known[compiler] === undefined) {
  const others = Object.keys(known).join(', ');
  console.log(`NOT COMPARED: there are counts of ${others}, none of ${compiler}; --renew adds them`);
} else if (grown.length > 0) {
  fail(
    `more instructions than before (${compiler}): ${grown.join('; ')}. If that is meant, run with --renew`,
  );
} else {
  console.log(`no count is more than ${100 * TOLERANCE} % above those of ${compiler}`);
}

async function buildReplay() {
  const compiler = await findCompiler();
  const flags = NATIVE_VARIANTS[process.arch]?.[VARIANT];
  if (!compiler || !flags)
    fail(`counting needs a C compiler and an x86-64 processor (here: ${process.arch})`);
  const program = join(scratch, 'replay');
  const sources = [kernels, join(folder, 'replay.c')];
  execFileSync(compiler, [
    ...KERNEL_FLAGS,
    '-w',
    ...flags,
    `-DVARIANT=${VARIANT}`,
    ...sources,
    '-o',
    program,
  ]);
  return program;
}

/** Returns the instructions of every workload by the function that executes them. */
async function countAll() {
  const engine = recording(await openEngine());
  const reference = referenceNetwork();
  const workloads = {
    'training step, reference': trainingWorkload(engine, reference),
    'batch of 64, reference': inferenceWorkload(engine, reference),
    'one face, reference': inferenceWorkload(engine, reference, 1),
    'one face, eyes and mouth': inferenceWorkload(engine, untrainedModel(engine).network.spec, 1),
    'one face, mini-Xception': inferenceWorkload(engine, zooNetwork('miniXception'), 1),
  };
  return Object.fromEntries(
    Object.entries(workloads).map(([name, { run }]) => {
      run();
      return [name, countOne(engine.last())];
    }),
  );
}

/** An engine that keeps what its arenas ran last, and the words before that. */
function recording(engine) {
  let last;
  const createArena = (size) => {
    const arena = engine.createArena(size);
    const run = (tensors, program, blocks) => {
      const words = arena.integers.slice();
      last = { head: Int32Array.of(tensors, program, blocks, words.length), words };
      arena.run(tensors, program, blocks);
    };
    return { ...arena, run };
  };
  return { ...engine, createArena, last: () => last };
}

function countOne({ head, words }) {
  const [recorded, profile] = [join(scratch, 'recorded'), join(scratch, 'profile')];
  writeFileSync(recorded, Buffer.concat([Buffer.from(head.buffer), Buffer.from(words.buffer)]));
  const collect = ['--toggle-collect=evopatch_run_avx2', '--compress-strings=no', '--compress-pos=no'];
  const options = ['--tool=callgrind', '-q', ...collect, `--callgrind-out-file=${profile}`];
  try {
    execFileSync('valgrind', [...options, replay, recorded], { stdio: ['ignore', 'ignore', 'inherit'] });
  } catch (cause) {
    if (cause.code === 'ENOENT') fail('counting needs valgrind (Debian: apt-get install valgrind)');
    throw cause;
  }
  return countsByFunction(readFileSync(profile, 'utf8'));
}

/** Adds up what a profile of callgrind says of each function's own instructions: `fn=NAME`, then lines `position count`. */
function countsByFunction(profile) {
  const counts = {};
  let name = '';
  let isCall = false; // the line after `calls=` counts those of the called function
  for (const line of profile.split('\n')) {
    const [, entered] = /^fn=([\w.]+)/.exec(line) ?? [];
    const [, count] = /^\d+ (\d+)$/.exec(line) ?? [];
    if (entered) name = entered.replace(/^step_|\..*$/g, '');
    if (count && !isCall) counts[name] = (counts[name] ?? 0) + Number(count);
    isCall = line.startsWith('calls=');
  }
  return Object.fromEntries(Object.entries(counts).sort((a, b) => b[1] - a[1]));
}

/** Prints all counts; returns those that have grown. */
function table(counts, before) {
  const grown = [];
  const rows = Object.entries(counts).flatMap(([workload, steps]) => {
    const all = total(steps);
    const then = before?.[workload];
    const large = Object.entries(steps).filter(([, count]) => count >= LARGE_STEP_SHARE * all);
    const compared = [
      [workload, all, then && total(then)],
      ...large.map(([step, count]) => [`  ${step}`, count, then && (then[step] ?? 0)]),
    ];
    return compared.map(([name, now, was]) => {
      if (now > was * (1 + TOLERANCE)) grown.push(name === workload ? name : `${workload}: ${name.trim()}`);
      return [name, now.toLocaleString('en'), was ? `${((100 * (now - was)) / was).toFixed(2)} %` : ''];
    });
  });
  const columns = ['instructions', 'change'].map((title) => ({ title }));
  console.log(`${formatTable([{ title: 'workload, and its steps', align: 'left' }, ...columns], rows)}\n`);
  return grown;
}

function total(steps) {
  return Object.values(steps).reduce((sum, count) => sum + count, 0);
}

function fail(problem) {
  console.error(problem);
  process.exit(1);
}
