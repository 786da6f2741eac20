import type { FrameGeometry } from './frame-geometry.ts';

/** Points of the 68-point scheme (Gross et al., Multi-PIE; Sagonas et al. 2013, 300-W). */
export const POINT_COUNT = 68;
/** The first point inside the face; those before it are along the jaw. */
export const FIRST_INNER_POINT = 17;
/** The tip of the nose. */
export const NOSE_TIP = 30;

/** Side of the square crops of the mean shape, pixels. */
export const CROP_SIZE = 48;

/**
 * The mean face: x and y of the 68 points in a 48×48 crop, pixels from its left and upper edges. Computed from the points that a
 * landmark network predicted on the 28,709 training rows of FER2013, by a generalised Procrustes fit (Gower 1975) over the inner
 * points 17–67, and made symmetric about x = 24. Size and position are the means of those crops.
 */
export const MEAN_SHAPE: readonly (readonly [x: number, y: number])[] = [
  // jaw, from the ear on the left of the picture to the one on the right
  [3.96, 17.85],
  [4.41, 23.09],
  [5.42, 27.91],
  [6.5, 32.23],
  [8.33, 36.81],
  [10.99, 40.51],
  [14.04, 43.04],
  [18, 45.59],
  [24, 47.15],
  [30, 45.59],
  [33.96, 43.04],
  [37.01, 40.51],
  [39.67, 36.81],
  [41.5, 32.23],
  [42.58, 27.91],
  [43.59, 23.09],
  [44.04, 17.85],
  // left brow, from outside in; right brow, from inside out
  [7.97, 13.34],
  [10.45, 11.76],
  [13.59, 11.39],
  [16.43, 11.77],
  [18.93, 12.65],
  [29.07, 12.65],
  [31.57, 11.77],
  [34.41, 11.39],
  [37.55, 11.76],
  [40.03, 13.34],
  // bridge of the nose from above, ending at the tip; nostrils from left to right
  [24, 18.51],
  [24, 22.14],
  [24, 25.49],
  [24, 28.56],
  [20.72, 30.42],
  [22.16, 30.9],
  [24, 31.34],
  [25.84, 30.9],
  [27.28, 30.42],
  // left eye and right eye, each clockwise from its left corner
  [11.9, 17.66],
  [13.77, 16.92],
  [16.35, 16.9],
  [18.64, 18.16],
  [16.58, 18.85],
  [13.87, 18.82],
  [29.36, 18.16],
  [31.65, 16.9],
  [34.23, 16.92],
  [36.1, 17.66],
  [34.13, 18.82],
  [31.42, 18.85],
  // outer lips, clockwise from the left corner
  [17.12, 36.72],
  [19.6, 35.61],
  [22.46, 34.74],
  [24, 35.07],
  [25.54, 34.74],
  [28.4, 35.61],
  [30.88, 36.72],
  [28.49, 38.76],
  [26.25, 39.81],
  [24, 40.14],
  [21.75, 39.81],
  [19.51, 38.76],
  // inner lips, clockwise from the left corner
  [17.67, 36.74],
  [21.89, 36.4],
  [24, 36.4],
  [26.11, 36.4],
  [30.33, 36.74],
  [26.05, 37.58],
  [24, 37.77],
  [21.95, 37.58],
];

/** How far a face is drawn below its position in the crop, so that the tip of the mean nose meets `FrameGeometry.noseY`. */
const NOSE_SHIFT = 0.44;

/** Gives the mean shape in frame pixels: x0, y0, …, x67, y67. */
export function meanShapeIn(frame: FrameGeometry): Float64Array {
  const points = new Float64Array(2 * POINT_COUNT);
  for (let i = 0; i < POINT_COUNT; i++) {
    points[2 * i] = MEAN_SHAPE[i][0] + frame.border;
    points[2 * i + 1] = MEAN_SHAPE[i][1] + frame.border + NOSE_SHIFT;
  }
  return points;
}
