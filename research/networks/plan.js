import { toNetworkSpec } from '../../dist/genome/to-network-spec.js';
import { FACE_FRAME } from '../../dist/landmarks/frame-geometry.js';
import { macCount, parameterCount } from '../../dist/network/describe.js';
import { zooNetwork } from '../../dist/zoo/zoo.js';

/**
 * A genome that runs found.
 *
 * @typedef {object} FoundGenome
 * @property {Genome} genome
 * @property {string} hash
 * @property {number} parameters
 * @property {number} accuracy As a finalist, on the validation rows; of others, as the search measured it.
 * @property {boolean} finalist
 */

/**
 * What a study is made of, beside its rows.
 *
 * @typedef {object} StudyScale
 * @property {string[]} seeds
 * @property {number} epochs
 * @property {FoundGenome[]} genomes
 * @property {number} classes
 */

/**
 * All trainings of a network by one recipe: what a folder of the study holds. Rows of the same genome share it.
 *
 * @typedef {object} StudyTraining
 * @property {string} folder Folder, relative to the study's.
 * @property {string[]} rows Rows that it stands in.
 * @property {string} [network]
 * @property {FoundGenome} [genome]
 * @property {string[]} options Further options of `evopatch train`, the epochs among them, without data, seed and folder.
 * @property {number} epochs
 * @property {boolean} taught Whether it needs the teacher.
 * @property {number} parameters
 * @property {number} macs
 */

/** Genomes of the results of runs: the finalists, then the rest of their fronts, each once. */
export function genomesOf(results) {
  const finalists = results.flatMap((result) =>
    result.finalists.map(({ genome, hash, parameters, validationAccuracy }) => {
      return { genome, hash, parameters, accuracy: validationAccuracy, finalist: true };
    }),
  );
  const others = results.flatMap((result) =>
    result.front.map(({ genome, hash, parameters, accuracy }) => {
      return { genome, hash, parameters, accuracy, finalist: false };
    }),
  );
  const found = new Map();
  for (const one of [...finalists, ...others]) if (!found.has(one.hash)) found.set(one.hash, one);
  return [...found.values()];
}

/** The most accurate genome within a size: a finalist, where one is that small. */
export function pickGenome(genomes, atMost) {
  const small = genomes.filter(({ parameters }) => parameters <= atMost);
  const finalists = small.filter(({ finalist }) => finalist);
  const candidates = finalists.length > 0 ? finalists : small;
  return candidates.toSorted((a, b) => b.accuracy - a.accuracy || a.parameters - b.parameters)[0];
}

/** What is to be trained for the rows, and for an ensemble the finalists that no row asks for. */
export function planTrainings(rows, scale) {
  const target = { classes: scale.classes, frame: FACE_FRAME };
  const plans = new Map();
  const add = (row, genome) => {
    const network = 'network' in row.subject ? row.subject.network : undefined;
    if (network === undefined && genome === undefined) return;
    const base = genome === undefined ? row.name : `evolved-${genome.hash.slice(0, 8)}`;
    const way = genome !== undefined && row.alone !== undefined ? row.name.slice(row.alone.length) : '';
    const folder = base + way;
    const spec = genome ? toNetworkSpec(genome.genome, target) : zooNetwork(network, target);
    const epochs = Math.max(1, Math.round(scale.epochs * row.epochs));
    plans.set(folder, {
      folder,
      rows: [...(plans.get(folder)?.rows ?? []), ...(row.name === '' ? [] : [row.name])],
      ...(genome === undefined ? { network } : { genome }),
      options: ['--epochs', String(epochs), ...row.options],
      epochs,
      taught: row.alone !== undefined,
      parameters: parameterCount(spec),
      macs: macCount(spec),
    });
  };
  for (const row of rows) {
    add(row, 'atMost' in row.subject ? pickGenome(scale.genomes, row.subject.atMost) : undefined);
  }
  if (!rows.some(({ subject }) => 'atMost' in subject)) return [...plans.values()];
  const taken = new Set([...plans.values()].map(({ genome }) => genome?.hash));
  for (const genome of scale.genomes.filter(({ finalist, hash }) => finalist && !taken.has(hash))) {
    add({ name: '', subject: { atMost: genome.parameters }, options: [], epochs: 1 }, genome);
  }
  return [...plans.values()];
}

/** The words behind `evopatch`, without the data and the folder. */
export function trainArguments({ network, options }, genomeFile, seed) {
  const subject = network === undefined ? ['--genome', genomeFile] : ['--network', network];
  return ['train', ...subject, '--seed', seed, ...options];
}
