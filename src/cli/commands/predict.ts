import { PICTURE_ENDINGS } from '../../charts/encode-picture.ts';
import { EvopatchError } from '../../core/errors.ts';
import { BAD_IMAGE_POLICIES } from '../../data/load-options.ts';
import { singleNetwork } from '../../ensemble/ensemble.ts';
import { PICTURE_FORMAT_NAMES } from '../../images/picture-formats.ts';
import type { FaceSearch } from '../../landmarks/face-search.ts';
import { guidedBackpropagation } from '../../prediction/guided-view.ts';
import { loadModel } from '../../prediction/load-model.ts';
import { LiveLines } from '../../summary/live-lines.ts';
import { DATA_OPTIONS, defineCommand, ENGINE_OPTION } from '../command.ts';
import { DRAWINGS } from '../output-forms.ts';
import { findPictures, planDrawings } from '../photo-files.ts';
import { predictPictures } from '../predict-pictures.ts';
import { animationToJson, describeAnimation, describePhoto, photoToJson } from '../predicted-photo.ts';
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
    'Finds every face of some photos and names its expression, or whatever classes the model has, with the probability ' +
    'of each. --draw shows box, nose and the patches that the model looks at. The photos of a folder, by name, and the ' +
    'pictures of an animation are the frames of a stream for --every and --smoothing. Of an animated PNG only the first ' +
    'picture is read.',
  operand: {
    name: 'PHOTO…',
    input: 'pictures',
    description: `Files of ${PICTURE_FORMAT_NAMES}, or folders of them.`,
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
      description: 'A further model, of gender or whatever else, that reads the same faces.',
    },
    draw: {
      kind: 'text',
      placeholder: 'FILE',
      output: DRAWINGS,
      description:
        'Draw what was found into this .png, .jpg or .webp, that of an animation into this .webp, .gif or .png with the ' +
        'same times; for several photos or a folder, into this folder. It replaces an earlier drawing.',
    },
    guided: {
      kind: 'flag',
      description:
        'Draw beside each face what speaks for its label: guided backpropagation, as saliency shows it.',
    },
    faces: DATA_OPTIONS.faces,
    attributes: { kind: 'flag', description: 'Estimate gender and age too.' },
    every: {
      kind: 'integer',
      placeholder: 'N',
      minimum: 1,
      description: 'Search for faces in every n-th frame of a stream and take their places for those between',
      default: '1',
    },
    smoothing: {
      kind: 'integer',
      placeholder: 'N',
      minimum: 1,
      description: 'Frames of a stream that the probabilities of a face are the mean of',
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
    'evopatch predict talk.gif --model best.safetensors --smoothing 10 --guided --draw talk.webp',
    'evopatch predict frames/ --model best.safetensors --gender-model gender.safetensors --times --draw drawn/',
    'evopatch predict *.jpg --model best.safetensors --attributes --on-bad-image skip --draw drawn/',
  ],
  run: async (values, { signal, progress }, paths) => {
    const { draw, attributes, every: everyFrames, smoothing } = values;
    if (values.guided && draw === undefined) {
      const hint = 'Give --draw FILE';
      throw new EvopatchError('INVALID_OPTION', 'this option is for drawings', { option: '--guided', hint });
    }
    const pictures = await findPictures(paths);
    const drawings = draw === undefined ? undefined : await planDrawings(pictures, draw, PICTURE_ENDINGS);
    const model = await loadModel(values.model, { engine: values.engine, faces: values.faces as FaceSearch });
    const guided = values.guided ? guidedBackpropagation(singleNetwork(model, values.model)) : undefined;
    const gender = values['gender-model'];
    const also = gender === undefined ? undefined : await loadModel(gender, { engine: values.engine });

    const line = new LiveLines(progress);
    const skipped: Skipped[] = [];
    const skip = (file: string, cause: unknown) => {
      if (!(cause instanceof EvopatchError) || values['on-bad-image'] !== 'skip') throw cause;
      skipped.push({ file, code: cause.code, message: cause.message });
      line.writeAbove(`skipped: ${cause.message}`);
    };
    const times = new StageTimes();
    const tell = (text: string) => line.draw([text.slice(0, line.width)]);
    const options = { everyFrames, smoothing, attributes, also, guided, signal };
    const sinks = { drawings, times, tell, skip };
    const { photos, animations } = await predictPictures(model, pictures, options, sinks).finally(() =>
      line.clear(),
    );
    if (photos.length + animations.length === 0) {
      const hint = `The first: ${skipped[0].message}`;
      throw new EvopatchError('INVALID_DATA', 'no photo can be read', { given: paths.join(' '), hint });
    }
    const followed = everyFrames !== undefined || smoothing !== undefined;
    const report = {
      model: values.model,
      classes: model.classes,
      photos: photos.map((photo) => photoToJson(photo, followed)),
      ...(animations.length === 0 ? {} : { animations: animations.map(animationToJson) }),
      skipped,
      ...(also === undefined ? {} : { genderModel: gender, genderClasses: also.classes }),
      ...(values.times ? { times: times.summary() } : {}),
    };
    const faceless = [...photos, ...animations.flatMap(({ frames }) => frames)].every(
      ({ faces }) => faces.length === 0,
    );
    const text = [
      ...photos.map((photo) => describePhoto(photo, followed)),
      ...animations.map(describeAnimation),
      ...(skipped.length > 0 ? [`skipped: ${skipped.length} of ${pictures.files.length} photos`] : []),
      ...(faceless ? ["'--faces ssd' finds more faces; '--faces crop' takes a picture for one face."] : []),
      ...(values.times ? [times.describe()] : []),
    ];
    return { json: report, text: text.join('\n') };
  },
});
