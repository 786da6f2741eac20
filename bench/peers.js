// Times training steps of the reference patch network on one core: evopatch's engines and PyTorch in several settings, in turns.
//
//   node bench/peers.js --python PATH [--rounds 5] [--seconds 4] [--json]
//
// PATH is a Python with PyTorch (any 1.13 or 2.x build for CPUs). Each round measures everything once; the table shows
// medians with minimum and maximum, and the ratio of medians to evopatch's native engine.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    python: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    json: { type: 'boolean', default: false },
  },
});
if (!values.python) {
  console.error('Give a Python with PyTorch: node bench/peers.js --python PATH');
  process.exit(2);
}

const command = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const script = fileURLToPath(new URL('peers/pytorch_train_step.py', import.meta.url));
const evopatch = (engine) => [process.execPath, [command, 'bench', 'train', '--engine', engine, '--json']];
const pytorch = (...flags) => [values.python, [script, '--seconds', values.seconds, ...flags]];

const contenders = {
  'evopatch native': evopatch('native'),
  'evopatch wasm': evopatch('wasm'),
  'PyTorch float32': pytorch(),
  'PyTorch float32, channels last': pytorch('--channels-last'),
  'PyTorch bfloat16': pytorch('--bfloat16'),
  'PyTorch bfloat16, channels last': pytorch('--bfloat16', '--channels-last'),
};

const speeds = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
for (let round = 0; round < Number(values.rounds); round++) {
  for (const [name, [program, args]] of Object.entries(contenders)) {
    const output = execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    speeds[name].push(JSON.parse(output).samplesPerSecond);
  }
}

const spread = (list) => {
  const sorted = list.toSorted((a, b) => a - b);
  const [minimum, maximum] = [sorted[0], sorted[sorted.length - 1]];
  return { median: sorted[Math.floor(sorted.length / 2)], minimum, maximum };
};
const rows = Object.entries(speeds).map(([name, list]) => ({ name, ...spread(list) }));
const ours = rows[0].median;
if (values.json) {
  console.log(JSON.stringify(rows.map((row) => ({ ...row, ratio: row.median / ours }))));
} else {
  console.log('training step                     samples/s (range)           ratio');
  for (const { name, median, minimum, maximum } of rows) {
    const range = `${median.toFixed(0)} (${minimum.toFixed(0)}–${maximum.toFixed(0)})`;
    console.log(`${name.padEnd(33)} ${range.padEnd(27)} ${(median / ours).toFixed(2)}`);
  }
}
