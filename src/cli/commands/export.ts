import { writeFileAtomic } from '../../core/atomic-file.ts';
import { EvopatchError } from '../../core/errors.ts';
import type { Predictor } from '../../ensemble/ensemble.ts';
import { readModel } from '../../ensemble/ensemble-file.ts';
import { samplesOf } from '../../fitness/evaluate.ts';
import { openEngine } from '../../nn/engine.ts';
import { measure } from '../../nn/measure.ts';
import type { Model } from '../../nn/model.ts';
import { modelToOnnx, ONNX_INPUTS, type OnnxInput } from '../../onnx/model-to-onnx.ts';
import { calibrationFaces, quantizeModel } from '../../onnx/quantize-model.ts';
import { formatCount, formatShare } from '../../summary/format.ts';
import { modelToTfjs } from '../../tfjs/model-to-tfjs.ts';
import { writeTfjs } from '../../tfjs/tfjs-folder.ts';
import type { ExportAnswer, QuantizationAnswer } from '../answers.ts';
import { type CommandContext, DATA_OPTIONS, defineCommand } from '../command.ts';
import { loadPredictorFaces, MODEL_FACES_OPTIONS, type ModelFaces } from '../models/model-faces.ts';
import { ONNX, TFJS_FOLDER } from '../outputs/output-forms.ts';

export const exportCommand = defineCommand({
  name: 'export',
  summary: 'Write a model for other runtimes (ONNX, TensorFlow.js)',
  description:
    'Writes a model or an ensemble as one ONNX file, which onnxruntime and others run on servers, phones and web pages: from ' +
    "grey face frames, 'frames' (N×1×64×64), to 'probabilities' (N×classes), the same as evopatch's own up to rounding; or as a layers " +
    'model of TensorFlow.js (N×64×64×1), which tf.loadLayersModel opens in Node and in pages. Cropping, scaling and ' +
    'mirroring are inside; the metadata hold classes, frame, genome and how the faces were aligned. With --quantize int8 it ' +
    'computes with 8-bit integers: a quarter of the size of the weights. The ranges of the layers are then measured on up to ' +
    '1,000 training faces of --data, and the accuracy with and without integers on --split.',
  options: {
    ...MODEL_FACES_OPTIONS,
    model: { ...MODEL_FACES_OPTIONS.model, description: 'A model or an ensemble that evopatch saved.' },
    onnx: {
      kind: 'text',
      placeholder: 'FILE',
      output: ONNX,
      description: 'The ONNX file to write; it replaces an earlier one of evopatch.',
    },
    tfjs: {
      kind: 'text',
      placeholder: 'DIR',
      output: TFJS_FOLDER,
      description:
        'The folder for a layers model of TensorFlow.js, instead of --onnx: a new one, or one with an earlier export, which it replaces.',
    },
    input: {
      kind: 'text',
      placeholder: 'TYPE',
      choices: ONNX_INPUTS,
      description: 'The type of the grey levels 0 to 255 that the ONNX file reads.',
      default: 'uint8',
    },
    license: {
      kind: 'text',
      placeholder: 'NAME',
      description: "The licence of the model for its metadata, as 'CC-BY-4.0'.",
      default: 'unspecified',
    },
    quantize: {
      kind: 'text',
      placeholder: 'KIND',
      choices: ['int8'],
      description: "The integers to compute with: 'int8'; needs --data.",
      default: 'floats',
    },
    data: DATA_OPTIONS.data,
  },
  headings: {
    'Faces for --quantize': Object.keys(MODEL_FACES_OPTIONS).filter(
      (name) => name !== 'model' && name !== 'engine',
    ),
  },
  examples: [
    'evopatch export --model runs/first/models/best.safetensors --onnx best.onnx',
    'evopatch export --model best.safetensors --tfjs best-tfjs --license CC-BY-4.0',
    'evopatch export --model best.safetensors --onnx small.onnx --quantize int8 --data fer2013.csv.gz --json',
  ],
  run: async (values, context) => {
    checkCombination(values);
    const { model: file, onnx, tfjs, license, data } = values;
    const { model, quantized } =
      data === undefined
        ? { model: await readModel(file, await openEngine(values.engine)), quantized: undefined }
        : await quantizedModel({ ...values, data }, context);
    const { classes, frame } = model;
    const input = onnx === undefined ? 'float32' : ((values.input ?? 'uint8') as OnnxInput);
    const written = {
      format: onnx === undefined ? ('tfjs' as const) : ('onnx' as const),
      file: onnx ?? tfjs ?? '',
      bytes:
        onnx === undefined
          ? await writeTfjs(tfjs ?? '', modelToTfjs(model, { license }))
          : await writeOnnx(onnx, modelToOnnx(model, { input, license })),
    };
    const answer: ExportAnswer = {
      model: file,
      ...written,
      input,
      classes,
      frame,
      ...(quantized && { quantized }),
    };
    const { size } = frame;
    const shape = onnx === undefined ? `N×${size}×${size}×1` : `N×1×${size}×${size}`;
    return {
      json: answer,
      text: [
        `${answer.file}: ${formatCount(Math.ceil(answer.bytes / 1024))} KB`,
        `frames (${input}, ${shape}) to probabilities (float32, N×${classes.length})`,
        ...(quantized ? describe(quantized) : []),
      ].join('\n'),
    };
  },
});

