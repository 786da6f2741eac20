// Checks that imports under src/ point only downward, from a layer to itself or to one it may use, without cycles, and from one
// sub-folder of a layer to another only in the order below.
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('../src', import.meta.url));

/** What each layer may import besides itself and `core`. */
const ALLOWED = {
  core: [],
  charts: [],
  network: [],
  images: [],
  landmarks: ['images'],
  genome: ['network', 'landmarks'],
  data: ['images', 'landmarks'],
  nn: ['network'],
  zoo: ['network', 'genome', 'landmarks'],
  fitness: ['network', 'genome', 'data', 'nn'],
  queue: ['network', 'data', 'nn', 'fitness'],
  training: ['network', 'genome', 'data', 'landmarks', 'nn', 'zoo', 'fitness', 'distillation', 'options'],
  ensemble: ['network', 'data', 'nn', 'fitness'],
  distillation: ['network', 'data', 'nn', 'fitness', 'ensemble'],
  onnx: ['network', 'data', 'nn', 'fitness', 'ensemble'],
  tfjs: ['network', 'landmarks', 'nn', 'ensemble'],
  maps: ['charts', 'images', 'network', 'genome', 'landmarks', 'data'],
  saliency: ['images', 'network', 'genome', 'landmarks', 'data', 'nn'],
  prediction: ['charts', 'images', 'landmarks', 'network', 'genome', 'nn', 'ensemble', 'maps', 'saliency'],
  search: ['network', 'genome', 'landmarks', 'fitness'],
  options: ['network', 'genome', 'landmarks', 'data', 'nn', 'fitness', 'distillation', 'search'],
  run: ['genome', 'landmarks', 'nn', 'fitness', 'maps', 'search', 'options'],
  evolution: [
    'network',
    'genome',
    'landmarks',
    'data',
    'nn',
    'fitness',
    'distillation',
    'maps',
    'search',
    'options',
    'run',
  ],
  report: [
    'charts',
    'images',
    'landmarks',
    'network',
    'genome',
    'data',
    'nn',
    'fitness',
    'maps',
    'saliency',
    'search',
    'options',
    'run',
    'evolution',
    'summary',
  ],
  bench: [
    'images',
    'landmarks',
    'network',
    'genome',
    'zoo',
    'data',
    'nn',
    'fitness',
    'prediction',
    'search',
    'options',
    'evolution',
  ],
  summary: [
    'landmarks',
    'network',
    'genome',
    'nn',
    'training',
    'saliency',
    'search',
    'options',
    'run',
    'evolution',
    'bench',
  ],
};
ALLOWED.browser = ['charts', 'images', 'landmarks', 'network', 'genome', 'nn', 'ensemble', 'prediction'];
ALLOWED.testing = Object.keys(ALLOWED).filter((layer) => layer !== 'browser');
const TOP = Object.keys(ALLOWED).filter((layer) => layer !== 'browser');
ALLOWED.cli = TOP;
ALLOWED[''] = TOP;

const layerOf = (file) => (dirname(file) === '.' ? '' : file.split('/')[0]);

/** Sub-folders that may import from those before them; what others share belongs to their layer itself. */
const ORDER = {
  search: ['samplers', 'surrogate', 'asynchronous'],
  cli: ['program', 'outputs', 'prediction', 'data', 'options', 'models', 'runs', 'maps', 'bench', 'commands'],
};

function mayImport(layer, [, room], [, other]) {
  if (room === undefined || other === undefined || room === other) return true;
  const order = ORDER[layer] ?? [];
  return order.includes(other) && order.indexOf(other) < order.indexOf(room);
}

async function importsOf(file) {
  const text = await readFile(join(source, file), 'utf8');
  const targets = [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']*)'/g)].map(([, path]) => path);
  return targets.map((path) => relative(source, join(source, dirname(file), path)));
}

const files = (await readdir(source, { recursive: true })).filter((file) => file.endsWith('.ts'));
const graph = new Map(await Promise.all(files.map(async (file) => [file, await importsOf(file)])));
const problems = [];

for (const [file, targets] of graph) {
  const layer = layerOf(file);
  for (const target of targets) {
    const below = layerOf(target);
    if (!graph.has(target)) problems.push(`${file} imports ${target}, which does not exist`);
    else if (below !== layer && below !== 'core' && !ALLOWED[layer]?.includes(below)) {
      problems.push(`${file}: layer '${layer}' may not import '${target}'`);
    } else if (below === layer && !mayImport(layer, dirname(file).split('/'), dirname(target).split('/'))) {
      problems.push(`${file}: this sub-folder of '${layer}' may not import '${target}'`);
    }
  }
}

const done = new Set();
function visit(file, path) {
  if (path.includes(file)) problems.push(`cycle: ${[...path.slice(path.indexOf(file)), file].join(' → ')}`);
  if (done.has(file) || path.includes(file)) return;
  for (const target of graph.get(file) ?? []) visit(target, [...path, file]);
  done.add(file);
}
for (const file of files) visit(file, []);

for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
console.log(`imports: ${files.length} files, all downward, no cycles`);
