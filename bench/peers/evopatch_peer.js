// evopatch, as the other peers are called: --network FILE --task train|infer --batch N [--threads T] [--seconds S] [--settings ENGINE]
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { noise } from '../../dist/bench/workload.js';
import { openEngine } from '../../dist/nn/engine.js';
import { initialWeights } from '../../dist/nn/initialize.js';
import { openSession } from '../../dist/nn/open-session.js';
import { openTeam } from '../../dist/nn/team.js';

const WARM_UP_SECONDS = 1.5;
/** AdamW with a rate so small that the network hardly changes and all steps are alike. */
const UPDATE = [1e-5, 0.9, 0.999, 1e-8, 1, 1, 1e-3];

const { values } = parseArgs({
  options: {
    network: { type: 'string' },
    task: { type: 'string' },
    batch: { type: 'string' },
    threads: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '2' },
    settings: { type: 'string', default: 'native' },
  },
});
const batch = Number(values.batch);
const spec = JSON.parse(readFileSync(values.network, 'utf8'));
const engine = await openEngine(values.settings);
const samples = noise(spec);
const indices = Uint32Array.from({ length: batch }, (_, i) => i);
const { step, close } = await (values.task === 'train' ? training() : prediction());
runFor(WARM_UP_SECONDS);
const { steps, seconds } = runFor(Number(values.seconds));
const version = `evopatch, ${engine.name} ${engine.variant}`;
console.log(JSON.stringify({ version, samplesPerSecond: (batch * steps) / seconds }));
await close?.();

async function training() {
  const team = await openTeam(engine, Number(values.threads));
  const session = openSession(engine, spec, batch, { optimizer: 'adamw', clip: false }, team);
  session.setWeights(initialWeights(session.parameters, 'peer'));
  session.configure({ clipNorm: 0, temperature: 1 });
  const targets = new Float32Array(batch * spec.classes);
  for (let i = 0; i < batch; i++) targets[i * spec.classes + samples.labels[i]] = 1;
  let number = 0;
  return {
    step: () => session.train(samples, indices, [], targets, UPDATE, number++),
    close: () => team?.close(),
  };
}

async function prediction() {
  const session = openSession(engine, spec, Math.max(16, Math.ceil(batch / 16) * 16));
  session.setWeights(initialWeights(session.parameters, 'peer'));
  return { step: () => session.predict(samples, indices) };
}

function runFor(limit) {
  const start = performance.now();
  for (let steps = 1; ; steps++) {
    step();
    const seconds = (performance.now() - start) / 1000;
    if (seconds >= limit) return { steps, seconds };
  }
}
