import { defaultCacheFolder } from '../../core/cache-folder.ts';
import { EvopatchError } from '../../core/errors.ts';
import { openTeacher } from '../../distillation/open-teacher.ts';
import {
  type DistillationResult,
  divideForDistillation,
  searchDistillation,
} from '../../distillation/search-distillation.ts';
import { inlineEvaluator } from '../../fitness/inline-evaluator.ts';
import { PoolEvaluator } from '../../fitness/pool-evaluator.ts';
import { type GreyLevels, withLevels } from '../../network/levels.ts';
import { openEngine } from '../../nn/engine.ts';
import { formatCount, formatShare } from '../../summary/format.ts';
import { LiveLines } from '../../summary/live-lines.ts';
import { formatTable } from '../../summary/table.ts';
import { zooNetwork } from '../../zoo/zoo.ts';
import { DATA_OPTIONS, defineCommand } from '../command.ts';
import { loadData } from '../data/load-data.ts';
import { ENGINE_OPTION, TEACHER_OPTIONS } from '../options/shared-options.ts';
import { LEVELS_OPTION } from '../options/train-options.ts';

export const distillCommand = defineCommand({
  name: 'distill',
  summary: 'Find the best temperature and mixing for a teacher',
  description:
    'Trains a network with a teacher at each temperature and mixing of a grid, and once without a teacher, on a part of the ' +
    "training rows, and measures it on the others. Use the best setting with 'evopatch train --teacher'.",
  options: {
    teacher: { ...TEACHER_OPTIONS.teacher, required: true },
    network: {
      kind: 'text',
      placeholder: 'NAME',
      description: "The student, a network of the literature as in 'evopatch train'.",
      required: true,
    },
    levels: LEVELS_OPTION,
    ...DATA_OPTIONS,
    data: { ...DATA_OPTIONS.data, required: true },
    temperatures: {
      kind: 'text',
      placeholder: 'LIST',
      description: 'Comma-separated temperatures.',
      default: '1,2,4,8,16',
    },
    mixings: {
      kind: 'text',
      placeholder: 'LIST',
      description: "Comma-separated shares of the teacher's part of the loss.",
      default: '0.3,0.5,0.7,0.9',
    },
    squared: TEACHER_OPTIONS.squared,
    epochs: {
      kind: 'integer',
      placeholder: 'N',
      minimum: 1,
      maximum: 10_000,
      description: 'Passes over the training rows',
      default: '10',
    },
    seeds: {
      kind: 'integer',
      placeholder: 'N',
      minimum: 1,
      maximum: 100,
      description: 'Trainings per setting, from different seeds; their means are shown',
      default: '1',
    },
    seed: {
      kind: 'text',
      placeholder: 'TEXT',
      description: 'Seed of all random numbers; equal seeds give equal results.',
      default: 'evopatch',
    },
    workers: {
      kind: 'integer',
      placeholder: 'N',
      minimum: 0,
      maximum: 1024,
      description: 'Threads that train; the result does not depend on their number',
      default: '1',
    },
    engine: ENGINE_OPTION,
  },
  examples: [
    'evopatch distill --teacher front.safetensors --network microExpNet --levels normalized --data fer2013.csv.gz',
    'evopatch distill --teacher a.safetensors --network tinyXception --data photos/ --temperatures 2,4 --squared',
  ],
  run: async (values, context) => {
    const { squared, seeds, seed, workers = 1, epochs } = values;
    const temperatures = numbersOf('temperatures', values.temperatures);
    const mixings = numbersOf('mixings', values.mixings);
    zooNetwork(values.network); // a mistake shows before a long loading
    const dataset = await loadData(values, context);
    divideForDistillation(dataset, seed); // too few faces show before the teacher is asked
    const published = zooNetwork(values.network, { classes: dataset.classes.length, frame: dataset.frame });
    const spec = withLevels(published, values.levels as GreyLevels | undefined);
    const engine = await openEngine(values.engine);
    const { cache = defaultCacheFolder() } = values;
    const kept = cache === 'none' ? undefined : cache;
    const teacher = await openTeacher({ file: values.teacher, squared }, dataset, engine, kept);
    const limits = { timeoutSeconds: 24 * 3600, retries: 2 };
    const evaluator =
      workers === 0
        ? inlineEvaluator(dataset, engine)
        : new PoolEvaluator({ dataset, engine: `${engine.name}:${engine.variant}`, workers, ...limits });
    const line = new LiveLines(context.progress);
    const onTrained = (done: number, total: number) =>
      line.draw([`${done} of ${total} students trained`.slice(0, line.width)]);
    const config = epochs === undefined ? {} : { epochs };
    const asked = { spec, dataset, teacher, evaluator, temperatures, mixings, seeds, seed, config };
    try {
      const result = await searchDistillation({ ...asked, signal: context.signal, onTrained });
      return { json: { network: spec.name, squared, ...result }, text: describe(result) };
    } finally {
      line.clear();
      await evaluator.close();
    }
  },
});

function numbersOf(name: string, given: string | undefined): number[] | undefined {
  const numbers = given?.split(',').map((text) => (text.trim() === '' ? Number.NaN : Number(text)));
  if (numbers === undefined || numbers.every((number) => number > 0 && Number.isFinite(number)))
    return numbers;
  const problem = 'must be numbers above 0 with commas between';
  throw new EvopatchError('INVALID_OPTION', problem, { option: `--${name}`, given });
}

function describe({ alone, cells, batchSize, training, measured }: DistillationResult): string {
  const table = formatTable(
    [{ title: 'temperature' }, { title: 'mixing' }, { title: 'accuracy' }, { title: 'loss' }],
    [...cells, alone].map(({ temperature, mixing, accuracy, loss }) => [
      mixing === 0 ? '–' : `${temperature}`,
      `${mixing}`,
      formatShare(accuracy),
      loss.toFixed(3),
    ]),
  );
  const [best] = cells;
  const points = 100 * (best.accuracy - alone.accuracy);
  return [
    table,
    '',
    `The best, temperature ${best.temperature} and mixing ${best.mixing}, is ${Math.abs(points).toFixed(1)} points ` +
      `${points < 0 ? 'below' : 'above'} the labels alone (mixing 0).`,
    `Trained on ${formatCount(training)} of the training rows, in batches of ${batchSize}, measured on the other ${formatCount(measured)}, which also ` +
      'picked it: the figure flatters it a little.',
  ].join('\n');
}
