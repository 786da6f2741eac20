// Compares training steps on 64 faces with convolutions in the form of Winograd and in the direct form, which take turns on
// one core: medians of milliseconds, and the fastest step, which other load disturbs least.
//
//   node bench/convolution.js [--rounds N] [--engines native:avx512,wasm]
import { parseArgs } from 'node:util';
import { MEASURED_NETWORKS } from '../dist/bench/kernels/measured-networks.js';
import { BATCH_SIZE, MEASURED_TRAINING, trainingSteps } from '../dist/bench/workload.js';
import { openEngine } from '../dist/nn/engine.js';
import { openSession } from '../dist/nn/open-session.js';
import { formatTable } from '../dist/summary/table.js';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '31' },
    engines: { type: 'string', default: 'native:avx512,native:avx2,native:fma128,wasm:relaxed' },
  },
});
const FORMS = ['direct', 'winograd'];

const rows = [];
for (const name of values.engines.split(',')) {
  const engine = await openEngine(name);
  for (const [network, specOf] of Object.entries(MEASURED_NETWORKS)) {
    const steps = FORMS.map((convolution) => {
      const session = openSession(engine, specOf(), BATCH_SIZE, { ...MEASURED_TRAINING, convolution });
      return trainingSteps(session, specOf());
    });
    const times = steps.map(() => []);
    for (let round = 0; round < Number(values.rounds); round++) {
      for (const [i, step] of steps.entries()) {
        const start = performance.now();
        step();
        times[i].push(performance.now() - start);
      }
    }
    const [direct, winograd] = times.map((all) => all.toSorted((a, b) => a - b));
    const fastest = direct[0] / winograd[0];
    rows.push([
      `${engine.name}:${engine.variant}`,
      network,
      inWords(direct),
      inWords(winograd),
      fastest.toFixed(2),
    ]);
  }
}
const columns = ['engine', 'network', 'direct, ms', 'winograd, ms', 'ratio of the fastest'];
console.log(
  formatTable(
    columns.map((title, i) => ({ title, align: i < 2 ? 'left' : 'right' })),
    rows,
  ),
);

function inWords(sorted) {
  return `${sorted[Math.floor(sorted.length / 2)].toFixed(2)} (${sorted[0].toFixed(2)})`;
}
