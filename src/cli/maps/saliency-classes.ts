import { classSheet } from '../../maps/class-sheet.ts';
import { meanOfFaces } from '../../maps/mean-face.ts';
import { readPixels } from '../../network/read-pixels.ts';
import {
  checkSaliency,
  type RandomizedStage,
  type SaliencyCheck,
  SIMILAR,
} from '../../saliency/check-saliency.ts';
import { classSaliency, type MeanSaliency } from '../../saliency/class-saliency.ts';
import type { SaliencyMethod } from '../../saliency/explainer.ts';
import type { SaliencyOptions } from '../../saliency/saliency.ts';
import { formatCount } from '../../summary/format.ts';
import { LiveLines } from '../../summary/live-lines.ts';
import { formatTable } from '../../summary/table.ts';
import type { CommandContext } from '../command.ts';
import type { ModelFaces } from '../models/model-faces.ts';
import { rowsOf, savePicture } from './saliency-faces.ts';
import { mapOptions, measureOf, methodsOf, type SaliencyValues, SHOWN, unitOf } from './saliency-options.ts';

/** Averages the maps of each class, and draws them on a sheet where a file is named. */
export async function explainClasses(
  { model, dataset, indices }: Pick<ModelFaces, 'model' | 'dataset' | 'indices'>,
  values: SaliencyValues,
  explained: 'predicted' | 'true',
  { signal, progress }: CommandContext,
) {
  const { network, classes, frame } = model;
  const line = new LiveLines(progress);
  const found: (MeanSaliency & { readonly method: SaliencyMethod })[] = [];
  try {
    for (const method of methodsOf(values, 'guided')) {
      const onProgress = (share: number) =>
        line.draw([`${SHOWN[method].name}: ${Math.floor(100 * share)} %`.slice(0, line.width)]);
      const options = { network, dataset, indices, explained, signal, onProgress, ...mapOptions(values) };
      found.push({ method, ...(await classSaliency({ ...options, method } satisfies SaliencyOptions)) });
    }
  } finally {
    line.clear();
  }
  const seen = found[0].perClass.flatMap(({ samples }, label) => (samples > 0 ? [label] : []));
  const facesOf = (label: number) => indices.filter((sample) => dataset.labels[sample] === label);
  if (values.out !== undefined) {
    const group = explained === 'true' ? 'faces' : 'faces with this prediction';
    const sheet = classSheet({
      title: 'Where the model looks, class by class',
      notes: [
        `Mean absolute maps of ${formatCount(indices.length)} faces over the mean face of each class. Bright pixels have ` +
          'larger values, on one scale for all classes. The model does not read faded pixels.',
      ],
      frame,
      read: readPixels(network.spec),
      columns: seen.map((label) => ({
        name: classes[label],
        note: `${formatCount(found[0].perClass[label].samples)} ${group}`,
        face: facesOf(label).length > 0 ? meanOfFaces(dataset, facesOf(label)) : undefined,
      })),
      rows: found.map(({ method, perClass }) => ({
        name: SHOWN[method].name,
        unit: measureOf(method, values),
        grids: seen.map((label) => perClass[label].grid),
      })),
    });
    await savePicture(sheet, values.out, values.scale ?? 4);
  }
  return found.map(({ method, grid, perClass }) => ({
    method,
    unit: unitOf(method, values),
    rows: rowsOf(grid),
    perClass: perClass.map((one) => ({
      class: one.class,
      samples: one.samples,
      rows: rowsOf(one.grid),
    })),
  }));
}

/** Checks the maps of some faces against those of random weights. */
export async function checkMaps(
  { model, dataset, indices }: Pick<ModelFaces, 'model' | 'dataset' | 'indices'>,
  values: SaliencyValues,
  { signal }: CommandContext,
): Promise<SaliencyCheck> {
  const methods = methodsOf(values, 'all');
  return checkSaliency({ network: model.network, dataset, indices, methods, signal, ...mapOptions(values) });
}

/** Formats a table of how much maps still resemble those of the trained network as more of it becomes random. */
export function describeCheck({ samples, draws, methods }: SaliencyCheck): string {
  const [first] = methods;
  const table = formatTable(
    [
      { title: 'random down to', align: 'left' },
      ...first.stages.map((stage) => ({ title: stageName(stage) })),
      { title: 'the maps', align: 'left' },
    ],
    methods.map(({ method, stages, passes }) => [
      method,
      ...stages.map(({ similarity }) => similarity.toFixed(2)),
      passes ? 'depend on the training' : 'DO NOT depend on the training',
    ]),
  );
  return [
    table,
    `Rank correlation of absolute maps with those of the trained model, over the pixels that it reads: mean over ` +
      `${formatCount(samples)} faces and ${draws} draws of random weights. A method fails if it reaches ${SIMILAR} with ` +
      'all weights random.',
  ].join('\n');
}

/** Names a stage by one of its layers, as in `patch1.conv2 +2`. */
function stageName({ layers }: RandomizedStage): string {
  const weighted = layers.filter((name) => !/norm/i.test(name));
  const [first, ...others] = weighted.length > 0 ? weighted : layers;
  return others.length > 0 ? `${first} +${others.length}` : first;
}
