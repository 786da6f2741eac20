import { basename } from 'node:path';
import { parseGenomeBounds } from '../../dist/genome/bounds.js';
import { faceSquare } from '../../dist/genome/patches.js';
import { consistencyOf } from '../../dist/maps/consistency.js';
import { findingOf } from '../../dist/summary/finding.js';
import { sizeLadder } from '../../dist/summary/size-ladder.js';
import { meanAndDeviation } from '../search/curves.js';
import { poolDifferences } from './pool.js';
import { TASKS } from './tasks.js';
import { chanceInside, layoutsLike, shareInside, truePixels } from './truth.js';

/**
 * What the runs of a task came to, as plain data.
 *
 * @param name of the task
 * @param runs `{ seed, description, result, command }` of each seed: the content of run.json and result.json, and the command
 * @param rivals what `compareRivals` found, where the task has some
 * @throws Error for runs on different data or with different options: they say nothing together.
 */
export function taskReport(name, runs, rivals = []) {
  const { title, truths } = TASKS[name];
  const [facts, ...others] = runs.map((run) => {
    const { seed: _, workers: __, ...options } = run.description.options;
    return { task: name, title, command: run.command, options, data: dataOf(run) };
  });
  refuseMixtures([facts, ...others]);
  const seeds = runs.map((run) => seedReport(run, truths));
  return summarised({ ...facts, bounds: boundsOf(runs[0]), rivals }, seeds);
}

/**
 * Puts reports of the same task together that were made of different seeds, as on different machines. Some may have fewer
 * controls: what a run has to beat is trained after it and does not change it.
 *
 * @param reports of `taskReport`
 * @throws Error for reports on different data or with different options, of the same seed twice, or with rivals.
 */
export function combineReports(reports) {
  refuseMixtures(reports);
  if (reports.some(({ rivals }) => rivals.length > 0))
    throw new Error('reports with rivals cannot be combined');
  const seeds = reports.flatMap(({ runs }) => runs);
  const twice = seeds.find(({ seed }, index) => seeds.findIndex((one) => one.seed === seed) !== index);
  if (twice !== undefined) throw new Error(`two reports have the seed ${twice.seed}`);
  return summarised(reports[0], seeds);
}

function refuseMixtures(reports) {
  const settingsOf = ({ task, data, options: { controls: _, ...options } }) =>
    JSON.stringify([task, data.hash, options]);
  if (reports.every((one) => settingsOf(one) === settingsOf(reports[0]))) return;
  throw new Error('the runs have different data or options');
}

/** Adds to the facts of a report its seeds and what they came to together. */
function summarised({ rivals, ...facts }, seeds) {
  return {
    ...facts,
    runs: seeds,
    means: meansOf(seeds),
    pooled: pooledOf(seeds),
    consistency: seeds.length < 2 ? null : withoutPairs(seeds, facts.bounds),
    rivals,
  };
}

function dataOf({ description, result: { dataset } }) {
  const { unaligned, skipped, count } = description.dataset;
  const { hash, training, validation, copies } = dataset;
  return { name: basename(dataset.name), hash, count, unaligned, skipped, training, validation, copies };
}

/** The bounds of a run's genomes, which its description records without what follows from the data. */
function boundsOf({ description, result: { dataset } }) {
  return parseGenomeBounds({
    ...description.options.bounds,
    frame: dataset.frame,
    classes: dataset.classes.length,
  });
}

function seedReport(run, truths) {
  const { seed, result } = run;
  const bounds = boundsOf(run);
  const { frame } = bounds;
  const face = faceSquare(frame).width * faceSquare(frame).height;
  const { genome, hash, summary, difference, interval95, ...best } = result.best;
  const layouts = truths.length === 0 ? [] : layoutsLike(genome, bounds, seed);
  return {
    seed,
    baseline: result.baseline && {
      parameters: result.baseline.parameters,
      macs: result.baseline.macs,
      accuracy: result.baseline.validationAccuracy,
      interval95: result.baseline.interval95,
    },
    best: {
      genome,
      hash,
      summary,
      parameters: best.parameters,
      macs: best.macs,
      pixels: best.coveredPixels / face,
      accuracy: best.validationAccuracy,
      interval95,
      difference,
    },
    controls: result.controls.map(
      ({ control, layouts, parameters, coveredPixels, validationAccuracy, lead }) => {
        return {
          control,
          layouts,
          parameters,
          pixels: coveredPixels / face,
          accuracy: validationAccuracy,
          lead,
        };
      },
    ),
    rungs: rungsOf(sizeLadder(result.finalists, frame), face),
    truths: truths.map((truth) => {
      const pixels = truePixels(truth, frame);
      return {
        title: truth.title,
        share: shareInside(genome, pixels, frame),
        chance: chanceInside(layouts, pixels, frame),
      };
    }),
    seconds: result.timing.totalSeconds,
  };
}

/** What a report keeps of the ladder of sizes; `best` is `null` where no finalist is that small. */
function rungsOf(ladder, face) {
  const steps = (kind) =>
    kind.map(({ limit, finalist }) => {
      if (finalist === null) return { limit, best: null };
      const { hash, parameters, coveredPixels, validationAccuracy: accuracy } = finalist;
      return { limit, best: { hash, parameters, pixels: coveredPixels / face, accuracy } };
    });
  return { pixels: steps(ladder.pixels), parameters: steps(ladder.parameters) };
}

/** Means ± deviations over the seeds; `null` where a seed lacks the number. */
function meansOf(seeds) {
  const mean = (read) => {
    const values = seeds.map(read);
    return values.every(Number.isFinite) ? meanAndDeviation(values) : null;
  };
  const rungMeans = (kind) =>
    seeds[0].rungs[kind].map(({ limit }, place) => {
      return { limit, accuracy: mean(({ rungs }) => rungs[kind][place].best?.accuracy) };
    });
  return {
    baselineAccuracy: mean(({ baseline }) => baseline?.accuracy),
    accuracy: mean(({ best }) => best.accuracy),
    parameters: mean(({ best }) => best.parameters),
    macs: mean(({ best }) => best.macs),
    pixels: mean(({ best }) => best.pixels),
    truths: seeds[0].truths.map(({ title }, place) => ({
      title,
      share: mean(({ truths }) => truths[place].share),
      chance: mean(({ truths }) => truths[place].chance.mean),
    })),
    rungs: { pixels: rungMeans('pixels'), parameters: rungMeans('parameters') },
  };
}

/**
 * Differences to the baseline, and leads over each control, pooled over the seeds that have it; and the finding that follows.
 */
function pooledOf(seeds) {
  const differences = seeds.map(({ best }) => best.difference);
  const trained = seeds.flatMap(({ controls }) => controls).filter(({ lead }) => lead !== null);
  const controls = [...new Set(trained.map(({ control }) => control))].map((control) => {
    const leads = trained.filter((one) => one.control === control).map(({ lead }) => lead);
    return { control, seeds: leads.length, lead: poolDifferences(leads) };
  });
  const finding = findingOf(controls);
  return {
    difference: differences.every(Boolean) ? poolDifferences(differences) : null,
    controls,
    finding:
      finding === undefined ? null : { isFinding: finding.isFinding, strongest: finding.strongest.control },
  };
}

function withoutPairs(seeds, bounds) {
  const runs = seeds.map(({ best }) => ({ genomes: [best.genome], bounds }));
  const { pairs: _, ...consistency } = consistencyOf({ runs });
  return consistency;
}
