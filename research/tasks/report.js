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
  refuseMixtures(runs);
  const { description, result } = runs[0];
  const { dataset } = result;
  const bounds = boundsOf(runs[0]);
  const { unaligned, skipped, count } = description.dataset;
  const { title, truths } = TASKS[name];
  const seeds = runs.map((run) => seedReport(run, truths));
  return {
    task: name,
    title,
    command: runs[0].command,
    data: {
      name: basename(dataset.name),
      hash: dataset.hash,
      count,
      unaligned,
      skipped,
      training: dataset.training,
      validation: dataset.validation,
      copies: dataset.copies,
    },
    runs: seeds,
    means: meansOf(seeds),
    pooled: pooledOf(seeds),
    consistency: runs.length < 2 ? null : withoutPairs(runs, bounds),
    rivals,
  };
}

function refuseMixtures(runs) {
  const settingsOf = ({ description, result }) => {
    const { seed: _, workers: __, ...options } = description.options;
    return JSON.stringify([result.dataset.hash, options]);
  };
  const other = runs.find((run) => settingsOf(run) !== settingsOf(runs[0]));
  if (other === undefined) return;
  throw new Error(`the runs of seeds ${runs[0].seed} and ${other.seed} have different data or options`);
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

/** Differences to the baseline and leads over each control that every seed has, pooled; and the finding that follows. */
function pooledOf(seeds) {
  const differences = seeds.map(({ best }) => best.difference);
  const controls = seeds[0].controls.flatMap(({ control }) => {
    const leads = seeds.map((one) => one.controls.find((other) => other.control === control)?.lead);
    return leads.every(Boolean) ? [{ control, lead: poolDifferences(leads) }] : [];
  });
  const finding = findingOf(controls);
  return {
    difference: differences.every(Boolean) ? poolDifferences(differences) : null,
    controls,
    finding:
      finding === undefined ? null : { isFinding: finding.isFinding, strongest: finding.strongest.control },
  };
}

function withoutPairs(runs, bounds) {
  const { pairs: _, ...consistency } = consistencyOf({
    runs: runs.map(({ result }) => ({ genomes: [result.best.genome], bounds })),
  });
  return consistency;
}
