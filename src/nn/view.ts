import { cos } from '../core/portable-math.ts';
import type { RandomStream } from '../core/random.ts';
import type { TrainingConfig } from './training-config.ts';

/** The view of a sample: shifted by whole pixels, flipped left to right, rotated and zoomed about the frame's centre. */
export interface View {
  readonly shiftX: number;
  readonly shiftY: number;
  readonly flip: boolean;
  /** Clockwise, radians in ±π; 0 if left out. */
  readonly rotation?: number;
  /** Magnification of the face; 1 if left out. */
  readonly zoom?: number;
}

/** The number 1 in the fixed-point format of rotations and zooms. */
export const ONE = 65_536;

export const UNCHANGED: View = { shiftX: 0, shiftY: 0, flip: false };

/** Encodes a view for the kernel of crops: shifts, flip, and cosine and sine in fixed point. */
export function encodeView({ shiftX, shiftY, flip, rotation = 0, zoom = 1 }: View): number[] {
  const cosine = Math.round((ONE * cos(rotation)) / zoom);
  const sine = Math.round((ONE * cos(rotation - Math.PI / 2)) / zoom);
  return [shiftX, shiftY, flip ? 1 : 0, cosine, sine];
}

/** Draws the view of a sample in a training step. Augmentations that are off draw no random numbers. */
export function randomView(config: TrainingConfig, random: RandomStream): View {
  const { flip, shift, rotation = 0, zoom = 0 } = config;
  const within = (limit: number) => (limit === 0 ? 0 : limit * (2 * random.uniform() - 1));
  return {
    shiftX: shift === 0 ? 0 : random.integer(-shift, shift),
    shiftY: shift === 0 ? 0 : random.integer(-shift, shift),
    flip: flip && random.chance(0.5),
    rotation: (within(rotation) * Math.PI) / 180,
    zoom: 1 + within(zoom),
  };
}
