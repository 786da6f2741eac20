// Times the patch maps of a data set, without reading it: the mean face, one genome, a population, an animation.
//
//   node bench/maps.js [--faces 3589] [--population 32] [--generations 20] [--json]
//
// The genomes are random, since evolved ones take as long.
import { parseArgs } from 'node:util';
import { spreadOf } from '../dist/bench/timing.js';
import { randomStream } from '../dist/core/random.js';
import { syntheticFaces } from '../dist/data/synthetic/index.js';
import { parseGenomeBounds } from '../dist/genome/bounds.js';
import { randomGenome } from '../dist/genome/random.js';
import { convergenceOf } from '../dist/maps/convergence.js';
import { meanFace } from '../dist/maps/mean-face.js';
import { patchMap } from '../dist/maps/patch-map.js';
import { formatTable } from '../dist/summary/table.js';

const { values } = parseArgs({
  options: {
    faces: { type: 'string', default: '3589' },
    population: { type: 'string', default: '32' },
    generations: { type: 'string', default: '20' },
    json: { type: 'boolean', default: false },
  },
});
const ROUNDS = 5;

const dataset = syntheticFaces({ count: Number(values.faces) });
const { frame, classes } = dataset;
const bounds = parseGenomeBounds({ frame, classes: classes.length });
const genomes = Array.from({ length: Number(values.population) }, (_, index) => {
  return randomGenome(bounds, randomStream('maps', index));
});
const generations = Array.from({ length: Number(values.generations) }, (_, generation) => {
  return { generation, genomes: genomes.slice(0, 1 + (generation % genomes.length)) };
});
const face = meanFace(dataset);

const tasks = {
  'mean face': () => meanFace(dataset),
  'best genome, PNG': () => patchMap({ genomes: genomes.slice(0, 1), frame, face }).toPng(),
  'population, PNG': () => patchMap({ genomes, frame, face }).toPng(),
  'population, SVG': () => patchMap({ genomes, frame, face }).toSvg(),
  'generations, APNG': () => convergenceOf({ generations, frame, face }).toApng(),
};
const records = Object.entries(tasks).map(([task, run]) => {
  const times = Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return { task, milliseconds: spreadOf(times) };
});

if (values.json) console.log(JSON.stringify({ faces: dataset.count, population: genomes.length, records }));
else {
  const columns = [
    { title: `${dataset.count} faces`, align: 'left' },
    { title: 'median, ms' },
    { title: 'from' },
    { title: 'to' },
  ];
  const rows = records.map(({ task, milliseconds: { median, minimum, maximum } }) => [
    task,
    ...[median, minimum, maximum].map((time) => time.toFixed(0)),
  ]);
  console.log(formatTable(columns, rows));
}
