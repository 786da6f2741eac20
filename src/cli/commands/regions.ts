import { summarizePatch } from '../../genome/summarize.ts';
import { FACE_REGIONS } from '../../landmarks/face-regions.ts';
import { MIN_DIFFERENCE } from '../../saliency/human-findings.ts';
import { type PatchAblation, patchAblation } from '../../saliency/patch-ablation.ts';
import type { RegionShare } from '../../saliency/region-shares.ts';
import { type RegionTable, regionTable } from '../../saliency/region-table.ts';
import { formatCount, formatPoints, formatProbability, formatShare } from '../../summary/format.ts';
import { formatTable } from '../../summary/table.ts';
import { defineCommand } from '../command.ts';
import { ATTENTION_OPTIONS, attentionMaps, checkMap, genomeOf } from '../maps/attention-maps.ts';
import {
  classesWithoutFaces,
  describeWithoutFaces,
  loadModelFaces,
  MODEL_FACES_OPTIONS,
} from '../models/model-faces.ts';

export const regionsCommand = defineCommand({
  name: 'regions',
  summary: 'Show which parts of the face a model uses, and which patches it needs',
  description:
    'Shows on which parts of the face (brows, eyes, nose, cheeks, mouth, chin, forehead) a model relies, for each ' +
    'class, and whether people rely on the same. Each part has a share of the map that --map makes; the shares of a class ' +
    "sum to 100 %. 'density' divides this share by the part's share of the frame: 1 means uniform attention, so that large " +
    'parts do not look important. Then the mean face covers one patch at a time: the fall of accuracy shows how much the ' +
    'trained model needs the patch (it is not retrained; another model might do without). People recognise sadness and ' +
    'fear by the eyes, disgust and happiness by the mouth. The model agrees if the share of eyes and brows minus that of ' +
    `the mouth differs from the mean of the classes to the same side, by at least ${100 * MIN_DIFFERENCE} points. ` +
    'Where little is visible, a model still predicts some class, and the faces of that class lose least: with occlusion, ' +
    'compare a class with the others.',
  options: { ...MODEL_FACES_OPTIONS, ...ATTENTION_OPTIONS },
  examples: [
    'evopatch regions --model runs/first/models/best.safetensors --data synthetic:700',
    'evopatch regions --model best.safetensors --data fer2013.csv.gz --split validation --json',
    'evopatch regions --model best.safetensors --data photos/ --map patches',
  ],
  run: async (values, context) => {
    const faces = await loadModelFaces(values, context, (model) => checkMap(model, values));
    const { model, dataset, split, indices } = faces;
    const table = regionTable(await attentionMaps(faces, values, context));
    const genome = genomeOf(model);
    const ablation = genome && patchAblation({ network: model.network, dataset, indices, genome });
    const { map = 'occlusion' } = values;
    const report = {
      model: values.model,
      dataset: { name: dataset.name, hash: dataset.hash, align: dataset.align },
      split,
      samples: indices.length,
      map,
      ...table,
      ablation: ablation ?? null,
    };
    const sections = [
      [
        `${formatCount(indices.length)} faces (${split}); map: ${map}`,
        ...describeWithoutFaces(classesWithoutFaces(faces)),
      ].join('\n'),
      describeShares(table),
      describeFindings(table),
      ...(ablation === undefined ? [] : [describeAblation(ablation)]),
    ];
    return { json: report, text: sections.join('\n\n') };
  },
});

function describeShares({ all, perClass }: RegionTable): string {
  const cell = (shares: readonly RegionShare[] | null, index: number) =>
    shares === null ? '–' : formatShare(shares[index].share);
  const seen = perClass.filter(({ samples }) => samples > 0);
  return formatTable(
    [
      { title: 'share of the map', align: 'left' },
      { title: 'all' },
      { title: 'density' },
      ...seen.map((one) => ({ title: one.class })),
    ],
    FACE_REGIONS.map((region, index) => [
      region,
      cell(all, index),
      all === null ? '–' : all[index].density.toFixed(1),
      ...seen.map(({ shares }) => cell(shares, index)),
    ]),
  );
}

function describeFindings({ findings }: RegionTable): string {
  if (findings.length === 0) return 'There are no findings about people for the classes of this model.';
  const sources = [...new Set(findings.map(({ source }) => source))];
  const table = formatTable(
    [
      { title: 'people recognise', align: 'left' },
      { title: 'by the', align: 'left' },
      { title: 'eyes − mouth, points' },
      { title: 'mean of classes' },
      { title: 'this model', align: 'left' },
    ],
    findings.map((finding) => [
      finding.class,
      finding.by,
      formatPoints(finding.contrast),
      formatPoints(finding.meanContrast),
      finding.verdict,
    ]),
  );
  return [table, ...sources.map((source) => `People: ${source}.`)].join('\n');
}

function describeAblation({ whole, without, none }: PatchAblation): string {
  const row = (name: string, { accuracy, loss, difference }: PatchAblation['none'], pixels: string) => [
    name,
    pixels,
    formatShare(accuracy),
    formatPoints(difference.estimate),
    difference.interval95.map(formatPoints).join(' to '),
    formatProbability(difference.pValue),
    loss.toFixed(3),
  ];
  return formatTable(
    [
      { title: 'hidden', align: 'left' },
      { title: 'own pixels' },
      { title: 'accuracy' },
      { title: 'points' },
      { title: '95 %' },
      { title: 'McNemar' },
      { title: 'loss' },
    ],
    [
      ['nothing', '', formatShare(whole.accuracy), '', '', '', whole.loss.toFixed(3)],
      ...without.map((one) => row(summarizePatch(one.patch), one, formatCount(one.ownPixels))),
      row('all patches', none, ''),
    ],
  );
}
