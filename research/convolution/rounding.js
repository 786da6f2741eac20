// Does the rounding of Winograd's form of convolutions change how a network learns? Trains the 2M baseline on drawn faces with
// some seeds in both forms, and prints loss and accuracy on the validation rows after each epoch, side by side.
//
//   node research/convolution/rounding.js [--faces 900] [--epochs 8] [--network baseline] [--seeds a,b,c]
import { parseArgs } from 'node:util';
import { syntheticFaces, trainModel } from '../../dist/index.js';
import { formatTable } from '../../dist/summary/table.js';

const { values } = parseArgs({
  options: {
    faces: { type: 'string', default: '900' },
    epochs: { type: 'string', default: '8' },
    network: { type: 'string', default: 'baseline' },
    seeds: { type: 'string', default: 'a,b,c' },
  },
});
const FORMS = ['direct', 'winograd'];

const dataset = syntheticFaces({ count: Number(values.faces), seed: 'rounding' });
const runs = [];
for (const seed of values.seeds.split(',')) {
  for (const convolution of FORMS) {
    const config = { epochs: Number(values.epochs), convolution };
    const { epochs } = await trainModel({ dataset, network: values.network, seed, config });
    runs.push({ title: `${seed}, ${convolution}`, epochs });
  }
}
const columns = ['epoch', ...runs.map(({ title }) => title)].map((title) => ({ title }));
const rows = runs[0].epochs.map(({ epoch }, i) => [
  `${epoch}`,
  ...runs.map(({ epochs }) => inWords(epochs[i])),
]);
console.log(formatTable(columns, rows));

function inWords({ validationLoss, validationAccuracy }) {
  return `${validationLoss.toFixed(4)} ${(100 * validationAccuracy).toFixed(1)} %`;
}
