import { type BenchmarkRecord, type BenchmarkTask, benchmark } from '../../bench/benchmark.ts';
import { EvopatchError } from '../../core/errors.ts';
import { openEngine } from '../../nn/engine.ts';
import { availableNativeVariants } from '../../nn/native-engine.ts';
import { availableWasmVariants } from '../../nn/wasm-engine.ts';
import { formatCount, formatShare } from '../../summary/format.ts';
import { formatTable } from '../../summary/table.ts';
import { benchPipeline } from '../bench-pipeline.ts';
import { defineCommand, ENGINE_OPTION } from '../command.ts';

const TASKS = ['train', 'infer', 'pipeline'];

export const benchCommand = defineCommand({
  name: 'bench',
  summary: 'Measure how fast one core trains and runs networks, and reads photos',
  description:
    "'train' and 'infer' measure the reference network (four patches of 16×16, 160,071 parameters, batches of 64) on " +
    "one core, and what the engine's multiply-adds reach in registers, in turns: a fraction of 1 would waste nothing. " +
    'For WebAssembly that peak is the one of its own 128-bit vectors. A training step counts as three forward passes. ' +
    "'pipeline' measures each stage from a photo, made 640 pixels large, to the expression of its face.",
  operand: { name: 'TASK', description: "'train', 'infer' or 'pipeline'.", choices: TASKS },
  options: {
    engine: {
      ...ENGINE_OPTION,
      description: `${ENGINE_OPTION.description} 'all': side by side.`,
      default: 'all',
    },
    model: {
      kind: 'text',
      placeholder: 'FILE',
      description: "For 'pipeline': a model that evolve saved.",
      default: 'a network placed by hand with random weights',
    },
    photo: {
      kind: 'text',
      placeholder: 'FILE',
      description: "For 'pipeline': a photo with one face.",
      default: 'one that comes with face-api',
    },
  },
  examples: [
    'evopatch bench train',
    'evopatch bench infer --engine wasm',
    'evopatch bench train --engine native:avx2 --json',
    'evopatch bench pipeline --model runs/first/models/best.safetensors',
  ],
  run: async ({ engine = 'all', model, photo }, _context, [task]) => {
    const names = engine === 'all' ? await allEngines() : [engine];
    if (task === 'pipeline') return benchPipeline(names, model, photo);
    for (const [option, given] of Object.entries({ '--model': model, '--photo': photo })) {
      if (given === undefined) continue;
      const hint = "Write 'evopatch bench pipeline'.";
      throw new EvopatchError('INVALID_OPTION', "only 'pipeline' takes this option", { option, given, hint });
    }
    const records: BenchmarkRecord[] = [];
    for (const name of names) records.push(benchmark(task as BenchmarkTask, await openEngine(name)));
    return { json: engine === 'all' ? { engines: records } : records[0], text: describe(records) };
  },
});

async function allEngines(): Promise<string[]> {
  const native = availableNativeVariants().map(({ name }) => `native:${name}`);
  const wasm = [...(await availableWasmVariants()).keys()].map((name) => `wasm:${name}`);
  return [...native, ...wasm];
}

function describe(records: readonly BenchmarkRecord[]): string {
  const [{ task, network, rounds, batchSize }] = records;
  const table = formatTable(
    [
      { title: 'engine', align: 'left' },
      { title: 'numerics', align: 'left' },
      { title: 'samples/s' },
      { title: 'slowest–fastest' },
      { title: 'GFLOP/s' },
      { title: 'peak' },
      { title: 'of peak' },
    ],
    records.map((record) => [
      `${record.engine}:${record.variant}`,
      record.numerics,
      formatCount(record.samplesPerSecond),
      record.samplesPerSecondRange.map(formatCount).join('–'),
      record.gflops.toFixed(1),
      record.peakGflops.toFixed(1),
      formatShare(record.fractionOfPeak),
    ]),
  );
  return `${task}, ${network} network, batches of ${batchSize}, one core, medians of ${rounds}\n\n${table}`;
}
