// Evolves face patches on drawn faces, compares the best with a full-face network, and draws where it looks.
import { compareNetworks, evolvePatches, formatComparison, ProgressLine, syntheticFaces } from 'evopatch';

const progress = new ProgressLine(process.stderr);
const result = await evolvePatches({
  dataset: syntheticFaces({ count: 1750 }),
  population: 12,
  generations: 6,
  seed: 'example',
  onEvent: progress.show,
}).finally(progress.end);

console.log(formatComparison(await compareNetworks(result), result));
console.log(`\n${result.best.summary}`);

await result.best.save('runs/example/best.safetensors');
await result.patchMap().savePng('runs/example/patches.png');
console.log('runs/example/patches.png shows where it looks.');
