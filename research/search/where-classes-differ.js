// Whether evolved patches lie where the classes differ. Drawn faces know that place: a map of how far the mean faces of
// the expressions lie apart at each pixel, which the search never sees. Compared are the front of an evolution, random
// layouts in sets as large as the front, each of which covers as many pixels as its member, and the front of a random
// search that saw as many samples.
//
//   node research/search/where-classes-differ.js [--faces 13500] [--limit 8000] [--seeds a,b,c] [--population 16]
//     [--generations 20] [--epochs 3] [--workers N] [--engine NAME] [--json]
//
// Concentration: the share of the map's mass under the patches over the share of the face that they cover; 1 is blind.
// Rank correlation: Spearman's, over the pixels, of the share of the genomes that read a pixel with the map.
import { parseArgs } from 'node:util';
import { randomStream } from '../../dist/core/random.js';
import { syntheticDifferenceMap } from '../../dist/data/synthetic/difference-map.js';
import { parseGenomeBounds } from '../../dist/genome/bounds.js';
import { coveredPixels } from '../../dist/genome/patches.js';
import { randomPatches } from '../../dist/genome/random-layout.js';
import { usefulFront } from '../../dist/search/objectives.js';
import { formatTable } from '../../dist/summary/table.js';
import { meanAndDeviation } from './curves.js';
import { searchData } from './data.js';
import { measureSearch } from './methods.js';
import { overlapOf } from './overlap.js';

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
const BLIND_SETS = 100;
const FIELDS = ['concentration', 'rankCorrelation', 'coverage'];
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
  const blind = Array.from({ length: BLIND_SETS }, (_, set) => {
    const layouts = front.map((genome, index) => ({
      patches: randomPatches(
        coveredPixels(genome, dataset.frame),
        bounds,
        randomStream(seed, 'blind', set, index),
      ),
    }));
    return overlapOf(layouts, map, dataset.frame);
  });
  const meanOf = (field) => meanAndDeviation(blind.map((overlap) => overlap[field] ?? 0)).mean;
  const overlaps = {
    evolved: overlapOf(front, map, dataset.frame),
    blind: Object.fromEntries(FIELDS.map((field) => [field, meanOf(field)])),
    'random-search': overlapOf(genomesOf(random), map, dataset.frame),
  };
  const { concentration } = overlaps.evolved;
  const above = blind.filter((overlap) => overlap.concentration < concentration).length / BLIND_SETS;
  seeds.push({ seed, samplesSeen, members: front.length, above, overlaps });
  console.error(`${seed}: concentration ${concentration.toFixed(2)}, ${front.length} members`);
}

const summary = Object.keys(TITLES).map((group) => {
  const over = (field) => meanAndDeviation(seeds.map(({ overlaps }) => overlaps[group][field] ?? 0));
  return { group, ...Object.fromEntries(FIELDS.map((field) => [field, over(field)])) };
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
  const rows = summary.map((one) => [TITLES[one.group], ...FIELDS.map((field) => spread(one[field]))]);
  console.log(formatTable(columns, rows));
  const above = meanAndDeviation(seeds.map((one) => one.above)).mean;
  console.log(`\nMore concentrated than ${(100 * above).toFixed(1)} % of the random sets.`);
}

/** The members of a front whose loss is of use; the smallest networks know next to nothing. */
function genomesOf({ front }) {
  return usefulFront(front, { bounds, objectives: ['loss', 'parameters'] }).map(({ genome }) => genome);
}
