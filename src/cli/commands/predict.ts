import { PICTURE_ENDINGS } from '../../charts/encode-picture.ts';
import { writeFileAtomic } from '../../core/atomic-file.ts';
import { EvopatchError } from '../../core/errors.ts';
import { escapeLines } from '../../core/escape-controls.ts';
import { BAD_IMAGE_POLICIES } from '../../data/load-options.ts';
import { singleNetwork } from '../../ensemble/ensemble.ts';
import { PICTURE_FORMAT_NAMES } from '../../images/picture-formats.ts';
import type { FaceSearch } from '../../landmarks/face-search.ts';
import { guidedBackpropagation } from '../../prediction/guided-view.ts';
import { loadModel } from '../../prediction/load-model.ts';
import { formatCount } from '../../summary/format.ts';
import { LiveLines } from '../../summary/live-lines.ts';
import { DATA_OPTIONS, defineCommand } from '../command.ts';
import { ENGINE_OPTION } from '../options/shared-options.ts';
import { DRAWINGS, PREDICTIONS } from '../outputs/output-forms.ts';
import { findPictures, planDrawings } from '../prediction/photo-files.ts';
import { type CsvColumns, csvHeader, csvLines } from '../prediction/predict-csv.ts';
import { predictPictures } from '../prediction/predict-pictures.ts';
import {
  animationToJson,
  describeAnimation,
  describePhoto,
  type FailedPicture,
  facelessHint,
  type PictureResult,
  type PredictedAnimationJson,
  type PredictedPhotoJson,
  photoToJson,
} from '../prediction/predicted-photo.ts';
import { counted, describeCounts, NO_COUNTS } from '../prediction/prediction-counts.ts';
import { StageTimes } from '../prediction/stage-times.ts';

