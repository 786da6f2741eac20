import { extname } from 'node:path';
import { EvopatchError } from '../../core/errors.ts';
import { singleNetwork } from '../../ensemble/ensemble.ts';
import { openImage } from '../../images/open-image.ts';
import { PICTURE_FORMAT_NAMES } from '../../images/picture-formats.ts';
import type { FaceSearch } from '../../landmarks/face-search.ts';
import { renderFrame } from '../../landmarks/frame.ts';
import { loadModel } from '../../prediction/load-model.ts';
import { formatCount } from '../../summary/format.ts';
import { type CommandContext, type CommandResult, defineCommand } from '../command.ts';
import type { ClassSaliencyAnswer, ExplainedFace, PhotoSaliencyAnswer } from '../maps/saliency-answers.ts';
import { checkMaps, describeCheck, explainClasses } from '../maps/saliency-classes.ts';
import { describeFace, explainFace } from '../maps/saliency-faces.ts';
import {
  checkMapOptions,
  explainedOf,
  SALIENCY_OPTIONS,
  type SaliencyValues,
} from '../maps/saliency-options.ts';
import { classesWithoutFaces, describeWithoutFaces, loadModelFaces } from '../models/model-faces.ts';
import { DrawingNames } from '../outputs/drawing-names.ts';
import { SALIENCY_FORMS } from '../outputs/output-forms.ts';
import { findPhotos, planDrawings } from '../prediction/photo-files.ts';

const DEFAULT_CHECKED_FACES = 64;

export const saliencyCommand = defineCommand({
  name: 'saliency',
  summary: 'Show which pixels support the prediction of a model',
  description:
    'Explains the predictions of a model for the faces of photos, or of a data set, by its gradients. For each face, a ' +
    'picture shows the map of each method: orange pixels raise the explained number when they get brighter (gradient) or ' +
    'raise it on this face (integrated), blue ones lower it. For a data set, a sheet shows the mean absolute map of each ' +
    'class; --face explains one face of it. Maps can look convincing and yet say nothing about the model: run --check ' +
    "first. The bright parts should agree with those that 'regions' finds by hiding parts of the face.",
  operand: {
    name: 'PHOTO…',
    input: 'pictures',
    description: `Files of ${PICTURE_FORMAT_NAMES}, or folders of them.`,
    optional: true,
  },
  options: SALIENCY_OPTIONS,
  examples: [
    'evopatch saliency photo.jpg --model runs/first/models/best.safetensors --out why.png',
    'evopatch saliency --model best.safetensors --data synthetic:700 --check',
    'evopatch saliency --model best.safetensors --data fer2013.csv.gz --method all --out classes.png',
    'evopatch saliency --model best.safetensors --data synthetic:700 --face 12 --class happy --out why.png',
  ],
  run: async (values, context, paths) => {
    const { data, check, out, face } = values;
    const refuse = (option: string, problem: string, hint: string) => {
      throw new EvopatchError('INVALID_OPTION', problem, { option, hint });
    };
    if ((data === undefined) === (paths.length === 0)) {
      refuse('--data', 'give either photos or data', 'Give a PHOTO, or --data PATH');
    }
    if (data === undefined) {
      for (const name of ['check', 'face', 'limit', 'split', 'points'] as const) {
        const given = values[name] !== undefined && values[name] !== false;
        if (given)
          refuse(
            `--${name}`,
            'this option only works with labelled faces',
            'Give --data PATH instead of photos',
          );
      }
      return explainPhotos(values, context, paths);
    }
    if (check && face !== undefined) {
      refuse('--check', 'the check needs more than one face', 'Leave out --face');
    }
    const single = face !== undefined;
    const faces = await loadModelFaces({ ...values, data }, context, ({ network, classes }) => {
      const explained = explainedOf(values, classes, single ? 'predicted' : 'true');
      if (!single) refuseOneClass(explained, values);
      checkMapOptions(network, values, single || check ? 'all' : 'guided');
    });
    const { model, dataset } = faces;
    if (face !== undefined) {
      if (face >= dataset.count) {
        refuse('--face', 'there is no such face', `Give a number from 0 to ${dataset.count - 1}`);
      }
      const explained = explainedOf(values, model.classes, 'predicted');
      const options = { values, explained, signal: context.signal };
      const found = await explainFace(model.network, dataset, face, options, out);
      return {
        json: { model: values.model, data: dataset.name, face, ...found },
        text: `face ${face} of ${dataset.name}: ${describeFace(found)}`,
      };
    }
    return explainSet({ ...faces }, values, context);
  },
});

