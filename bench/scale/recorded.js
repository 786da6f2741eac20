// What a recorded run says of genomes that it did not train: their loss on each rung and how long a training takes.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomStream } from '../../dist/core/random.js';
import { toNetworkSpec } from '../../dist/genome/to-network-spec.js';
import { networkCost } from '../../dist/network/describe.js';
import { featuresOf } from '../../dist/search/surrogate/features.js';

const NEIGHBOURS = 5;

/**
 * Reads the fitness trainings of a run. The loss of another genome on the lowest rung is the mean of its five nearest recorded ones, by
 * the features of the surrogate; on a higher rung, what a line through the recorded pairs makes of the loss on the rung
 * below. Each gets an error of its own, drawn by its hash, as large as the recorded ones leave (half of it for the nearest ones, which
 * are not the genome): so short trainings mislead as they did. A training takes the seconds of a cost model, times a
 * factor drawn from those that the recorded ones leave.
 */
export async function readRecorded(folder, { bounds, ladder }) {
  const lines = (await readFile(join(folder, 'history.jsonl'), 'utf8')).trimEnd().split('\n');
  const fitness = lines
    .map((line) => JSON.parse(line))
    .filter(({ purpose, status }) => purpose === 'fitness' && status === 'ok');
  const pointOf = (genome) => {
    const cost = networkCost(toNetworkSpec(genome, bounds));
    return { features: featuresOf(genome, cost, bounds.frame), ...cost };
  };
  const lossOn = new Map(fitness.map((one) => [`${one.network} ${one.rung} ${one.repeat}`, one.loss]));
  const lowest = fitness.filter(({ rung }) => rung === 0).map((one) => ({ ...one, ...pointOf(one.genome) }));
  const nearest = (features, besides) => {
    const others = lowest.filter((one) => one !== besides);
    const near = others
      .map(({ features: other, loss }) => ({ loss, distance: distance(features, other) }))
      .sort((a, b) => a.distance - b.distance)
      .slice(0, NEIGHBOURS);
    return mean(near.map(({ loss }) => loss));
  };
  const lowestError = deviation(lowest.map((one) => one.loss - nearest(one.features, one)));
  const steps = ladder.slice(1).map((_, below) => {
    const pairs = fitness.flatMap(({ network, rung, repeat, loss }) => {
      const before = lossOn.get(`${network} ${below} 0`);
      return rung === below + 1 && repeat === 0 && before !== undefined ? [{ x: before, y: loss }] : [];
    });
    return lineThrough(pairs);
  });
  const samples = (rung) => ladder[rung].rows * ladder[rung].epochs;
  const timed = fitness
    .filter(({ seconds }) => seconds > 0)
    .map(({ seconds, rung, macs }) => ({ seconds, samples: samples(rung), work: samples(rung) * macs }));
  const cost = costOf(timed);
  const factors = timed.map((one) => one.seconds / cost(one));
  const normal = (random) =>
    Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
  return {
    trainings: fitness.length,
    lowestError,
    steps,
    /** What training a genome to a rung with a seed gives, and how long it takes from the rung below. */
    training(genome, hash, rung, repeat) {
      const error = (at) => normal(randomStream('loss', hash, at, repeat));
      const { features, parameters, macs } = pointOf(genome);
      let loss = nearest(features) + 0.5 * lowestError * error(0);
      for (let below = 0; below < rung; below++) {
        const { slope, intercept, error: size } = steps[below];
        loss = intercept + slope * loss + size * error(below + 1);
      }
      const factor = randomStream('seconds', hash, rung).pick(factors);
      const seconds = factor * cost({ samples: samples(rung), work: samples(rung) * macs });
      return { loss: Math.max(0.01, loss), parameters, macs, seconds };
    },
  };
}

/** Fits seconds as a sum of samples and of samples times multiply-accumulates, by least squares of the relative errors. */
function costOf(timed) {
  const sum = (of) => timed.reduce((total, one) => total + of(one) / one.seconds ** 2, 0);
  const [ss, sw, ww] = [
    sum((one) => one.samples ** 2),
    sum((one) => one.samples * one.work),
    sum((one) => one.work ** 2),
  ];
  const [st, wt] = [sum((one) => one.samples * one.seconds), sum((one) => one.work * one.seconds)];
  const determinant = ss * ww - sw * sw;
  const perSample = Math.max(0, (st * ww - sw * wt) / determinant);
  const perWork = (ss * wt - sw * st) / determinant;
  return ({ samples, work }) => perSample * samples + perWork * work;
}

function lineThrough(pairs) {
  const [x, y] = [mean(pairs.map((one) => one.x)), mean(pairs.map((one) => one.y))];
  const slope =
    pairs.reduce((sum, one) => sum + (one.x - x) * (one.y - y), 0) /
    pairs.reduce((sum, one) => sum + (one.x - x) ** 2, 0);
  const intercept = y - slope * x;
  return {
    slope,
    intercept,
    error: deviation(pairs.map((one) => one.y - intercept - slope * one.x)),
    pairs: pairs.length,
  };
}

const distance = (a, b) => a.reduce((sum, value, index) => sum + (value - b[index]) ** 2, 0);
const mean = (list) => list.reduce((sum, value) => sum + value, 0) / list.length;
const deviation = (list) => Math.sqrt(mean(list.map((value) => value * value)));
