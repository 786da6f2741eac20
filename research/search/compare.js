// What a search gets for its compute: the hypervolume of the front against the samples that all trainings saw, for a plain
// genetic algorithm, the full method, aging evolution and random search, each with the compute of the plain one.
//
//   node research/search/compare.js [--data synthetic:13500 | FER.csv.gz] [--points CSV] [--limit 8000] [--seeds a,b,c]
//     [--methods plain,full,aging,random] [--population 16] [--generations 10] [--epochs 3] [--repeats N]
//     [--workers N] [--engine NAME] [--out FILE.json] [--plot FILE.png|FILE.svg] [--title TEXT] [--json]
//
// Data: 8,000 training rows, stratified, drawn with the seed 'bench search' (by whole people where people are known); a
// fitness evaluation learns from 6,800 of them and is scored on the rest. Networks of at most 60,000 parameters and a
// million multiply-accumulates, 3 epochs: about 1 s each.
//
// Methods: 'plain' is NSGA-II with every genome trained to the top, from one seed, with fixed operator rates; 'rungs' adds
// successive halving to it and 'surrogate' a model of the loss; 'full' is the default: both, adaptive rates, and members
// of the front trained again with up to three seeds; 'aging' and 'random' are plain otherwise. A front of means over seeds
// is scored lower than one of single lucky trainings: --repeats 1 (or any number, for all methods) takes that handicap
// from 'full'.
//
// --out keeps every finished search; the same command goes on from there.
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { writeFileAtomic } from '../../dist/core/atomic-file.js';
import { formatTable } from '../../dist/summary/table.js';
import { chartPng, chartSvg } from '../charts/chart-frame.js';
import { drawCurves } from '../charts/draw-curves.js';
import { bandOf, summarizeSearches } from './curves.js';
import { searchData } from './data.js';
import { METHOD_TITLES, METHODS, measureSearch } from './methods.js';

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: 'synthetic:13500' },
    points: { type: 'string' },
    cache: { type: 'string' },
    limit: { type: 'string', default: '8000' },
    seeds: { type: 'string', default: 'a,b,c' },
    methods: { type: 'string', default: 'plain,full,aging,random' },
    population: { type: 'string', default: '16' },
    generations: { type: 'string', default: '10' },
    epochs: { type: 'string', default: '3' },
    repeats: { type: 'string' },
    workers: { type: 'string' },
    engine: { type: 'string' },
    out: { type: 'string' },
    plot: { type: 'string' },
    title: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const seeds = values.seeds.split(',');
const methods = values.methods.split(',');
const unknown = methods.filter((method) => !(method in METHODS));
if (unknown.length > 0)
  throw new Error(`--methods: no such method: ${unknown}; known are ${Object.keys(METHODS)}`);
if (!methods.includes('plain')) throw new Error("--methods: 'plain' is what the others are compared with");
const others = methods.filter((method) => method !== 'plain');

const dataset = await searchData(values.data, Number(values.limit), values);
const scale = {
  population: Number(values.population),
  generations: Number(values.generations),
  fitness: { epochs: Number(values.epochs) },
  bounds: { maximumParameters: 60_000, maximumMacs: 1_000_000 },
};
const choice = values.repeats === undefined ? {} : { repeats: Number(values.repeats) };
const settings = { dataset: dataset.name, hash: dataset.hash, ...scale, ...choice };
const machine = {
  ...(values.workers && { workers: Number(values.workers) }),
  ...(values.engine && { engine: values.engine }),
};

const searches = values.out && existsSync(values.out) ? earlier(values.out) : [];
for (const seed of seeds) {
  const plain = await searched('plain', seed);
  const budget = plain.points.at(-1).samplesSeen;
  for (const method of others) await searched(method, seed, budget);
}
const chosen = searches.filter(({ method, seed }) => methods.includes(method) && seeds.includes(seed));
const summaries = summarizeSearches(chosen);
if (values.plot) await draw(values.plot);
if (values.json) console.log(JSON.stringify({ settings, summaries, searches: chosen }));
else print();

/** Searches of an earlier call with the same settings. */
function earlier(file) {
  const found = JSON.parse(readFileSync(file, 'utf8'));
  if (JSON.stringify(found.settings) === JSON.stringify(settings)) return found.searches;
  throw new Error(`${file} holds searches with other settings: name another file`);
}

