import { writeFileAtomic } from '../../core/atomic-file.ts';
import { EvopatchError } from '../../core/errors.ts';
import { BAD_IMAGE_POLICIES } from '../../data/load-options.ts';
import type { FaceSearch } from '../../landmarks/face-search.ts';
import { drawPredictions } from '../../prediction/drawing/draw-predictions.ts';
import { loadModel } from '../../prediction/load-model.ts';
import { formatCount } from '../../summary/format.ts';
import { LiveLines } from '../../summary/live-lines.ts';
import { DATA_OPTIONS, defineCommand, ENGINE_OPTION } from '../command.ts';
import { findPhotos, planDrawings } from '../photo-files.ts';
import { predictFiles } from '../predict-files.ts';
import { describePhoto, type PredictedPhoto, photoToJson } from '../predicted-photo.ts';
import { StageTimes } from '../stage-times.ts';

/** A photo that could not be read. */
interface Skipped {
  readonly file: string;
  readonly code: string;
  readonly message: string;
}

export const predictCommand = defineCommand({
  name: 'predict',
  summary: 'Name the expressions of the faces on photos',
  description:
    'Finds every face of some photos and names its expression, with the probability of each class. --draw shows box, ' +
    'nose and the patches that the model looks at. The photos of a folder, by name, are the frames of a stream for ' +
    '--every and --smoothing.',
  operand: { name: 'PHOTO…', description: 'PNG, JPEG or WebP files, or folders of them.' },
  options: {
    model: { kind: 'text', placeholder: 'FILE', description: 'A model that evolve saved.', required: true },
    'gender-model': {
      kind: 'text',
      placeholder: 'FILE',
      description: 'A further model, of gender or whatever else, that reads the same faces.',
    },
    draw: {
      kind: 'text',
      placeholder: 'PNG',
      description: 'Draw what was found into this file; for several photos or a folder, into this folder.',
    },
    faces: DATA_OPTIONS.faces,
    attributes: { kind: 'flag', description: 'Estimate gender and age too.' },
    every: {
      kind: 'integer',
      placeholder: 'N',
      minimum: 1,
      description: 'Search for faces in every n-th frame of a folder and take their places for those between',
      default: '1',
    },
    smoothing: {
      kind: 'integer',
      placeholder: 'N',
      minimum: 1,
      description: 'Frames of a folder that the probabilities of a face are the mean of',
      default: '1',
    },
    times: { kind: 'flag', description: 'Tell the frames a second and how long each stage took.' },
    'on-bad-image': {
      kind: 'text',
      placeholder: 'ACT',
      choices: BAD_IMAGE_POLICIES,
      description: "What a photo that cannot be read does: 'stop', or 'skip' it.",
      default: 'stop',
    },
    engine: ENGINE_OPTION,
  },
  examples: [
    'evopatch predict group.jpg --model runs/first/models/best.safetensors --draw group.png',
    'evopatch predict frames/ --model best.safetensors --every 5 --smoothing 10 --json',
    'evopatch predict frames/ --model best.safetensors --gender-model gender.safetensors --times --draw drawn/',
    'evopatch predict *.jpg --model best.safetensors --attributes --on-bad-image skip --draw drawn/',
  ],
  run: async (values, { signal, progress }, paths) => {
    const { draw, attributes, every: everyFrames, smoothing } = values;
    const photos = await findPhotos(paths);
    const model = await loadModel(values.model, { engine: values.engine, faces: values.faces as FaceSearch });
    const gender = values['gender-model'];
    const also = gender === undefined ? undefined : await loadModel(gender, { engine: values.engine });
    const drawings = draw === undefined ? undefined : await planDrawings(photos, draw);

    const line = new LiveLines(progress);
    const skipped: Skipped[] = [];
    const skip = (file: string, cause: unknown) => {
      if (!(cause instanceof EvopatchError) || values['on-bad-image'] !== 'skip') throw cause;
      skipped.push({ file, code: cause.code, message: cause.message });
      line.writeAbove(`skipped: ${cause.message}`);
    };
    const predicted: PredictedPhoto[] = [];
    const options = { everyFrames, smoothing, attributes, also, signal };
    const times = new StageTimes();
    try {
      for await (const frame of predictFiles(model, photos.files, options, skip)) {
        const { file, photo, faces } = frame;
        const drawing = drawings?.get(file);
        const start = performance.now();
        if (drawing !== undefined) await writeFileAtomic(drawing, drawPredictions(photo, faces));
        times.add(frame, performance.now() - start);
        predicted.push({ file, width: photo.width, height: photo.height, faces, drawing });
        const text = `${formatCount(predicted.length)} of ${formatCount(photos.files.length)} photos`;
        line.draw([text.slice(0, line.width)]);
      }
    } finally {
      line.clear();
    }
    if (predicted.length === 0) {
      const hint = `The first: ${skipped[0].message}`;
      throw new EvopatchError('INVALID_DATA', 'no photo can be read', { given: paths.join(' '), hint });
    }
    const followed = everyFrames !== undefined || smoothing !== undefined;
    const report = {
      model: values.model,
      classes: model.classes,
      photos: predicted.map((photo) => photoToJson(photo, followed)),
      skipped,
      ...(also === undefined ? {} : { genderModel: gender, genderClasses: also.classes }),
      ...(values.times ? { times: times.summary() } : {}),
    };
    const text = describe(predicted, skipped, followed);
    return { json: report, text: values.times ? `${text}\n${times.describe()}` : text };
  },
});

function describe(photos: readonly PredictedPhoto[], skipped: readonly Skipped[], followed: boolean): string {
  const faceless = photos.every(({ faces }) => faces.length === 0);
  return [
    ...photos.map((photo) => describePhoto(photo, followed)),
    ...(skipped.length > 0 ? [`skipped: ${skipped.length} of ${photos.length + skipped.length} photos`] : []),
    ...(faceless ? ["'--faces ssd' finds more faces; '--faces crop' takes a picture for one face."] : []),
  ].join('\n');
}
