// Evolves face patches on drawn faces, compares the best with a full-face network, and draws where it looks.
import { compareNetworks, evolvePatches, formatComparison, RunProgress, syntheticFaces } from 'evopatch';

const progress = new RunProgress(process.stderr);
const result = await evolvePatches({
  dataset: syntheticFaces({ count: 2100 }),
  population: 12,
  generations: 6,
  seed: 'example',
  bounds: { maximumPatches: 4, maximumParameters: 40_000, maximumMacs: 2_000_000 },
  final: { epochs: 30 },
  margin: 0.05, // smaller differences cannot be measured on 420 validation faces
  onEvent: progress.show,
}).finally(progress.end);

console.log(formatComparison(await compareNetworks(result), result));
console.log(`\n${result.best.summary}`);

await result.best.save('runs/example/best.safetensors');
await result.patchMap().savePng('runs/example/patches.png');
console.log('runs/example/patches.png shows where it looks.');