async function searched(method, seed, budget) {
  const known = searches.find((one) => one.method === method && one.seed === seed);
  if (known !== undefined) return known;
  const { front, ...measured } = await measureSearch(
    method,
    seed,
    { ...scale, ...machine, dataset },
    budget,
    choice,
  );
  const search = {
    ...measured,
    front: front.map(({ loss, parameters, accuracy }) => ({ loss, parameters, accuracy })),
  };
  searches.push(search);
  if (values.out) await writeFileAtomic(values.out, `${JSON.stringify({ settings, searches })}\n`);
  const { samplesSeen, evaluations, hypervolume } = search.points.at(-1);
  const cost = `${evaluations} trainings, ${(samplesSeen / 1e6).toFixed(2)} M samples, ${search.seconds.toFixed(0)} s`;
  console.error(`${method} ${seed}: hypervolume ${hypervolume.toFixed(4)} (${cost})`);
  return search;
}

function print() {
  const { population, generations } = scale;
  const budget = chosen.find(({ method }) => method === 'plain').points.at(-1).samplesSeen;
  console.log(`${dataset.name}; ${population} genomes × ${generations} generations of the plain GA:`);
  console.log(`${(budget / 1e6).toFixed(2)} M samples for every method; seeds ${seeds.join(', ')}\n`);
  const rows = summaries.map(({ method, hypervolume, shares, share }) => [
    METHOD_TITLES[method],
    `${hypervolume.mean.toFixed(4)}${hypervolume.deviation === null ? '' : ` ± ${hypervolume.deviation.toFixed(4)}`}`,
    share === null ? notReached(shares) : percent(share),
    shares.map((one) => (one === null ? '–' : percent(one))).join(', '),
  ]);
  const columns = [
    { title: 'method', align: 'left' },
    { title: 'final hypervolume' },
    { title: "compute to reach the plain GA's" },
    { title: 'of each seed' },
  ];
  console.log(formatTable(columns, rows));
}

function notReached(shares) {
  const reached = shares.filter((one) => one !== null).length;
  return reached === 0 ? 'not reached' : `reached by ${reached} of ${shares.length}`;
}

function percent(share) {
  return `${(100 * share).toFixed(0)} %`;
}

async function draw(file) {
  const order = ['full', 'plain', 'rungs', 'surrogate', 'aging', 'random'].filter((method) =>
    methods.includes(method),
  );
  const curvesOf = (method) => chosen.filter((one) => one.method === method);
  const budget = Math.max(...curvesOf('plain').map(({ points }) => points.at(-1).samplesSeen));
  const lines = order.map((method) => {
    const { samples, mean, least, most } = bandOf(curvesOf(method), budget);
    const millions = [...samples, 1.03 * budget].map((value) => value / 1e6);
    const [means, lows, highs] = [mean, least, most].map((list) => [...list, list.at(-1)]); // so that the end shows
    const band = { samples: millions, mean: means, least: lows, most: highs };
    return { ...band, title: METHOD_TITLES[method], main: method === 'full' };
  });
  const summaryOf = (method) => summaries.find((one) => one.method === method);
  const level = summaryOf('plain').hypervolume.mean;
  const share = summaryOf('full')?.share ?? null;
  const runs =
    seeds.length === 1 ? 'one seed' : `means of ${seeds.length} seeds, shaded from the least to the most`;
  const chart = {
    title: values.title ?? 'What a search gets for its compute',
    subtitle: `${dataset.name}; ${scale.population} genomes a generation; ${runs}`,
    xTitle: 'compute: samples that all trainings saw, millions',
    yTitle: 'hypervolume of the front (loss × parameters), share of the box below the reference point',
    lines,
    ...(share === null
      ? { level: { value: level, title: 'where the plain GA ends' } }
      : {
          level: { value: level },
          mark: {
            samples: (share * budget) / 1e6,
            value: level,
            title: `${percent(share)} of the compute`,
          },
        }),
  };
  const drawing = (context) => drawCurves(context, chart);
  await writeFile(file, file.endsWith('.svg') ? chartSvg(drawing) : chartPng(drawing));
}
