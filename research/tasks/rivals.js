// Networks of the literature beside the chosen genomes: trained by the recipe of the finalists, but on the labels alone, and each
// stands with its best epoch.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pairedDifference } from '../../dist/core/comparison.js';
import { readModel } from '../../dist/ensemble/ensemble-file.js';
import { macCount, parameterCount } from '../../dist/network/describe.js';
import { openEngine } from '../../dist/nn/engine.js';
import { measuredOf, measureModels } from '../networks/measure.js';
import { accuracyOf } from '../networks/summary.js';
import { meanAndDeviation } from '../search/curves.js';
import { poolDifferences } from './pool.js';
import { runProgram } from './run-seeds.js';

const STUDY = fileURLToPath(new URL('../networks/study.js', import.meta.url));

/**
 * Trains the rows of the study of networks that a task names, with the seeds of its runs.
 *
 * @param names of the rows
 * @param settings `{ data, out, load }`: the words that name the data, the folder, and what loads the data set
 * @param runs of `runSeeds`
 * @returns for each row its size, its accuracies and how far the chosen genomes lead it, of each seed and pooled
 */
export async function compareRivals(names, { data, out, load }, runs) {
  if (names.length === 0) return [];
  const folder = join(out, 'networks');
  const { epochs } = runs[0].description.options.final;
  const seeds = runs.map(({ seed }) => seed);
  const scale = ['--seeds', seeds.join(','), '--epochs', String(epochs)];
  await runProgram(STUDY, ['--out', folder, ...data, ...scale, '--rows', names.join(','), '--no-speed']);
  const chosen = runs.map((run) => join(run.folder, 'models', 'best.safetensors'));
  await measureModels(chosen, load);
  const engine = await openEngine();
  return await Promise.all(
    names.map(async (name) => {
      const files = seeds.map((seed) => join(folder, name, seed, 'model.safetensors'));
      const { network } = await readModel(files[0], engine);
      return {
        network: name,
        epochs,
        ...sizeOf(network),
        ...leadsOf(chosen.map(rightOf), files.map(rightOf)),
      };
    }),
  );
}

/** @param chosen, rival for each seed a 1 for each row that the network answers rightly, else a 0 */
export function leadsOf(chosen, rival) {
  const leads = chosen.map((right, seed) => {
    return pairedDifference(
      Uint8Array.from(right),
      Uint8Array.from(rival[seed]),
      new Uint8Array(right.length).fill(1),
    );
  });
  const accuracies = rival.map(accuracyOf);
  return { accuracies, accuracy: meanAndDeviation(accuracies), leads, lead: poolDifferences(leads) };
}

function sizeOf({ spec }) {
  return { parameters: parameterCount(spec), macs: macCount(spec) };
}

function rightOf(file) {
  return measuredOf(file).right;
}