export const predictCommand = defineCommand({
  name: 'predict',
  summary: 'Recognise the expressions of the faces on photos',
  description:
    'Finds every face on photos and predicts its expression, or the class of the model, with the probability of each class. ' +
    'Prints each photo when it is done; reports photos that cannot be read, and continues. When interrupted, it keeps what ' +
    'is done. --draw shows box, nose and the patches that the model reads. The photos of a folder, by name, and the pictures ' +
    'of an animation are the frames of a stream for --every and --smoothing. Only the first picture of an animated PNG is ' +
    'read. Each row of a csv of pixels, with or without labels, is a face, named FILE:ROW.',
  operand: {
    name: 'PHOTO…',
    input: 'pictures',
    description: `Files of ${PICTURE_FORMAT_NAMES}, folders of them, including sub-folders, or csvs of pixels.`,
  },
  options: {
    model: {
      kind: 'text',
      placeholder: 'FILE',
      input: 'file',
      description: 'A model that evolve saved.',
      required: true,
    },
    'gender-model': {
      kind: 'text',
      placeholder: 'FILE',
      input: 'file',
      description: 'A second model, of gender or anything else, that reads the same faces.',
    },
    draw: {
      kind: 'text',
      placeholder: 'FILE',
      output: DRAWINGS,
      description:
        'Draw the faces and predictions into this .png, .jpg or .webp; for an animation into this .webp, .gif or .png with the ' +
        'same times; for several photos or a folder, into this folder. It replaces an earlier drawing.',
    },
    csv: {
      kind: 'text',
      placeholder: 'FILE',
      output: PREDICTIONS,
      description:
        'Write a csv with a line for each face, each photo without a face, and each photo that cannot be read. It replaces an ' +
        "earlier csv of predictions; '-' prints it instead of the text.",
    },
    guided: {
      kind: 'flag',
      description:
        'Draw beside each face the pixels that support its label, by guided backpropagation as in saliency.',
    },
    faces: {
      ...DATA_OPTIONS.faces,
      description:
        "How faces are found: 'crop' treats a picture as one face; 'tiny' and 'ssd' (slower, finds more) look for " +
        "faces in photos; 'all' looks for small faces too (some seconds per photo); 'auto' is 'crop' up to 128 pixels, 'all' for " +
        "photos, and 'tiny' for animations, --every and --smoothing.",
    },
    attributes: {
      kind: 'flag',
      description:
        'Also estimate gender and age, by a network of face-api whose error rates are unknown here.',
    },
    every: {
      kind: 'integer',
      placeholder: 'N',
      minimum: 1,
      description: 'Search for faces in every Nth frame of a stream; the frames between keep their positions',
      default: '1',
    },
    smoothing: {
      kind: 'integer',
      placeholder: 'N',
      minimum: 1,
      description: 'Average the probabilities of a face over N frames of a stream',
      default: '1',
    },
    times: { kind: 'flag', description: 'Show the frames per second and the time of each stage.' },
    'on-bad-image': {
      kind: 'text',
      placeholder: 'ACTION',
      choices: BAD_IMAGE_POLICIES,
      description:
        "What to do with a photo that cannot be read: 'stop' ends the command, 'skip' does not count it as a failure.",
      default: 'continue, with exit code 1 at the end',
    },
    engine: ENGINE_OPTION,
  },
  examples: [
    'evopatch predict group.jpg --model runs/first/models/best.safetensors --draw group.png',
    'evopatch predict frames/ --model best.safetensors --every 5 --smoothing 10 --json',
    'evopatch predict talk.gif --model best.safetensors --smoothing 10 --guided --draw talk.webp',
    'evopatch predict frames/ --model best.safetensors --gender-model gender.safetensors --times --draw drawn/',
    'evopatch predict album/ --model best.safetensors --csv faces.csv',
    'evopatch predict test.csv.gz --model best.safetensors --csv predictions.csv',
    'evopatch predict *.jpg --model best.safetensors --attributes --on-bad-image skip --draw drawn/',
  ],
  streams: ({ draw, csv }) => draw === undefined && (csv === undefined || csv === '-'),
  run: async (values, { signal, progress, json, print }, paths) => {
    const {
      draw,
      csv,
      attributes,
      every: everyFrames,
      smoothing,
      faces,
      'on-bad-image': onBadImage,
    } = values;
    if (values.guided && draw === undefined) {
      const hint = 'Give --draw FILE';
      throw new EvopatchError('INVALID_OPTION', 'this option only works with --draw', {
        option: '--guided',
        hint,
      });
    }
    if (csv === '-' && json) {
      const hint = 'Give --csv a file, or leave --json out';
      throw new EvopatchError('INVALID_OPTION', 'only one of csv and JSON can be printed', {
        option: '--csv',
        hint,
      });
    }
    const model = await loadModel(values.model, { engine: values.engine, faces: faces as FaceSearch });
    const guided = values.guided ? guidedBackpropagation(singleNetwork(model, values.model)) : undefined;
    const gender = values['gender-model'];
    const also = gender === undefined ? undefined : await loadModel(gender, { engine: values.engine });
    const pictures = await findPictures(paths);
    const hasCsvs = pictures.csvs !== undefined && pictures.csvs.size > 0;
    if (hasCsvs) refuseForCsvs(values);
    const cropModel = hasCsvs
      ? await loadModel(values.model, { engine: values.engine, faces: 'crop' })
      : model;
    const drawings = draw === undefined ? undefined : await planDrawings(pictures, draw, PICTURE_ENDINGS);

    const line = new LiveLines(progress);
    const times = new StageTimes();
    const total = hasCsvs ? undefined : pictures.files.length;
    const [photos, animations]: [PredictedPhotoJson[], PredictedAnimationJson[]] = [[], []];
    const skipped: FailedPicture[] = [];
    let counts = NO_COUNTS;
    let firstCause: EvopatchError | undefined;
    let interrupted = false;

    /** Prints one result, or keeps it for the JSON. */
    const take = (result: PictureResult): void => {
      counts = counted(counts, result);
      if ('error' in result) {
        firstCause ??= result.cause;
        if (onBadImage === 'stop') throw result.cause;
        skipped.push(result.error);
        const { file } = result.error;
        const isAll = counts.pictures === 0 && pictures.files.length === 1 && file === pictures.files[0];
        if (!isAll) line.writeAbove(`skipped: ${result.error.message}`);
      } else if (json) {
        if ('photo' in result) photos.push(photoToJson(result.photo, result.followed));
        else animations.push(animationToJson(result.animation));
      } else if (csv !== '-') {
        line.clear();
        const text =
          'photo' in result
            ? describePhoto(result.photo, result.followed, facelessHint(faces))
            : describeAnimation(result.animation);
        print(escapeLines(text));
      }
      const of = total === undefined ? '' : ` of ${formatCount(total)}`;
      line.draw([`${formatCount(counts.pictures + counts.failed)}${of} photos`]);
    };
    const results = async function* (): AsyncGenerator<PictureResult> {
      const showProgress = (text: string) => line.draw([text.slice(0, line.width)]);
      const options = { everyFrames, smoothing, attributes, also, guided, signal };
      try {
        for await (const result of predictPictures(model, pictures, options, {
          drawings,
          times,
          showProgress,
          cropModel,
        })) {
          take(result);
          yield result;
        }
      } catch (cause) {
        if (!(cause instanceof EvopatchError) || cause.code !== 'ABORTED') throw cause;
        interrupted = true;
      } finally {
        line.clear();
      }
    };
    await writeResults(results(), csv, print, {
      classes: model.classes,
      alsoClasses: also?.classes,
      attributes,
    });

    if (counts.pictures === 0 && firstCause !== undefined && !interrupted) {
      if (counts.failed === 1) throw firstCause;
      const hint = `The first: ${firstCause.message}`;
      throw new EvopatchError('INVALID_DATA', 'no photo can be read', { given: paths.join(' '), hint });
    }
    const summary = [
      ...(total !== 1 || interrupted ? [describeCounts(counts, total)] : []),
      ...(interrupted && total === undefined ? ['interrupted before the end of the csv'] : []),
      ...(values.times ? [times.describe()] : []),
    ];
    if (csv === '-') for (const text of summary) progress.write(`${text}\n`);
    return {
      json: {
        model: values.model,
        classes: model.classes,
        photos,
        ...(animations.length === 0 ? {} : { animations }),
        skipped,
        summary: counts,
        interrupted,
        ...(also === undefined ? {} : { genderModel: gender, genderClasses: also.classes }),
        ...(values.times ? { times: times.summary() } : {}),
      },
      text: csv === '-' ? '' : summary.join('\n'),
      interrupted,
      failed: skipped.length > 0 && onBadImage !== 'skip',
    };
  },
});

