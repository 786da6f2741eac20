import type { FrameGeometry } from '../landmarks/frame-geometry.ts';
import { faceSquare, moveInside, type Rectangle } from './patches.ts';

/**
 * A part of the face, in 48ths of the face's side from the upper left corner of its square; for a mirrored pair, the left
 * half.
 */
export interface FacePart extends Rectangle {
  readonly mirrored: boolean;
}

export type Size = Pick<Rectangle, 'width' | 'height'>;

const SIDE_OF_FACE = 48;

/** Parts of the mean aligned face. */
export const FACE_PARTS = {
  eyesWithBrows: { x: 4, y: 8, width: 20, height: 16, mirrored: true },
  mouth: { x: 10, y: 30, width: 28, height: 16, mirrored: false },
  nose: { x: 16, y: 18, width: 16, height: 16, mirrored: false },
  cheeks: { x: 3, y: 22, width: 14, height: 14, mirrored: true },
  brows: { x: 5, y: 8, width: 16, height: 8, mirrored: true },
  eyes: { x: 9, y: 13, width: 14, height: 10, mirrored: true },
  lips: { x: 14, y: 33, width: 20, height: 10, mirrored: false },
  upperFace: { x: 0, y: 4, width: 24, height: 22, mirrored: true },
  lowerFace: { x: 2, y: 26, width: 22, height: 20, mirrored: true },
} as const satisfies Record<string, FacePart>;

/**
 * Places a part in a frame, its width and height scaled by factors about its centre as far as there is room: a pair stays in
 * its half of the face, so that its two halves never overlap.
 */
export function placePart(part: FacePart, frame: FrameGeometry, across = 1, down = across): Rectangle {
  const face = faceSquare(frame);
  const unit = face.width / SIDE_OF_FACE;
  const room = part.mirrored ? { ...face, width: face.width / 2 } : face;
  const scaled = (side: number, factor: number, maximum: number) => {
    return Math.min(Math.max(Math.round(side * unit * factor), 1), maximum);
  };
  const size = {
    width: scaled(part.width, across, room.width),
    height: scaled(part.height, down, room.height),
  };
  const x = face.x + (part.x + part.width / 2) * unit;
  const y = face.y + (part.y + part.height / 2) * unit;
  return centred(x, y, size, room);
}

/** Finds the rectangle of this size inside `room` whose centre is nearest to a point, in whole pixels. */
export function centred(x: number, y: number, { width, height }: Size, room: Rectangle): Rectangle {
  const corner = { x: Math.round(x - width / 2), y: Math.round(y - height / 2) };
  return moveInside({ ...corner, width, height }, room);
}
