import { log } from '../../core/portable-math.ts';
import type { Genome } from '../../genome/genome.ts';
import { NETWORK } from '../../genome/network-genes.ts';
import { faceSquare, pixelsOf } from '../../genome/patches.ts';
import type { FrameGeometry } from '../../landmarks/frame-geometry.ts';
import type { NetworkCost } from '../../network/describe.ts';

/** Rows and columns of cells on the face; the shares of its left and its right half are averaged. */
const ROWS = 6;
const COLUMNS = 6;

/**
 * Describes a genome as a point: how large its network is, how much of each cell of the face it reads, and what its network looks like;
 * scaled so that a step of 1 in any direction matters about alike.
 */
export function featuresOf(
  { patches, network }: Genome,
  { parameters, macs }: NetworkCost,
  frame: FrameGeometry,
): number[] {
  return [
    log(parameters) / 3,
    log(macs) / 3,
    ...readingOfCells(patches, frame),
    patches.length / 6,
    ...NETWORK.features(network),
  ];
}

/** Share of the whole face that is read, then half of the share of each cell of a half face that is. */
function readingOfCells(patches: Genome['patches'], frame: FrameGeometry): number[] {
  const face = faceSquare(frame);
  const read = pixelsOf(patches, frame);
  const half = COLUMNS / 2;
  const cells = new Float64Array(ROWS * half);
  const columnOf = Uint8Array.from({ length: face.width }, (_, x) => {
    const column = Math.floor((x * COLUMNS) / face.width);
    return Math.min(column, COLUMNS - 1 - column);
  });
  let total = 0;
  for (let y = 0; y < face.height; y++) {
    const row = half * Math.floor((y * ROWS) / face.height);
    const first = (face.y + y) * frame.size + face.x;
    for (let x = 0; x < face.width; x++) {
      const value = read[first + x];
      cells[row + columnOf[x]] += value;
      total += value;
    }
  }
  const facePixels = face.width * face.height;
  const cellPixels = (2 * facePixels) / (ROWS * COLUMNS);
  return [total / facePixels, ...Array.from(cells, (value) => (0.5 * value) / cellPixels)];
}