function refuseOneClass(
  explained: ReturnType<typeof explainedOf>,
  values: SaliencyValues,
): 'predicted' | 'true' {
  if (typeof explained !== 'number') return explained;
  const hint = "Give 'true' or 'predicted', or one face with --face N";
  const problem = 'the means of classes explain the true or the predicted class';
  throw new EvopatchError('INVALID_OPTION', problem, { option: '--class', given: values.class, hint });
}

/** Makes the means of classes, the check, or both. */
async function explainSet(
  { model, dataset, split, indices: all }: Awaited<ReturnType<typeof loadModelFaces>>,
  values: SaliencyValues,
  context: CommandContext,
): Promise<CommandResult<ClassSaliencyAnswer>> {
  const { check, limit, out } = values;
  const explained = refuseOneClass(explainedOf(values, model.classes, 'true'), values);
  const checked = check
    ? await checkMaps(
        { model, dataset, indices: all.subarray(0, limit ?? DEFAULT_CHECKED_FACES) },
        values,
        context,
      )
    : undefined;
  const indices = all.subarray(0, limit);
  const means =
    check && out === undefined
      ? undefined
      : await explainClasses({ model, dataset, indices }, values, explained, context);
  return {
    json: {
      model: values.model,
      dataset: { name: dataset.name, hash: dataset.hash, align: dataset.align },
      split,
      samples: indices.length,
      ...(checked === undefined ? {} : { check: checked }),
      ...(means === undefined ? {} : { explained, methods: means }),
      ...(out === undefined ? {} : { picture: out }),
    },
    text: [
      ...(checked === undefined ? [] : [describeCheck(checked)]),
      ...(means === undefined
        ? []
        : [
            `${formatCount(indices.length)} faces (${split}): ${means.map(({ method }) => method).join(', ')}`,
            ...describeWithoutFaces(classesWithoutFaces({ dataset, indices })),
          ]),
      ...(out === undefined ? [] : [`picture: ${out}`]),
    ].join('\n'),
  };
}

async function explainPhotos(
  values: SaliencyValues,
  { signal }: CommandContext,
  paths: readonly string[],
): Promise<CommandResult<PhotoSaliencyAnswer>> {
  const photos = await findPhotos(paths);
  const model = singleNetwork(
    await loadModel(values.model, { engine: values.engine, faces: values.faces as FaceSearch }),
    values.model,
  );
  const explained = explainedOf(values, model.classes, 'predicted');
  if (explained === 'true') {
    const hint = "Give 'predicted' or a class";
    const problem = 'the true class of a photo is unknown';
    throw new EvopatchError('INVALID_OPTION', problem, { option: '--class', given: explained, hint });
  }
  const drawings =
    values.out === undefined ? undefined : await planDrawings(photos, values.out, ['png', 'svg']);
  const { frame, classes } = model;
  const names = new DrawingNames(SALIENCY_FORMS, [...photos.files, ...(drawings?.values() ?? [])]);
  const found: { file: string; faces: ExplainedFace[] }[] = [];
  for (const file of photos.files) {
    const { photo, grey } = await openImage(file);
    const faces: ExplainedFace[] = [];
    for (const { similarity } of await model.predictFaces(photo, { signal })) {
      const one = { frames: renderFrame(grey, similarity, frame), labels: new Uint8Array(1), frame, classes };
      const drawing = drawings?.get(file);
      const own =
        drawing && faces.length > 0 ? await names.take(...split(drawing), faces.length + 1) : drawing;
      faces.push(await explainFace(model.network, one, 0, { values, explained, signal }, own));
    }
    found.push({ file, faces });
  }
  const describe = ({ file, faces }: (typeof found)[number]) =>
    faces.length === 0
      ? `${file}: no face found`
      : faces.map((face, index) => `${file}, face ${index + 1}: ${describeFace(face)}`).join('\n');
  return {
    json: { model: values.model, classes, photos: found },
    text: found.map(describe).join('\n'),
  };
}

/** Splits the name of a file before its ending. */
function split(file: string): [string, string] {
  const ending = extname(file);
  return [file.slice(0, file.length - ending.length), ending];
}
