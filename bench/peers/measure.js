// What the peers in JavaScript share: the arguments, the clock, the line that they print.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const WARM_UP_SECONDS = 1.5;

/** Reads --network FILE --task train|infer --batch N --settings TEXT [--threads N] [--seconds S]; the network is that of the file. */
export function readArguments() {
  const text = { type: 'string' };
  const { values } = parseArgs({
    options: {
      network: text,
      task: text,
      batch: text,
      settings: text,
      threads: { ...text, default: '1' },
      seconds: { ...text, default: '2' },
    },
  });
  const [batch, threads, seconds] = [values.batch, values.threads, values.seconds].map(Number);
  const network = JSON.parse(readFileSync(values.network, 'utf8'));
  return { task: values.task, settings: values.settings, network, batch, threads, seconds };
}

/** Times `step`, which handles a batch, and prints the samples that it handles in a second. */
export async function reportSpeed({ version, step }, { batch, seconds }) {
  await runFor(step, WARM_UP_SECONDS);
  const run = await runFor(step, seconds);
  console.log(JSON.stringify({ version, samplesPerSecond: (batch * run.steps) / run.seconds }));
}

async function runFor(step, limit) {
  const start = performance.now();
  for (let steps = 1; ; steps++) {
    const result = step();
    if (result instanceof Promise) await result;
    const seconds = (performance.now() - start) / 1000;
    if (seconds >= limit) return { steps, seconds };
  }
}
