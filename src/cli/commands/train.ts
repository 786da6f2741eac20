import { join } from 'node:path';
import { proportionInterval } from '../../core/comparison.ts';
import { EvopatchError } from '../../core/errors.ts';
import { readTextFile } from '../../core/read-text.ts';
import { parseStrictJson } from '../../core/strict-json.ts';
import { indicesOf } from '../../data/dataset.ts';
import type { Genome } from '../../genome/genome.ts';
import { parseGenome } from '../../genome/parse-genome.ts';
import { checkTrainOptions } from '../../options/train-options.ts';
import { formatCount, formatInterval, formatMillions, formatShare, sparkline } from '../../summary/format.ts';
import { TrainingProgressLines } from '../../summary/training-progress.ts';
import { trainModel } from '../../training/train-model.ts';
import { MODEL } from '../../training/training-folder.ts';
import { zooNetwork } from '../../zoo/zoo.ts';
import { defineCommand } from '../command.ts';
import { loadData } from '../data/load-data.ts';
import { TRAIN_HEADINGS, TRAIN_OPTIONS, type TrainValues, trainSettings } from '../options/train-options.ts';

const CURVE_WIDTH = 60;

export const trainCommand = defineCommand({
  name: 'train',
  summary: 'Train a network of the literature or of a genome',
  description:
    'Trains a network on the training rows, measures it on the validation rows after each epoch and keeps the most accurate ' +
    'one as model.safetensors. After any interruption, the same command continues after the last finished epoch, to the ' +
    'same model as without the interruption.',
  options: TRAIN_OPTIONS,
  headings: TRAIN_HEADINGS,
  examples: [
    'evopatch train --network tinyXception --data synthetic:700 --epochs 10 --out runs/tiny',
    'evopatch train --network miniXception --data fer2013.csv.gz --epochs 60 --rotation 10 --zoom 0.1 --out runs/mini',
    'evopatch train --genome genome.json --data photos/ --out runs/patches',
  ],
  savesWhenInterrupted: true,
  run: async (values, context) => {
    const settings = trainSettings(values);
    const { config } = checkTrainOptions(settings); // a mistake shows before a long load
    const subject = await subjectOf(values);
    const dataset = await loadData(values, context);
    const lines = new TrainingProgressLines(context.progress);
    const { signal } = context;
    const trained = await trainModel({
      ...settings,
      ...subject,
      dataset,
      signal,
      onProgress: lines.show,
    }).finally(lines.end);
    const { best, epochs, parameters, macs } = trained;
    const model = join(values.out, MODEL);
    const interval95 = proportionInterval(best.validationAccuracy, indicesOf(dataset, 'validation').length);
    const curve = sparkline(
      epochs.map(({ validationAccuracy }) => validationAccuracy),
      CURVE_WIDTH,
    );
    return {
      json: {
        model,
        network: trained.network.spec.name,
        parameters,
        macs,
        config: trained.config,
        best,
        interval95,
        epochs,
      },
      text: [
        `${trained.network.spec.name}: ${formatCount(parameters)} parameters, ${formatMillions(macs)} multiply-accumulates per face`,
        `accuracy ${formatShare(best.validationAccuracy)} (95 %: ${formatInterval(interval95)}) on the validation rows, at ` +
          `the best epoch, ${best.epoch} of ${epochs.length}; loss ${best.validationLoss.toFixed(3)}`,
        ...(trained.config.batchSize < config.batchSize
          ? [
              `batches of ${trained.config.batchSize} instead of ${config.batchSize}, since the training faces do not fill larger ones`,
            ]
          : []),
        `accuracy by epoch: ${curve}`,
        `model: ${model}`,
      ].join('\n'),
    };
  },
});

async function subjectOf({ network, genome }: TrainValues): Promise<{ network?: string; genome?: Genome }> {
  if ((network === undefined) === (genome === undefined)) {
    const hint = 'Give --network NAME or --genome FILE';
    throw new EvopatchError('INVALID_OPTION', 'give exactly one network', { hint });
  }
  if (genome !== undefined) return { genome: await readGenome(genome) };
  zooNetwork(network as string);
  return { network };
}

async function readGenome(file: string): Promise<Genome> {
  const text = await readTextFile(file, { problem: 'cannot read the genome' });
  try {
    return parseGenome(parseStrictJson(text));
  } catch (cause) {
    if (!(cause instanceof EvopatchError)) throw cause;
    throw new EvopatchError('INVALID_GENOME', cause.problem, { ...cause.data, file }, cause);
  }
}
