// A variant of the recipe: words joined by +, and the training that they mean.
import { randomStream } from '../../dist/core/random.js';
import { samplesOf } from '../../dist/fitness/evaluate.js';
import { toNetworkSpec } from '../../dist/genome/to-network-spec.js';
import { Network } from '../../dist/nn/network.js';
import { Training } from '../../dist/nn/training.js';
import { trainingConfig } from '../../dist/nn/training-config.js';
import { copyOf, drawView, eraseRectangle, randomView } from './altered-faces.js';
import { expandConvolutions, STUDENTS } from './students.js';

/** Share of the steps whose weights `tail` averages. */
const TAIL = 1 / 4;

const WORDS = ['plain', 'labels', 'blur', 'expand', 'erase', 'tail', 'views'];
const TEACHING = ['temperature', 'mixing'];

/** @throws Error for an unknown word */
export function readVariant(variant) {
  const words = variant.split('+');
  const settings = words.filter((word) => word.includes('='));
  const levers = words.filter((word) => !word.includes('='));
  const unknown = levers.find((word) => !WORDS.includes(word));
  if (unknown !== undefined) throw new Error(`${unknown} is none of ${WORDS.join(', ')} and no NAME=VALUE`);
  const given = settings.map((word) => word.split('=')).map(([name, value]) => [name, readValue(value)]);
  const isTeaching = ([name]) => TEACHING.includes(name);
  return {
    levers: new Set(levers),
    config: Object.fromEntries(given.filter((one) => !isTeaching(one))),
    teaching: Object.fromEntries(given.filter(isTeaching)),
  };
}

function readValue(text) {
  if (text === 'true' || text === 'false') return text === 'true';
  return Number.isNaN(Number(text)) ? text : Number(text);
}

/**
 * Trains a student as a variant says.
 *
 * @param rows indices of the samples to learn from
 * @param recipe the training that the variant changes
 * @param teachers of `openTeachers`
 */
export function trainVariant(engine, dataset, { student, variant, rows, recipe, teachers, seed }) {
  const { levers, teaching, ...changed } = readVariant(variant);
  const config = trainingConfig({ ...recipe, ...changed.config });
  const spec = specOf(STUDENTS[student], levers, { classes: dataset.classes.length, frame: dataset.frame });
  const samples = samplesOf(dataset);
  const views = levers.has('views');
  const erase = levers.has('erase');
  const seen = views || erase ? copyOf(samples) : samples;
  const source = {
    training: rows,
    config: views ? { ...config, flip: false, shift: 0 } : config,
    seed,
    teacher: levers.has('labels') ? undefined : { ...teachers.teacher, ...teaching },
  };
  const mean = new Mean();
  let training = new Training(engine, spec, seen, source);
  while (!training.finished) {
    const epoch = training.history.length;
    const random = randomStream(seed, 'altered faces', epoch);
    if (views) {
      const drawn = Array.from(rows, (row) => [row, randomView(config, random)]);
      for (const [row, view] of drawn) drawView(seen.frames, samples, row, view);
      // A training softens its teacher's logits once, so each epoch is one of its own that goes on where the last ended.
      const teacher = { ...source.teacher, logits: teachers.ofViews(drawn) };
      training = new Training(engine, spec, seen, { ...source, teacher, resume: training.progress() });
    } else if (erase) {
      for (const row of rows) drawView(seen.frames, samples, row, {});
    }
    if (erase) for (const row of rows) eraseRectangle(seen, row, dataset.frame, random);
    for (let more = true; more; ) {
      const made = epoch * training.steps + training.stepsMade;
      more = training.step();
      if (levers.has('tail') && made >= (1 - TAIL) * config.epochs * training.steps)
        mean.add(training.weights());
    }
    training.endEpoch();
  }
  return new Network(engine, spec, mean.weights ?? training.weights());
}

function specOf({ patches, network }, levers, target) {
  const pooling = levers.has('blur') ? 'anti-aliased' : 'max';
  const spec = toNetworkSpec({ patches, network: { ...network, pooling } }, target);
  return levers.has('expand') ? expandConvolutions(spec) : spec;
}

/** The equal mean of weights (Izmailov et al. 2018, arXiv 1803.05407). */
class Mean {
  weights;
  #count = 0;

  add(weights) {
    this.#count++;
    this.weights ??= weights;
    for (const [name, mean] of this.weights) {
      const values = weights.get(name);
      for (let i = 0; i < mean.length; i++) mean[i] += (values[i] - mean[i]) / this.#count;
    }
  }
}