/** @throws EvopatchError `INVALID_OPTION` for options that do not go together */
function checkCombination(
  values: Readonly<Record<'onnx' | 'tfjs' | 'input' | 'quantize' | 'data', string | undefined>>,
): void {
  const { onnx, tfjs, input, quantize, data } = values;
  const refuse = (problem: string, option: string, hint: string): never => {
    throw new EvopatchError('INVALID_OPTION', problem, { option, hint });
  };
  if ((onnx === undefined) === (tfjs === undefined)) {
    refuse('an export writes one form', '--onnx', 'Give either --onnx FILE or --tfjs DIR');
  }
  if (tfjs !== undefined && quantize !== undefined) {
    refuse(
      'TensorFlow.js has no layers of 8-bit integers',
      '--quantize',
      'Give --onnx FILE in place of --tfjs',
    );
  }
  if (tfjs !== undefined && input !== undefined) {
    refuse('a layers model reads float32', '--input', 'Leave it out');
  }
  if (quantize !== undefined && data === undefined) {
    refuse('integers need faces to measure ranges on', '--quantize', 'Give them by --data');
  }
  if (quantize === undefined && data !== undefined) {
    refuse('an export of floats needs no faces', '--data', 'Leave it out, or give --quantize int8');
  }
}

async function writeOnnx(file: string, bytes: Uint8Array): Promise<number> {
  await writeFileAtomic(file, bytes);
  return bytes.length;
}

async function quantizedModel(
  values: Parameters<typeof loadPredictorFaces>[0],
  context: CommandContext,
): Promise<{ readonly model: Model<Predictor>; readonly quantized: QuantizationAnswer }> {
  const faces = await loadPredictorFaces(values, context);
  const calibration = calibrationFaces(faces.dataset);
  const model = quantizeModel(faces.model, faces.dataset, calibration);
  return { model, quantized: compare(faces, model, calibration.length) };
}

/** Measures a model and its quantized form on the same faces. */
function compare(
  { model, dataset, split, indices }: ModelFaces<Predictor>,
  { network }: Model<Predictor>,
  calibrationFaces: number,
): QuantizationAnswer {
  const [floats, integers] = [model.network, network].map((one) =>
    measure(one.predict(samplesOf(dataset), indices), dataset.labels, indices, model.classes.length),
  );
  const same = floats.predictions.filter((label, i) => label === integers.predictions[i]).length;
  return {
    kind: 'int8',
    dataset: { name: dataset.name, hash: dataset.hash, align: dataset.align },
    calibrationFaces,
    split,
    samples: indices.length,
    accuracyBefore: floats.accuracy,
    accuracyAfter: integers.accuracy,
    sameLabels: same / indices.length,
  };
}

function describe(quantized: QuantizationAnswer): string[] {
  const { calibrationFaces: faces, samples, split, accuracyBefore, accuracyAfter, sameLabels } = quantized;
  return [
    `accuracy ${formatShare(accuracyBefore)} with floats, ${formatShare(accuracyAfter)} with 8-bit integers; ` +
      `${formatShare(sameLabels)} of the labels are equal (${formatCount(samples)} faces, ${split})`,
    `ranges of the layers measured on ${formatCount(faces)} faces`,
  ];
}
