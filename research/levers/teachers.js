import { networkTeacher } from '../../dist/distillation/network-teacher.js';
import { samplesOf } from '../../dist/fitness/evaluate.js';
import { readWeights, writeWeights } from '../../dist/fitness/weights-file.js';
import { baselineSpec } from '../../dist/genome/whole-face.js';
import { Network } from '../../dist/nn/network.js';
import { trainNetwork } from '../../dist/nn/train-network.js';
import { copyOf, drawView } from './altered-faces.js';

/**
 * Trains the baseline, or reads it from its file, and makes it the teacher.
 *
 * @returns the network; the teacher of the faces as they are; a function to its logits for given views of them. Each answer is a
 * mean over a face and its mirror image.
 */
export async function openTeachers(engine, dataset, { rows, config, file }) {
  const network = await openBaseline(engine, dataset, { rows, config, file });
  const shifted = new Map();
  const logitsOf = ({ shiftX, shiftY }) => {
    const name = `${shiftX},${shiftY}`;
    if (!shifted.has(name)) {
      const { frames } = copyOf(samplesOf(dataset));
      for (const row of rows) drawView(frames, samplesOf(dataset), row, { shiftX, shiftY });
      shifted.set(name, networkTeacher(network, { ...dataset, frames }).logits);
    }
    return shifted.get(name);
  };
  const teacher = networkTeacher(network, dataset);
  const ofViews = (views) => {
    const logits = teacher.logits.slice();
    const classes = dataset.classes.length;
    for (const [sample, view] of views) {
      logits.set(logitsOf(view).subarray(sample * classes, (sample + 1) * classes), sample * classes);
    }
    return logits;
  };
  return { network, teacher, ofViews };
}

async function openBaseline(engine, dataset, { rows, config, file }) {
  const spec = baselineSpec({ classes: dataset.classes.length, frame: dataset.frame });
  const kept = await readWeights(file);
  if (kept !== undefined) return new Network(engine, spec, kept);
  const { network } = trainNetwork(engine, spec, samplesOf(dataset), {
    training: rows,
    config,
    seed: 'teacher',
  });
  await writeWeights(file, network.weights);
  return network;
}
