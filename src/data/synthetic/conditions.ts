import type { RandomStream } from '../../core/random.ts';

/** Side of a synthetic picture, pixels. */
export const PICTURE_SIZE = 48;

/** The pose of the head: scale in pixels per face unit, roll in radians (clockwise), the rest in pixels or face units. */
export interface Pose {
  readonly scale: number;
  readonly roll: number;
  /** Shift of the head in the picture, pixels. */
  readonly x: number;
  readonly y: number;
  /** How far the middle of the face moves against its outline as the head turns or nods, face units. */
  readonly yaw: number;
  readonly pitch: number;
}

/** An object in front of the face: a thick curve in pixels. */
export interface Occluder {
  readonly path: readonly number[];
  readonly width: number;
  readonly grey: number;
}

/** All properties of a picture except the person and the expression. */
export interface Conditions {
  readonly pose: Pose;
  /** How much brighter the right and lower borders are than the middle (−1 to 1), and the whole picture. */
  readonly light: {
    readonly x: number;
    readonly y: number;
    readonly exposure: number;
    readonly contrast: number;
  };
  readonly background: { readonly left: number; readonly right: number; readonly clothing: number };
  readonly occluders: readonly Occluder[];
  /** 0 sharp to 1 strongly blurred. */
  readonly blur: number;
  /** Standard deviation of the noise (greys from 0 to 1) and its offset in the noise tile. */
  readonly noise: { readonly deviation: number; readonly offset: number };
  /** How much stronger the expression is on the left of the picture, −1 to 1. */
  readonly asymmetry: number;
}

/** A frontal face in flat light, sharp and without noise. */
export const STUDIO: Conditions = {
  pose: { scale: 0.78, roll: 0, x: 0, y: 0, yaw: 0, pitch: 0 },
  light: { x: 0, y: 0, exposure: 0, contrast: 1 },
  background: { left: 0.85, right: 0.85, clothing: 0.3 },
  occluders: [],
  blur: 0,
  noise: { deviation: 0, offset: 0 },
  asymmetry: 0,
};

/** Draws random conditions with the variety of pictures found on the web. */
export function drawConditions(random: RandomStream, skin: number): Conditions {
  const between = (low: number, high: number) => low + (high - low) * random.uniform();
  const around = (reach: number) => reach * (random.uniform() - random.uniform());

  const background = between(0.08, 0.92);
  return {
    pose: {
      scale: 0.78 + around(0.08),
      roll: around(0.28),
      x: around(2),
      y: around(2),
      yaw: around(2.6),
      pitch: around(1.5),
    },
    light: { x: around(0.5), y: around(0.3), exposure: around(0.08) - 0.03, contrast: between(0.85, 1.2) },
    background: {
      left: background,
      right: Math.min(0.95, Math.max(0.05, background + around(0.3))),
      clothing: between(0.08, 0.85),
    },
    occluders: random.chance(0.2) ? drawOccluders(random, skin) : [],
    blur: random.uniform() * random.uniform(),
    noise: { deviation: between(0.004, 0.03), offset: random.uniform() },
    asymmetry: around(0.35),
  };
}

/** Draws a hand, a strand of hair, a scarf or a bar. */
function drawOccluders(random: RandomStream, skin: number): Occluder[] {
  const between = (low: number, high: number) => low + (high - low) * random.uniform();
  const side = random.chance(0.5) ? 1 : -1;
  const across = (x: number) => PICTURE_SIZE / 2 + side * x;
  switch (random.pick(['hand', 'strand', 'scarf', 'bar'])) {
    case 'hand': {
      const x = between(4, 15);
      const y = between(22, 36);
      const grey = skin * between(0.8, 0.92);
      const fingers = [0, 1, 2, 3].map((finger) => ({
        path: [across(x + 3.6 * finger - 5), y + Math.abs(finger - 1.4), across(x + 2.6 * finger), y + 11],
        width: 3,
        grey: grey * (finger % 2 === 0 ? 1 : 0.93),
      }));
      return [
        { path: [across(x + 3), y + 8, across(x + 7), y + 30], width: 13, grey: grey * 0.96 },
        ...fingers,
      ];
    }
    case 'strand': {
      const x = between(3, 12);
      const path = [across(x - 4), -2, across(x), 10, across(x + 4), 22, across(x + 5), between(26, 44)];
      const grey = between(0.05, 0.4);
      return [0, 1, 2].map((hair) => ({
        path: path.map((v, i) => (i % 2 === 0 ? v + side * hair * (1.2 + i / 4) : v)),
        width: between(1, 2.2),
        grey,
      }));
    }
    case 'scarf': {
      const y = between(37, 45);
      const grey = between(0.1, 0.85);
      const fold = (down: number) =>
        [-2, 11, 24, 37, 50].flatMap((x) => [x, y + down + 4 - ((x - 24) / 13) * ((x - 24) / 13)]);
      return [
        { path: fold(5), width: 13, grey },
        { path: fold(2), width: 1.2, grey: grey * 0.7 },
      ];
    }
    default: {
      const y = between(2, 46);
      return [{ path: [-2, y + between(-8, 8), 50, y], width: between(2, 5), grey: between(0.05, 0.95) }];
    }
  }
}
