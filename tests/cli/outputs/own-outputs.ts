import { rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type AnimationFormat, encodeAnimation } from '../../../src/charts/encode-animation.ts';
import { encodePicture, type PictureEnding } from '../../../src/charts/encode-picture.ts';
import { csvHeader } from '../../../src/cli/prediction/predict-csv.ts';
import { ensembleOf } from '../../../src/ensemble/ensemble.ts';
import { saveEnsemble } from '../../../src/ensemble/ensemble-file.ts';
import { evolvePatches } from '../../../src/evolution/evolve-patches.ts';
import { writePoints } from '../../../src/landmarks/write-points.ts';
import { convergenceOf } from '../../../src/maps/convergence.ts';
import { patchMap } from '../../../src/maps/patch-map.ts';
import { saliencyPicture } from '../../../src/maps/saliency-picture.ts';
import { openEngine } from '../../../src/nn/engine.ts';
import type { Model } from '../../../src/nn/model.ts';
import { saveModel } from '../../../src/nn/model-file.ts';
import { modelToOnnx } from '../../../src/onnx/model-to-onnx.ts';
import { drawPredictions } from '../../../src/prediction/drawing/draw-predictions.ts';
import { writeReport } from '../../../src/report/write-report.ts';
import { modelFromTfjs } from '../../../src/tfjs/model-from-tfjs.ts';
import { modelToTfjs } from '../../../src/tfjs/model-to-tfjs.ts';
import { tinyRun } from '../../evolution/running.ts';
import { BESIDE_NOSE, FRAME } from '../../maps/faces.ts';
import { someModel } from '../../prediction/models.ts';

const pixels = FRAME.size ** 2;
const map = patchMap({ genomes: [BESIDE_NOSE], frame: FRAME });
const convergence = convergenceOf({ generations: [{ generation: 0, genomes: [BESIDE_NOSE] }], frame: FRAME });

function saliency() {
  const grid = { size: FRAME.size, values: new Float64Array(pixels).fill(1) };
  const maps = [{ name: 'gradient', grid, unit: 'logits', shown: 'signed' }] as const;
  return saliencyPicture({ title: 'Why', notes: [], frame: FRAME, face: new Uint8Array(pixels), maps });
}

const drawing = () => drawPredictions({ pixels: new Uint8Array(3 * 64), width: 8, height: 8 }, []);
const drawn = async (file: string, ending: PictureEnding) =>
  writeFileSync(file, await encodePicture(drawing(), ending));
const animated = async (file: string, format: AnimationFormat) =>
  writeFileSync(file, await encodeAnimation([{ png: drawing(), milliseconds: 40 }], format));

async function report(file: string) {
  const runFolder = join(dirname(file), 'run');
  await evolvePatches({
    ...tinyRun,
    runFolder,
    generations: 1,
    finalists: 1,
    prefer: 'accurate',
    controls: 'none',
  });
  await writeReport({ runs: [runFolder], out: file });
  rmSync(runFolder, { recursive: true });
}

async function* faces() {
  yield { name: '=1.png', faces: [] };
}

async function ensemble(file: string) {
  const { network, classes, frame } = await someModel();
  const model = { network, classes, frame, info: { align: 'similarity' } };
  const twice = ['a', 'b'].map((name) => ({ name, model }));
  await saveEnsemble(file, ensembleOf(twice, 'mean'));
}

/** Writes what a command writes, by its name and the first ending of the form. */
export const OWN_FILES: Readonly<Record<string, (file: string) => Promise<void>>> = {
  'landmarks csv': (file) => writePoints(file, 'file', faces()),
  'report html': report,
  'ensemble safetensors': ensemble,
  'import safetensors': async (file) =>
    saveModel(file, modelFromTfjs(modelToTfjs(await someModel()), await openEngine()) as Model),
  'export onnx': async (file) => writeFileSync(file, modelToOnnx(await someModel())),
  'map png': (file) => map.save(file),
  'map svg': (file) => map.save(file),
  'map csv': (file) => map.save(file),
  'map json': (file) => map.save(file),
  'map apng': (file) => convergence.save(file),
  'map gif': (file) => convergence.save(file),
  'predict csv': async (file) => writeFileSync(file, csvHeader({ classes: ['a', 'b'], attributes: false })),
  'predict png': (file) => drawn(file, 'png'),
  'predict jpg': (file) => drawn(file, 'jpg'),
  'predict webp': (file) => drawn(file, 'webp'),
  'predict gif': (file) => animated(file, 'gif'),
  'predict apng': (file) => animated(file, 'apng'),
  'saliency png': async (file) => writeFileSync(file, saliency().toPng()),
  'saliency svg': async (file) => writeFileSync(file, saliency().toSvg()),
};
