// Makes what the page starts with, in the folder `generated`: seven drawn faces of one person, and a small model of drawn
// faces. The genome is the one that `npm run example` finds.
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseGenome, SPLITS, saveModel, syntheticFaces, trainModel } from 'evopatch';
import sharp from 'sharp';

const GENOME = parseGenome({
  patches: [
    { dx: -12, dy: -14, width: 8, height: 12, mirrored: true, scale: 1 },
    { dx: 0, dy: 7, width: 17, height: 8, mirrored: false, scale: 1 },
  ],
  network: {
    branches: 'shared',
    filters: [12, 8, 16],
    convolutions: 1,
    kernel: 3,
    head: 'flatten',
    denseUnits: 24,
    dropout: 0,
  },
});

const folder = new URL('generated/', import.meta.url);
const dataset = syntheticFaces({ count: 4200 });
const trained = await trainModel({ dataset, genome: GENOME, seed: 'page' });
await mkdir(folder, { recursive: true });
await saveModel(fileURLToPath(new URL('drawn-faces.safetensors', folder)), trained);

const { frames, labels, splits, subjects, classes, frame } = dataset;
const size = frame.size;
const person = subjects[splits.indexOf(SPLITS.indexOf('test'))];
for (const [i, subject] of subjects.entries()) {
  if (subject !== person) continue;
  const pixels = frames.slice(i * size * size, (i + 1) * size * size);
  const png = await sharp(pixels, { raw: { width: size, height: size, channels: 1 } })
    .toColourspace('b-w')
    .png()
    .toBuffer();
  await writeFile(new URL(`${classes[labels[i]]}.png`, folder), png);
}
