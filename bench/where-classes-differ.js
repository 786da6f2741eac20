// Whether evolved patches lie where the classes differ. Drawn faces know that place: a map of how far the mean faces of
// the expressions lie apart at each pixel, which the search never sees. Compared are the front of an evolution, random
// genomes that cover as many pixels, and the front of a random search that saw as many samples.
//
//   node bench/where-classes-differ.js [--faces 13500] [--limit 8000] [--seeds a,b,c] [--population 16]
//     [--generations 20] [--epochs 3] [--workers N] [--engine NAME] [--json]
//
// Concentration: the share of the map's mass under the patches over the share of the face that they cover; 1 is blind.
// Rank correlation: Spearman's, over the pixels, of the share of the genomes that read a pixel with the map.
import { parseArgs } from 'node:util';
import { overlapOf, randomGenomesLike } from '../dist/bench/overlap.js';
import { meanAndDeviation } from '../dist/bench/search-curves.js';
import { measureSearch } from '../dist/bench/search-methods.js';
import { syntheticDifferenceMap } from '../dist/data/synthetic/index.js';
import { usefulFront } from '../dist/evolution/objectives.js';
import { parseGenomeBounds } from '../dist/genome/bounds.js';
import { formatTable } from '../dist/summary/table.js';
import { searchData } from './search-data.js';

const { values } = parseArgs({
  options: {
    faces: { type: 'string', default: '13500' },
    limit: { type: 'string', default: '8000' },
    seeds: { type: 'string', default: 'a,b,c' },
    population: { type: 'string', default: '16' },
    generations: { type: 'string', default: '20' },
    epochs: { type: 'string', default: '3' },
    workers: { type: 'string' },
    engine: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const RANDOM_FOR_EACH = 40;
const TITLES = {
  evolved: 'evolved front',
  blind: 'random, as many pixels',
  'random-search': 'random search, same cost',
};

const dataset = await searchData(`synthetic:${values.faces}`, Number(values.limit));
const map = syntheticDifferenceMap(dataset.frame);
const limits = { maximumParameters: 60_000, maximumMacs: 1_000_000 };
const bounds = parseGenomeBounds({ ...limits, frame: dataset.frame, classes: dataset.classes.length });
const scale = {
  dataset,
  population: Number(values.population),
  generations: Number(values.generations),
  fitness: { epochs: Number(values.epochs) },
  bounds: limits,
  ...(values.workers && { workers: Number(values.workers) }),
  ...(values.engine && { engine: values.engine }),
};

const seeds = [];
for (const seed of values.seeds.split(',')) {
  const evolved = await measureSearch('full', seed, scale);
  const { samplesSeen } = evolved.points.at(-1);
  const halving = { halving: true, repeats: undefined };
  const random = await measureSearch('random', seed, scale, samplesSeen, halving);
  const front = genomesOf(evolved);
  const blind = front.flatMap((genome, index) => {
    return randomGenomesLike(genome, RANDOM_FOR_EACH, bounds, `${seed}/${index}`);
  });
  const overlaps = {
    evolved: overlapOf(front, map, dataset.frame),
    blind: overlapOf(blind, map, dataset.frame),
    'random-search': overlapOf(genomesOf(random), map, dataset.frame),
  };
  const beaten = blind.filter((genome) => {
    return overlapOf([genome], map, dataset.frame).concentration < overlaps.evolved.concentration;
  });
  seeds.push({ seed, samplesSeen, members: front.length, above: beaten.length / blind.length, overlaps });
  console.error(
    `${seed}: concentration ${overlaps.evolved.concentration.toFixed(2)}, ${front.length} members`,
  );
}

const summary = Object.keys(TITLES).map((group) => {
  const over = (field) => meanAndDeviation(seeds.map(({ overlaps }) => overlaps[group][field] ?? 0));
  return {
    group,
    concentration: over('concentration'),
    rankCorrelation: over('rankCorrelation'),
    coverage: over('coverage'),
  };
});
if (values.json) console.log(JSON.stringify({ dataset: dataset.name, summary, seeds }));
else {
  const spread = ({ mean, deviation }) => {
    return `${mean.toFixed(2)}${deviation === null ? '' : ` ± ${deviation.toFixed(2)}`}`;
  };
  console.log(`${dataset.name}; seeds ${seeds.map(({ seed }) => seed).join(', ')}\n`);
  const columns = [
    { title: 'patches', align: 'left' },
    { title: 'concentration' },
    { title: 'rank correlation' },
    { title: 'share of the face' },
  ];
  const rows = summary.map(({ group, concentration, rankCorrelation, coverage }) => {
    return [TITLES[group], ...[concentration, rankCorrelation, coverage].map(spread)];
  });
  console.log(formatTable(columns, rows));
  const above = meanAndDeviation(seeds.map((one) => one.above)).mean;
  console.log(`\nMore concentrated than ${(100 * above).toFixed(1)} % of random genomes of as many pixels.`);
}

/** The members of a front whose loss is of use; the smallest networks know next to nothing. */
function genomesOf({ front }) {
  return usefulFront(front, { bounds, objectives: ['loss', 'parameters'] }).map(({ genome }) => genome);
}
