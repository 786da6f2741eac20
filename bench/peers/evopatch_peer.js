// evopatch; the setting is an engine, as in 'native:avx2'. Called as measure.js says.
import { noise } from '../../dist/bench/workload.js';
import { openEngine } from '../../dist/nn/engine.js';
import { initialWeights } from '../../dist/nn/initialize.js';
import { openSession } from '../../dist/nn/open-session.js';
import { openTeam } from '../../dist/nn/team.js';
import { readArguments, reportSpeed } from './measure.js';

/** AdamW with a rate so small that the network hardly changes and all steps are alike. */
const UPDATE = [1e-5, 0.9, 0.999, 1e-8, 1, 1, 1e-3];

const options = readArguments();
const { network: spec, batch } = options;
const engine = await openEngine(options.settings);
const samples = noise(spec);
const indices = Uint32Array.from({ length: batch }, (_, i) => i);
const { step, close } = await (options.task === 'train' ? training() : prediction());
await reportSpeed({ version: `evopatch, ${engine.name} ${engine.variant}`, step }, options);
await close?.();

async function training() {
  const team = await openTeam(engine, options.threads);
  const session = openSession(
    engine,
    spec,
    batch,
    { optimizer: 'adamw', clip: false, convolution: 'winograd' },
    team,
  );
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
