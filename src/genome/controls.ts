import { randomStream } from '../core/random.ts';
import { parameterCount } from '../network/describe.ts';
import type { GenomeBounds } from './bounds.ts';
import { canonicalGenome } from './canonical.ts';
import { centred, FACE_PARTS, placePart, type Size } from './face-parts.ts';
import { fitNetwork } from './fit-network.ts';
import type { Genome, PatchGene } from './genome.ts';
import { coveredPixels, faceSquare, patchAt, type Rectangle } from './patches.ts';
import { canBeHalved } from './random.ts';
import { shrinkToFit } from './shrink.ts';
import { toNetworkSpec } from './to-network-spec.ts';

export type ControlName = 'centre-crop' | 'uniform-grid' | 'hand-placed';

/** Names a genome whose patches no search found. */
export interface ControlGenome {
  readonly name: ControlName;
  readonly genome: Genome;
}

/** Makes patches that cover about this number of pixels, read at one scale. */
type Layout = (pixels: number, scale: PatchGene['scale'], bounds: GenomeBounds) => PatchGene[];

/**
 * Makes the genomes that a genome must beat for its positions to matter: one square in the centre of the face, a uniform
 * grid of 2×2 or 3×3 squares (whichever has nearer to the genome's number of patch genes), and eyes with brows and mouth
 * placed by hand. Each covers about as many pixels as the genome, at the scale of its largest patch, and has its network
 * genes except the sizes. A control has at most the parameters of the genome and the multiply-accumulates of the bounds:
 * `fitNetwork` lowers filters and dense units in proportion and turns left-over parameters into dense units. If even the
 * smallest sizes exceed the genome's parameters, the bounds' parameters are the limit. The bounds do not limit the number
 * and the sides of the patches, because a control is no candidate of the search.
 *
 * @param genome a canonical genome within the bounds
 */
export function controlGenomes(genome: Genome, bounds: GenomeBounds): ControlGenome[] {
  const pixels = coveredPixels(genome, bounds.frame);
  const [{ scale }] = genome.patches.toSorted((a, b) => b.width * b.height - a.width * a.height);
  const layouts: readonly (readonly [ControlName, Layout])[] = [
    ['centre-crop', centreCrop],
    ['uniform-grid', genome.patches.length <= 4 ? uniformGrid(2) : uniformGrid(3)],
    ['hand-placed', handPlaced],
  ];
  return layouts.map(([name, layout]) => {
    return { name, genome: withNetworkOf(genome, layout(pixels, scale, bounds), bounds) };
  });
}

const centreCrop: Layout = (pixels, scale, bounds) => {
  const face = faceSquare(bounds.frame);
  const middle = face.width / 2;
  const size = nearSquare(pixels, face.width);
  return [patchIn(centred(face.x + middle, face.y + middle, size, face), false, scale, bounds)];
};

/** Centres equal squares in n×n equal parts of the face; those left and right of the nose are pairs. */
function uniformGrid(n: 2 | 3): Layout {
  return (pixels, scale, bounds) => {
    const face = faceSquare(bounds.frame);
    const size = nearSquare(pixels / n ** 2, Math.floor(face.width / n));
    const middle = (index: number) => ((index + 1 / 2) * face.width) / n;
    const rows = Array.from({ length: n }, (_, row) => face.y + middle(row));
    const columns = Array.from({ length: Math.ceil(n / 2) }, (_, column) => column);
    return rows.flatMap((y) =>
      columns.map((column) => {
        const square = centred(face.x + middle(column), y, size, face);
        return patchIn(square, 2 * column + 1 < n, scale, bounds);
      }),
    );
  };
}

/** Scales the parts about their centres until they cover as near to the number of pixels as possible. */
const handPlaced: Layout = (pixels, scale, bounds) => {
  const { frame } = bounds;
  const candidates = Array.from({ length: MAX_FACTOR * FACTOR_STEPS }, (_, index) =>
    [FACE_PARTS.eyesWithBrows, FACE_PARTS.mouth].map((part) => {
      return patchIn(placePart(part, frame, (index + 1) / FACTOR_STEPS), part.mirrored, scale, bounds);
    }),
  );
  const missing = candidates.map((patches) => Math.abs(coveredPixels({ patches }, frame) - pixels));
  return candidates[missing.indexOf(Math.min(...missing))];
};

/** At this factor the parts together cover the whole face. */
const MAX_FACTOR = 3;
const FACTOR_STEPS = 32;

/** Computes the sides of a rectangle of about this area, equal to within about a pixel. */
function nearSquare(area: number, maximum: number): Size {
  const within = (side: number) => Math.min(Math.max(Math.round(side), 1), maximum);
  const width = within(Math.sqrt(area));
  return { width, height: within(area / width) };
}

function patchIn(
  rectangle: Rectangle,
  mirrored: boolean,
  scale: PatchGene['scale'],
  bounds: GenomeBounds,
): PatchGene {
  return patchAt(rectangle, { mirrored, scale: canBeHalved(rectangle, bounds) ? scale : 1 }, bounds.frame);
}

function withNetworkOf(genome: Genome, patches: readonly PatchGene[], bounds: GenomeBounds): Genome {
  const control = canonicalGenome({ patches, network: genome.network });
  const { maximumDenseUnits, maximumMacs } = bounds;
  const budget = { maximumParameters: parameterCount(toNetworkSpec(genome, bounds)), maximumMacs };
  return (
    fitNetwork(control, budget, bounds, maximumDenseUnits) ??
    fitNetwork(control, bounds, bounds, bounds.minimumDenseUnits) ??
    shrinkToFit(control, bounds, bounds, randomStream('control'))
  );
}
