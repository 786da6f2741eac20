// Whether maps of what a network looks at show what there is to see. Drawn faces know that place: where the mean faces of
// the expressions lie apart. One small network is trained on them; each method's maps of it, on faces that it did not
// learn from, are scored against that truth. Beside them stand the patches themselves, which know nothing of the training,
// and chance.
//
//   node research/saliency/score-maps.js [--network patches|face] [--faces 4000] [--epochs 12] [--limit 400] [--seed a] [--engine NAME]
//     [--json]
//
// Network: patches on eyes with brows and on the mouth, or the whole face with as many parameters.
// Precision: area under the precision-recall curve for the pixels that hold half of the differences' mass. Pointing:
// whether the highest pixel is one of them. Once for all classes together, once for each, the mean. On the face, and among
// the pixels that the network reads. Chance is the share of such pixels.
import { parseArgs } from 'node:util';
import { EYES_AND_MOUTH } from '../../dist/bench/untrained-model.js';
import { indicesOf } from '../../dist/data/dataset.js';
import { syntheticFaces } from '../../dist/data/synthetic/index.js';
import { parseGenomeBounds } from '../../dist/genome/bounds.js';
import { toNetworkSpec } from '../../dist/genome/to-network-spec.js';
import { wholeFaceControl } from '../../dist/genome/whole-face.js';
import { readPixels } from '../../dist/network/read-pixels.js';
import { openEngine } from '../../dist/nn/engine.js';
import { measure } from '../../dist/nn/measure.js';
import { trainNetwork } from '../../dist/nn/train-network.js';
import { trainingConfig } from '../../dist/nn/training-config.js';
import { classSaliency } from '../../dist/saliency/class-saliency.js';
import { SALIENCY_METHODS } from '../../dist/saliency/explainer.js';
import { occlusion } from '../../dist/saliency/occlusion.js';
import { occlusionMaps } from '../../dist/saliency/region-table.js';
import { formatTable } from '../../dist/summary/table.js';
import { assessMaps } from './map-scores.js';

const { values } = parseArgs({
  options: {
    network: { type: 'string', default: 'patches' },
    faces: { type: 'string', default: '4000' },
    epochs: { type: 'string', default: '12' },
    limit: { type: 'string', default: '400' },
    seed: { type: 'string', default: 'a' },
    engine: { type: 'string', default: 'auto' },
    json: { type: 'boolean', default: false },
  },
});
const NETWORKS = { patches: toNetworkSpec, face: wholeFaceControl };
if (!Object.hasOwn(NETWORKS, values.network)) throw new Error('--network is patches or face');

const dataset = syntheticFaces({ count: Number(values.faces), seed: values.seed });
const { frames, labels, frame, classes } = dataset;
const samples = { frames, labels, frameSize: frame.size, classes: classes.length };
const bounds = parseGenomeBounds({ classes: classes.length, frame });
const spec = NETWORKS[values.network](EYES_AND_MOUTH, bounds);
const config = trainingConfig({ epochs: Number(values.epochs), batchSize: 64 });
const engine = await openEngine(values.engine);
const training = indicesOf(dataset, 'train');
const { network } = trainNetwork(engine, spec, samples, { training, config, seed: values.seed });
const indices = indicesOf(dataset, 'validation').slice(0, Number(values.limit));
const { accuracy } = measure(network.predict(samples, indices), labels, indices, classes.length);

const asked = { network, dataset, indices };
const read = readPixels(spec);
const everywhere = { size: frame.size, values: Float64Array.from(read) };
const maps = {
  'occlusion, sliding': async () => occlusionMaps(await occlusion(asked)),
  ...(values.network === 'patches' && {
    'occlusion, by patch': async () => occlusionMaps(await occlusion({ ...asked, hide: EYES_AND_MOUTH })),
  }),
  ...Object.fromEntries(
    SALIENCY_METHODS.map((method) => [method, () => classSaliency({ ...asked, method, explained: 'true' })]),
  ),
  'what is read': () => ({
    grid: everywhere,
    perClass: classes.map((name) => ({ class: name, samples: 0, grid: everywhere })),
  }),
};
const rows = [];
for (const [method, make] of Object.entries(maps)) {
  rows.push({ method, ...assessMaps(await make(), read, frame) });
}

if (values.json) {
  const { seed, faces, epochs } = values;
  const settings = { network: values.network, faces: Number(faces), epochs: Number(epochs), seed };
  console.log(JSON.stringify({ ...settings, samples: indices.length, accuracy, methods: rows }));
} else {
  const cells = ({ overall, perClass }) => [
    overall.averagePrecision.toFixed(2),
    overall.pointing.toFixed(2),
    perClass.averagePrecision.toFixed(2),
    perClass.pointing.toFixed(2),
  ];
  const chance = ({ overall, perClass }) =>
    [overall, overall, perClass, perClass].map((one) => one.chance.toFixed(2));
  const share = (100 * accuracy).toFixed(1);
  console.log(
    `${spec.name} on ${dataset.name}: ${share} % of ${indices.length} faces that it did not learn from\n`,
  );
  const title = (where) => [`${where}: precision`, 'pointing', 'each class', 'pointing'];
  console.log(
    formatTable(
      [
        { title: 'map', align: 'left' },
        ...[...title('face'), ...title('read')].map((name) => ({ title: name })),
      ],
      [
        ...rows.map(({ method, face, read: inside }) => [method, ...cells(face), ...cells(inside)]),
        ['chance', ...chance(rows[0].face), ...chance(rows[0].read)],
      ],
    ),
  );
}
