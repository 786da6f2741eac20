// One search by evopatch, or by another optimiser: every training in the order in which it ended.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { defaultCacheFolder } from '../../dist/core/cache-folder.js';
import { isSynthetic, loadDataset } from '../../dist/data/load-dataset.js';
import { evolvePatches } from '../../dist/evolution/evolve-patches.js';
import { coveredPixels } from '../../dist/genome/patches.js';
import { parseOptions } from '../../dist/options/evolve-options.js';
import { samplesSeen } from '../../dist/search/ladder.js';
import { referencePoint } from '../../dist/search/objectives.js';
import { HARDLY_ANY_FINAL, plannedSamples } from '../../research/search/methods.js';
import { sharedTrainings } from './shared-trainings.js';

const COMMAND = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
/** All searches train with the seeds of this run, so that equal genomes have equal losses. */
const TRAINING_SEED = 'search peers';

/**
 * A training of a search.
 *
 * @typedef {object} PeerTraining
 * @property {number} samples Samples that all trainings of the search so far saw.
 * @property {boolean} isTop Whether it was trained to the top rung with the shared seed.
 * @property {number[]} shares Its objectives as shares of the reference point.
 */

/** Makes the search of another optimiser, which prints a line for each training. */
export function searchWith({ script, method }, python) {
  return async ({ data, points, samples, workers, seed }) => {
    const own = fileURLToPath(new URL(script, import.meta.url));
    const places = ['--data', data, ...(points === undefined ? [] : ['--points', points])];
    const flags = ['--seed', TRAINING_SEED, '--workers', String(workers), ...places];
    const fitness = [process.execPath, COMMAND, 'fitness', '--jsonl', ...flags];
    const options = [
      '--seed',
      seed,
      '--samples',
      String(samples),
      ...(method === undefined ? [] : ['--method', method]),
    ];
    const search = spawn(python, [own, ...options, '--', ...fitness], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const closed = once(search, 'close');
    const trainings = [];
    for await (const line of createInterface({ input: search.stdout })) {
      if (line.startsWith('{')) trainings.push(JSON.parse(line));
    }
    const [code] = await closed;
    if (code !== 0) throw new Error(`${script} ended with ${code}`);
    const settings = await settingsOf({ data, points });
    const reference = referencePoint(settings);
    return trainings.map(({ rung, objectives, samples: seen }) => ({
      samples: seen,
      isTop: rung === settings.topRung,
      shares: Object.entries(reference).map(([name, most]) => objectives[name] / most),
    }));
  };
}

/** Makes a search by evopatch itself; the sampler's seed is the job's, the budget that of all. */
export function searchEvopatch({ options }) {
  return (job) => runEvopatch(job, options);
}

async function runEvopatch({ data, points, samples: budget, workers, seed }, chosen) {
  const options = await optionsOf({ data, points });
  const plan = (generations) => ({ ...options, ...chosen, seed: `${TRAINING_SEED} ${seed}`, generations });
  let generations = 1;
  while (plannedSamples(parseOptions(plan(generations))) < 1.05 * budget) generations++;
  const settings = parseOptions(plan(generations));
  const reference = Object.values(referencePoint(settings));
  const trainings = [];
  const trained = new Map();
  let samples = 0;
  await evolvePatches({
    ...plan(generations),
    workers,
    evaluator: sharedTrainings({ ...settings, workers }, TRAINING_SEED),
    maximumSamples: budget,
    ...HARDLY_ANY_FINAL,
    onEvent: (event) => {
      if (event.type !== 'evaluation' || event.evaluation.purpose !== 'fitness') return;
      const { network, repeat, rung, genome, loss, parameters, status } = event.evaluation;
      const training = `${network} ${repeat}`;
      samples += samplesSeen(settings.ladder, trained.get(training) ?? -1, rung);
      trained.set(training, rung);
      if (status !== 'ok') return;
      const values = [loss, parameters, coveredPixels(genome, settings.bounds.frame)];
      const shares = values.map((value, index) => value / reference[index]);
      trainings.push({ samples, isTop: rung === settings.topRung && repeat === 0, shares });
    },
  });
  return trainings;
}

async function optionsOf({ data, points }) {
  const options = isSynthetic(data) ? {} : { points, cacheFolder: defaultCacheFolder() };
  return { dataset: await loadDataset(data, options) };
}

async function settingsOf(places) {
  return parseOptions(await optionsOf(places));
}
