import { faceSquare } from '../genome/patches.ts';
import type { NetworkTarget } from '../genome/to-network-spec.ts';
import {
  conv2d,
  crop,
  type Drafts,
  depthwise,
  normalization,
  relu,
  resize,
  writeNetwork,
} from '../network/notation.ts';
import type { CropLayer, NetworkSpec } from '../network/spec.ts';

/** The input of a published network. */
export interface FaceInput {
  /** Side of its square input, pixels; a face of another size is resampled. */
  readonly side?: number;
  readonly levels?: CropLayer['levels'];
}

/** Builds a published network for the frames of a target. It reads the layer `face`: the frame without its border. */
export function faceNetwork(
  name: string,
  { classes, frame }: NetworkTarget,
  { side, levels }: FaceInput,
  drafts: Drafts,
): NetworkSpec {
  const { x, y, width, height } = faceSquare(frame);
  const square = crop(width, height, { x, y, ...(levels === undefined ? {} : { levels }) });
  const face: Drafts =
    side === undefined || side === width
      ? { face: square }
      : { 'face.crop': square, face: resize(side, side) };
  return writeNetwork(name, frame.size, classes, { ...face, ...drafts });
}

/** Builds a separable convolution of 3×3 without bias: layers `name.depthwise` and `name`. */
export function separable(name: string, filters: number, input?: string): Drafts {
  return {
    [`${name}.depthwise`]: depthwise(3, { bias: false, ...(input === undefined ? {} : { input }) }),
    [name]: conv2d(filters, 1, { bias: false }),
  };
}

/** Adds batch normalisation by the statistics of the whole mini-batch, and a ReLU, after the layer `name`. */
export function normalized(name: string): Drafts {
  return { [`${name}-norm`]: normalization('batch'), [`${name}-norm-relu`]: relu() };
}
