// What saved models come to: which faces they get right, and how many they answer in a second.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { writeFileAtomic } from '../../dist/core/atomic-file.js';
import { indicesOf } from '../../dist/data/dataset.js';
import { excludeCopies, findDuplicates } from '../../dist/data/duplicates.js';
import { readModel } from '../../dist/ensemble/ensemble-file.js';
import { samplesOf } from '../../dist/fitness/evaluate.js';
import { latencyOf } from '../../dist/fitness/latency.js';
import { openEngine } from '../../dist/nn/engine.js';
import { measure } from '../../dist/nn/measure.js';
import { readSingleModel } from '../../dist/nn/model-file.js';

const ROUNDS = 5;

/** What `measureModels` found of a model file; `undefined` where it has not measured what the file now holds. */
export function measuredOf(file) {
  const answer = answerOf(file);
  if (!existsSync(file) || !existsSync(answer)) return undefined;
  if (statSync(answer).mtimeMs < statSync(file).mtimeMs) return undefined;
  return JSON.parse(readFileSync(answer, 'utf8'));
}

function answerOf(file) {
  return file.replace(/\.safetensors$/, '.measured.json');
}

/**
 * Finds which validation rows each model gets right: of all, and of those alone whose picture no training row shows. Kept beside the
 * models, and done only where it is not known yet.
 *
 * @param load gives the data set, when it is needed
 */
export async function measureModels(files, load) {
  const unmeasured = files.filter((file) => measuredOf(file) === undefined);
  if (unmeasured.length === 0) return;
  const data = await load();
  const engine = await openEngine();
  const validation = indicesOf(data, 'validation');
  const { groups } = findDuplicates(data);
  const fresh = new Set(excludeCopies(groups, validation, indicesOf(data, 'train')));
  for (const file of unmeasured) {
    const { network } = await readModel(file, engine);
    const probabilities = network.predict(samplesOf(data), validation);
    const { predictions } = measure(probabilities, data.labels, validation, data.classes.length);
    const right = Array.from(validation, (row, place) => Number(predictions[place] === data.labels[row]));
    const unseen = right.filter((_, place) => fresh.has(validation[place]));
    await writeFileAtomic(answerOf(file), `${JSON.stringify({ right, unseen })}\n`);
  }
}

/**
 * Faces that one thread predicts in a second: the median of some rounds over all networks.
 *
 * @param files a model file of each network, by name
 */
export async function measureSpeed(files) {
  const engine = await openEngine();
  const networks = await Promise.all(
    Object.entries(files).map(async ([name, file]) => {
      const { network } = await readSingleModel(file, engine);
      return { name, spec: network.spec, times: [] };
    }),
  );
  for (let round = 0; round < ROUNDS; round++) {
    for (const { spec, times } of networks) times.push(latencyOf(engine, spec));
  }
  const median = (times) => times.toSorted((a, b) => a - b)[(ROUNDS - 1) / 2];
  return Object.fromEntries(networks.map(({ name, times }) => [name, 1000 / median(times)]));
}
