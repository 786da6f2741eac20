import { EXPRESSIONS } from '../data/synthetic/index.ts';
import { baselineSpec } from '../genome/whole-face.ts';
import { FACE_FRAME } from '../landmarks/frame-geometry.ts';
import { referenceNetwork } from '../network/reference-network.ts';
import type { NetworkSpec } from '../network/spec.ts';

/** Networks that a command line can name. */
export const NAMED_NETWORKS: Readonly<Record<string, () => NetworkSpec>> = {
  baseline: () => baselineSpec({ classes: EXPRESSIONS.length, frame: FACE_FRAME }),
  reference: referenceNetwork,
};
