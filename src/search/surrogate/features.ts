import { log } from '../../core/portable-math.ts';
import type { Genome } from '../../genome/genome.ts';
import { NETWORK } from '../../genome/network-genes.ts';
import { faceSquare, rectanglesOf } from '../../genome/patches.ts';
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
  const read = new Uint8Array(face.width * face.height);
  for (const rectangle of patches.flatMap((patch) => rectanglesOf(patch, frame))) {
    const left = Math.max(0, rectangle.x - face.x);
    const right = Math.min(face.width, rectangle.x - face.x + rectangle.width);
    const top = Math.max(0, rectangle.y - face.y);
    const bottom = Math.min(face.height, rectangle.y - face.y + rectangle.height);
    for (let row = top; row < bottom; row++) read.fill(1, row * face.width + left, row * face.width + right);
  }
  const half = COLUMNS / 2;
  const cells = new Float64Array(ROWS * half);
  let total = 0;
  for (const [pixel, value] of read.entries()) {
    const row = Math.floor((Math.floor(pixel / face.width) * ROWS) / face.height);
    const column = Math.floor(((pixel % face.width) * COLUMNS) / face.width);
    cells[row * half + Math.min(column, COLUMNS - 1 - column)] += value;
    total += value;
  }
  const cellPixels = (2 * read.length) / (ROWS * COLUMNS);
  return [total / read.length, ...Array.from(cells, (value) => (0.5 * value) / cellPixels)];
}
