// Recognises the expressions on a photo: finds every face, aligns it, reads its patches, and draws the result.
//
//   node dist/examples/photo.js [MODEL.safetensors [PHOTO.jpg [OUT.png]]]
//
// Without a model, it trains a small one on drawn faces in under a minute. That model only shows how the parts fit together;
// its predictions on photos mean nothing. For real ones, train on photos ('evopatch evolve --data …') and pass the model.
// Without a photo, it uses one that comes with face-api.
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { decodePhoto, drawPredictions, evolvePatches, loadModel, syntheticFaces } from 'evopatch';

const [
  given,
  file = createRequire(import.meta.url).resolve('face-api.js/demo/sample1.jpg'),
  out = 'runs/photo/predicted.png',
] = process.argv.slice(2);

const model = await loadModel(given ?? (await modelOfDrawnFaces('runs/photo/drawn-faces.safetensors')));
const photo = await decodePhoto(file);
const start = performance.now();
const faces = await model.predictFaces(photo, { attributes: true });
console.log(`${file}: ${faces.length} faces in ${Math.round(performance.now() - start)} ms`);
for (const { label, probability, box, pose, attributes } of faces) {
  const position = `${box.width}×${box.height} at (${box.x}, ${box.y}), turned by ${Math.round(pose.roll)}°`;
  const person = attributes && `${attributes.gender}, about ${Math.round(attributes.age)}`;
  console.log(`  ${label} (${Math.round(100 * probability)} %): ${person}; ${position}`);
}
await mkdir(dirname(out), { recursive: true });
await writeFile(out, drawPredictions(photo, faces));
console.log(`${out} shows them.`);
if (given === undefined) {
  console.log('The model was trained on drawn faces only, so these expressions mean nothing.');
}

/** Evolves a small model on drawn faces. */
async function modelOfDrawnFaces(path: string): Promise<string> {
  console.log('No model given: training one on drawn faces …');
  const { best } = await evolvePatches({
    dataset: syntheticFaces({ count: 1400 }),
    population: 6,
    generations: 3,
    seed: 'photo',
    bounds: { minimumPatches: 2, maximumPatches: 4, minimumSide: 12, maximumParameters: 40_000 },
    finalists: 2,
    final: { epochs: 20 },
    baseline: false,
    controls: 'none',
  });
  await best.save(path);
  console.log(best.summary);
  return path;
}
