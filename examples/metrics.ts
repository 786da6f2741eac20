// Writes the events of a run as metrics: a line of JSON for every trained network and every generation, with the run's id, a
// step and the time. The ten lines of `forward` are all that a tracker needs:
//
//   node dist/examples/metrics.js metrics.jsonl            # into a file, for MLflow, Weights & Biases, pandas, …
//   node dist/examples/metrics.js | your-tracker           # or straight into a program
//
// jq extracts the curve of a run: jq -r 'select(.type == "generation") | [.step, .hypervolume] | @tsv' metrics.jsonl
import { randomUUID } from 'node:crypto';
import { openSync, writeSync } from 'node:fs';
import { type EvolutionEvent, evolvePatches, syntheticFaces } from 'evopatch';

const [file] = process.argv.slice(2);
const output = file === undefined ? process.stdout.fd : openSync(file, 'a');
const run = randomUUID();
let step = 0;

function forward(event: EvolutionEvent): void {
  const time = new Date().toISOString();
  if (event.type === 'evaluation') {
    const { genome: _, ...metrics } = event.evaluation;
    writeSync(output, `${JSON.stringify({ run, step: ++step, time, type: event.type, ...metrics })}\n`);
  }
  if (event.type === 'generation') {
    const { front, ...metrics } = event.generation;
    const [best] = front;
    const scalars = { ...metrics, members: front.length, loss: best?.loss, accuracy: best?.accuracy };
    writeSync(output, `${JSON.stringify({ run, step, time, type: event.type, ...scalars })}\n`);
  }
}

await evolvePatches({
  dataset: syntheticFaces({ count: 700 }),
  population: 6,
  generations: 3,
  seed: 'metrics',
  bounds: { maximumPatches: 3, maximumParameters: 20_000, maximumMacs: 400_000 },
  final: { epochs: 3 },
  finalists: 1,
  baseline: false,
  onEvent: forward,
});
