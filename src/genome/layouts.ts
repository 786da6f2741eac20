import { canonicalJson } from '../core/canonical-json.ts';
import { randomStream } from '../core/random.ts';
import { type GenomeBounds, smallestGenome } from './bounds.ts';
import { canonicalGenome } from './canonical.ts';
import { centred, FACE_PARTS, type FacePart, placePart } from './face-parts.ts';
import { fitNetwork } from './fit-network.ts';
import type { Genome, PatchGene } from './genome.ts';
import { NETWORK } from './network-genes.ts';
import { canonicalPatches, faceSquare, patchAt, withoutOverlaps } from './patches.ts';
import { shrinkToFit } from './shrink.ts';

const { eyesWithBrows, mouth, nose, cheeks, brows, eyes, lips, upperFace, lowerFace } = FACE_PARTS;

/** Parts of each layout, the most informative first. */
const LAYOUTS: readonly (readonly FacePart[])[] = [
  [eyesWithBrows, mouth],
  [mouth, eyes, brows, nose, cheeks],
  [lips, eyes],
  [upperFace, lowerFace],
  [upperFace],
  [lowerFace],
];

/** A network that did well on patches placed by hand. */
export const HAND_MADE_NETWORK = NETWORK.complete({
  filters: [16, 32, 40],
  kernel: 3,
  head: 'flatten',
  denseUnits: 48,
  dropout: 0.1,
});

/**
 * Lays out patches as a person would, to begin a search: eyes with brows and mouth, all parts of the face, small patches on
 * eyes and lips, the upper face, the lower face, and both. All are canonical, within the bounds and different: if the
 * bounds require it, sides are cut or stretched, parts left out or added, and the network made smaller. Equal bounds give
 * equal layouts.
 */
export function sensibleLayouts(bounds: GenomeBounds): Genome[] {
  const layouts = LAYOUTS.map((parts, index): Genome => {
    const patches = patchesOn(parts, bounds);
    if (patches.length < bounds.minimumPatches) return smallestGenome(bounds);
    const genome = canonicalGenome({ patches, network: HAND_MADE_NETWORK });
    const fitting = fitNetwork(genome, bounds, bounds, HAND_MADE_NETWORK.denseUnits) ?? genome;
    return shrinkToFit(fitting, bounds, bounds, randomStream('sensible layout', index));
  });
  return [...new Map(layouts.map((genome) => [canonicalJson(genome), genome])).values()];
}

/** Puts patches on the first parts within the bounds; if these are too few, adds other parts, then any patches. */
function patchesOn(parts: readonly FacePart[], bounds: GenomeBounds): PatchGene[] {
  const onPart = (part: FacePart) => patchOn(part, bounds);
  const apart = (all: readonly PatchGene[]) => canonicalPatches(withoutOverlaps(all, bounds));
  let patches = apart(parts.slice(0, bounds.maximumPatches).map(onPart));
  for (const extra of [...Object.values(FACE_PARTS).map(onPart), ...smallestGenome(bounds).patches]) {
    if (patches.length >= bounds.minimumPatches) break;
    patches = apart([...patches, extra]);
  }
  return patches;
}

function patchOn(part: FacePart, { frame, minimumSide, maximumSide }: GenomeBounds): PatchGene {
  const { x, y, width, height } = placePart(part, frame);
  const within = (side: number) => Math.min(Math.max(side, minimumSide), maximumSide);
  const size = { width: within(width), height: within(height) };
  const rectangle = centred(x + width / 2, y + height / 2, size, faceSquare(frame));
  return patchAt(rectangle, { mirrored: part.mirrored, scale: 1 }, frame);
}
