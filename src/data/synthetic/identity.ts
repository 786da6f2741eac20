import type { RandomStream } from '../../core/random.ts';

/**
 * The traits of one person's face. On the average face, factors are about 1 and offsets 0; offsets are in face units (see
 * `FaceShape`), greys go from 0 (black) to 1 (white).
 */
export interface Identity {
  /** `jaw`: above 0 square, below 0 pointed. */
  readonly face: { readonly width: number; readonly length: number; readonly jaw: number };
  /** `slant` raises the outer corner. */
  readonly eyes: {
    readonly size: number;
    readonly openness: number;
    readonly spread: number;
    readonly slant: number;
    readonly grey: number;
  };
  /** `tilt` raises the outer end; `width` is that of the hair in face units. */
  readonly brows: {
    readonly height: number;
    readonly tilt: number;
    readonly width: number;
    readonly grey: number;
  };
  readonly nose: { readonly width: number; readonly length: number };
  /** `droop` lowers the corners; `contrast` is that of the lips with the skin. */
  readonly mouth: {
    readonly width: number;
    readonly fullness: number;
    readonly lower: number;
    readonly droop: number;
    readonly contrast: number;
  };
  readonly skin: number;
  /** `line` raises the hair line; `length` goes from 0 (short) to 1 (shoulder-long); `bald` removes the hair. */
  readonly hair: {
    readonly grey: number;
    readonly line: number;
    readonly length: number;
    readonly parting: number;
    readonly bald: boolean;
  };
  /** Thickness of the beard and of the moustache, 0 (none) to 1. */
  readonly beard: number;
  readonly moustache: number;
  /** Grey of the rims; absent without glasses. */
  readonly glasses?: number;
  /** Depth of the folds that remain when the face rests, 0 to 1. */
  readonly age: number;
}

/** The average person, who wears nothing on the face. */
export const AVERAGE: Identity = {
  face: { width: 1, length: 1, jaw: 0 },
  eyes: { size: 1.1, openness: 1.2, spread: 1, slant: 0, grey: 0.2 },
  brows: { height: 0, tilt: 0, width: 1.5, grey: 0.25 },
  nose: { width: 1, length: 1 },
  mouth: { width: 1, fullness: 1, lower: 0, droop: 0, contrast: 0.3 },
  skin: 0.75,
  hair: { grey: 0.2, line: 0, length: 0, parting: 0, bald: false },
  beard: 0,
  moustache: 0,
  age: 0.2,
};

/** Draws a random person. */
export function drawIdentity(random: RandomStream): Identity {
  const between = (low: number, high: number) => low + (high - low) * random.uniform();
  /** Draws from a triangular distribution, so that average values are more likely. */
  const around = (centre: number, reach: number) => centre + reach * (random.uniform() - random.uniform());

  const skin = between(0.42, 0.8);
  const age = random.uniform();
  const dark = between(0.05, skin - 0.25);
  const hairGrey = random.chance(0.2) ? Math.min(0.9, skin + between(0, 0.2)) : dark;
  const masculine = random.chance(0.5);
  const bearded = masculine && random.chance(0.35);
  return {
    face: { width: around(1, 0.09), length: around(1, 0.08), jaw: around(masculine ? 0.08 : -0.08, 0.15) },
    eyes: {
      size: around(1.1, 0.14),
      openness: around(1.2, 0.3),
      spread: around(1, 0.07),
      slant: around(0, 0.5),
      grey: between(0.08, 0.38),
    },
    brows: {
      height: around(0, 0.9),
      tilt: around(0, 0.6),
      width: between(masculine ? 1.2 : 0.8, masculine ? 2.1 : 1.6),
      grey: Math.min(hairGrey * 0.7 + 0.06, skin - 0.28),
    },
    nose: { width: around(1, 0.2), length: around(1, 0.1) },
    mouth: {
      width: around(1, 0.14),
      fullness: around(1, 0.3),
      lower: around(0, 0.8),
      droop: around(0, 0.4),
      contrast: between(0.15, masculine ? 0.32 : 0.5),
    },
    skin,
    hair: {
      grey: hairGrey,
      line: around(0, 3.5),
      length: masculine ? between(0, 0.25) : between(0.2, 1),
      parting: around(0, 6),
      bald: masculine && random.chance(0.15),
    },
    beard: bearded ? between(0.3, 0.9) : 0,
    moustache: masculine && random.chance(bearded ? 0.8 : 0.08) ? between(0.3, 0.9) : 0,
    ...(random.chance(0.15) && { glasses: between(0.05, 0.45) }),
    age,
  };
}