/** Refuses options that do not suit the rows of a csv. @throws EvopatchError `INVALID_OPTION` */
function refuseForCsvs(values: Readonly<Record<'draw' | 'every' | 'smoothing', unknown>>): void {
  const isGiven = (name: 'draw' | 'every' | 'smoothing') => values[name] !== undefined;
  const option = (['draw', 'every', 'smoothing'] as const).find(isGiven);
  if (option === undefined) return;
  const hint = 'Leave it out, or predict the csv alone';
  const problem = 'not for a csv of pixels, whose rows are neither photos nor frames of a stream';
  throw new EvopatchError('INVALID_OPTION', problem, { option: `--${option}`, hint });
}

/** Runs through the results and writes them to a csv where one is given; '-' prints it. */
async function writeResults(
  results: AsyncIterable<PictureResult>,
  csv: string | undefined,
  print: (text: string) => void,
  columns: CsvColumns,
): Promise<void> {
  if (csv === undefined) {
    for await (const _ of results); // each is handled in the stream
    return;
  }
  const lines = async function* () {
    yield csvHeader(columns);
    for await (const result of results) yield csvLines(result, columns);
  };
  if (csv !== '-') return await writeFileAtomic(csv, lines());
  for await (const text of lines()) print(text.slice(0, -1));
}
