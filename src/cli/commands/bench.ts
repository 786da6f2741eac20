import { type BenchmarkRecord, type BenchmarkTask, benchmark } from '../../bench/benchmark.ts';
import { EvopatchError } from '../../core/errors.ts';
import { openEngine } from '../../nn/engine.ts';
import { availableNativeVariants } from '../../nn/native-engine.ts';
import { availableWasmVariants } from '../../nn/wasm-kernels.ts';
import { formatCount, formatShare } from '../../summary/format.ts';
import { formatTable } from '../../summary/table.ts';
import { benchKernels, KERNELS_NETWORKS } from '../bench/bench-kernels.ts';
import { benchPipeline } from '../bench/bench-pipeline.ts';
import { benchRungs, RUNGS_DATA, RUNGS_NETWORKS } from '../bench/bench-rungs.ts';
import { DATA_OPTIONS, defineCommand } from '../command.ts';
import { ENGINE_OPTION } from '../options/shared-options.ts';

const TASKS = ['train', 'infer', 'kernels', 'pipeline', 'rungs'];

/** Options that only one task takes. */
const OWN_OPTIONS = {
  kernels: ['network'],
  pipeline: ['model', 'photo'],
  rungs: [...Object.keys(DATA_OPTIONS), 'networks', 'seeds', 'workers'],
} as const satisfies Record<string, readonly string[]>;

export const benchCommand = defineCommand({
  name: 'bench',
  summary: 'Measure the speed of training, prediction and photos on one core',
  description:
    "'train' and 'infer' measure the reference network (four patches of 16×16, 160,071 parameters, batches of 64) on one " +
    "core, and in turns the peak of the engine's multiply-adds in registers: a fraction of 1 would waste nothing. For " +
    'WebAssembly it is the peak of its own 128-bit vectors. A training step counts as three forward passes. ' +
    "'infer' also measures the time for one face alone. " +
    "'kernels' measures each kernel of the training steps of several networks: its operations and memory traffic, its time, and " +
    'how far it is from what the core can do (the roofline: multiply-adds in registers, or the traffic of arrays of its size). ' +
    "'pipeline' measures each stage from a photo, scaled to 640 pixels, to the expression of its face. " +
    "'rungs' measures how well the short trainings of a search predict the whole one: the rank correlation of the losses, " +
    'for random layouts and for mutations of one layout.',
  operand: {
    name: 'TASK',
    description: "'train', 'infer', 'kernels', 'pipeline' or 'rungs'.",
    choices: TASKS,
  },
  options: {
    engine: {
      ...ENGINE_OPTION,
      description: `${ENGINE_OPTION.description} 'all' compares all of them.`,
      default: "all; for 'kernels' and 'rungs' auto",
      check: async (name) => {
        if (name !== 'all') await ENGINE_OPTION.check(name);
      },
    },
    network: {
      kind: 'text',
      placeholder: 'NAME',
      choices: KERNELS_NETWORKS,
      description: `One of ${KERNELS_NETWORKS.join(', ')}: evolved patches, those of 'train', the literature, the whole face.`,
      default: 'all of them',
    },
    model: {
      kind: 'text',
      placeholder: 'FILE',
      input: 'file',
      description: 'A model that evolve saved.',
      default: 'a hand-made network with random weights',
    },
    photo: {
      kind: 'text',
      placeholder: 'FILE',
      input: 'file',
      description: 'A photo with one face.',
      default: 'one that comes with face-api',
    },
    ...DATA_OPTIONS,
    data: { ...DATA_OPTIONS.data, default: `${RUNGS_DATA}, about a minute on two cores` },
    networks: {
      kind: 'integer',
      placeholder: 'N',
      minimum: 3,
      maximum: 10_000,
      description: 'Networks per kind and seed',
      default: `${RUNGS_NETWORKS}`,
    },
    seeds: {
      kind: 'text',
      placeholder: 'LIST',
      description: 'Comma-separated seeds; for several, means and ranges are shown.',
      default: 'a',
    },
    workers: {
      kind: 'integer',
      placeholder: 'N',
      minimum: 0,
      maximum: 1024,
      description: 'Threads that search for landmarks and train',
      default: 'one per core',
    },
  },
  headings: {
    "For 'kernels'": OWN_OPTIONS.kernels,
    "For 'pipeline'": OWN_OPTIONS.pipeline,
    "For 'rungs'": OWN_OPTIONS.rungs,
  },
  examples: [
    'evopatch bench train',
    'evopatch bench infer --engine wasm',
    'evopatch bench train --engine native:avx2 --json',
    'evopatch bench kernels --network evolved',
    'evopatch bench pipeline --model runs/first/models/best.safetensors',
    'evopatch bench rungs --seeds a,b,c',
    'evopatch bench rungs --data fer2013.csv.gz --networks 16',
  ],
  run: async (values, context, [task]) => {
    refuseForeignOptions(task, values);
    if (task === 'rungs') return benchRungs(values, context);
    const { engine = task === 'kernels' ? 'auto' : 'all', network, model, photo } = values;
    const names = engine === 'all' ? await allEngines() : [engine];
    if (task === 'kernels') return benchKernels(names, network);
    if (task === 'pipeline') return benchPipeline(names, model, photo);
    const records: BenchmarkRecord[] = [];
    for (const name of names) records.push(benchmark(task as BenchmarkTask, await openEngine(name)));
    return { json: engine === 'all' ? { engines: records } : records[0], text: describe(records) };
  },
});

/** @throws EvopatchError `INVALID_OPTION` for an option of another task. */
function refuseForeignOptions(task: string, values: Readonly<Record<string, unknown>>): void {
  for (const [owner, options] of Object.entries(OWN_OPTIONS)) {
    const foreign = options.find((option) => owner !== task && values[option] !== undefined);
    if (foreign === undefined) continue;
    const data = { option: `--${foreign}`, given: values[foreign], hint: `Use 'evopatch bench ${owner}'` };
    throw new EvopatchError('INVALID_OPTION', `only '${owner}' takes this option`, data);
  }
}

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
      ...(task === 'infer' ? [{ title: 'one face' }] : []),
    ],
    records.map((record) => [
      `${record.engine}:${record.variant}`,
      record.numerics,
      formatCount(record.samplesPerSecond),
      record.samplesPerSecondRange.map(formatCount).join('–'),
      record.gflops.toFixed(1),
      record.peakGflops.toFixed(1),
      formatShare(record.fractionOfPeak),
      ...(record.oneFace ? [`${record.oneFace.milliseconds.toFixed(3)} ms`] : []),
    ]),
  );
  return `${task}, ${network} network, batches of ${batchSize}, one core, medians of ${rounds}\n\n${table}`;
}
