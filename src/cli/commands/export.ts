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
import type { ExportAnswer, QuantizationAnswer } from '../answers.ts';
import { type CommandContext, DATA_OPTIONS, defineCommand } from '../command.ts';
import { loadPredictorFaces, MODEL_FACES_OPTIONS, type ModelFaces } from '../models/model-faces.ts';
import { ONNX } from '../outputs/output-forms.ts';

export const exportCommand = defineCommand({
  name: 'export',
  summary: 'Write a model for other runtimes (ONNX)',
  description:
    'Writes a model or an ensemble as one ONNX file, which onnxruntime and others run on servers, phones and web pages: from ' +
    "grey face frames, 'frames' (N×1×64×64), to 'probabilities' (N×classes), the same as evopatch's own up to rounding. Cropping, scaling and " +
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
      required: true,
    },
    input: {
      kind: 'text',
      placeholder: 'TYPE',
      choices: ONNX_INPUTS,
      description: 'The type of the grey levels 0 to 255 that the file reads.',
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
    'evopatch export --model best.safetensors --onnx small.onnx --quantize int8 --data fer2013.csv.gz --json',
  ],
  run: async (values, context) => {
    const { model: file, onnx, input, license, quantize, data } = values;
    if ((quantize === undefined) !== (data === undefined)) {
      const [problem, option, hint] =
        data === undefined
          ? ['integers need faces to measure ranges on', '--quantize', 'Give them by --data']
          : ['an export of floats needs no faces', '--data', 'Leave it out, or give --quantize int8'];
      throw new EvopatchError('INVALID_OPTION', problem, { option, hint });
    }
    const { model, quantized } =
      data === undefined
        ? { model: await readModel(file, await openEngine(values.engine)), quantized: undefined }
        : await quantizedModel({ ...values, data }, context);
    const bytes = modelToOnnx(model, { input: input as OnnxInput | undefined, license });
    await writeFileAtomic(onnx, bytes);
    const { classes, frame } = model;
    const answer: ExportAnswer = {
      model: file,
      file: onnx,
      bytes: bytes.length,
      input: input ?? 'uint8',
      classes,
      frame,
      ...(quantized && { quantized }),
    };
    const { size } = frame;
    return {
      json: answer,
      text: [
        `${onnx}: ${formatCount(Math.ceil(bytes.length / 1024))} KB`,
        `frames (${answer.input}, N×1×${size}×${size}) to probabilities (float32, N×${classes.length})`,
        ...(quantized ? describe(quantized) : []),
      ].join('\n'),
    };
  },
});

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
