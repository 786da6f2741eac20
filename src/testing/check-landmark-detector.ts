import assert from 'node:assert/strict';
import { syntheticFaces } from '../data/synthetic/index.ts';
import { type Photo, photoOf } from '../images/photo.ts';
import type { LandmarkDetector, LocatedFace } from '../landmarks/landmark-detector.ts';
import { POINT_COUNT } from '../landmarks/mean-shape.ts';

/**
 * Checks what evopatch relies on in a landmark detector: a version; for each photo any number of faces, the highest score first,
 * each with a box, a score from 0 to 1 and 68 finite points; the same answer when it is asked again; and the photo left as it is.
 *
 * @param photos photos to ask the detector about, best with faces and without. @defaultValue a drawn face and a black photo
 * @throws AssertionError that says what is wrong.
 */
export async function checkLandmarkDetector(
  detector: LandmarkDetector,
  photos: readonly Photo[] = [drawnFace(), blackPhoto()],
): Promise<void> {
  assert.ok(
    typeof detector.version === 'string' && detector.version !== '',
    'version: give a text that changes with the results',
  );
  for (const photo of photos) {
    const pixels = photo.pixels.slice();
    const faces = await detector.detect(photo);
    const crop = await detector.locate(photo);
    assert.ok(Array.isArray(faces), 'detect: give an array of faces, empty where there is none');
    for (const face of faces) checkFace('detect', face);
    checkFace('locate', crop);
    const scores = faces.map(({ score }) => score);
    assert.deepEqual(
      scores,
      scores.toSorted((a, b) => b - a),
      'detect: give the highest score first',
    );
    assert.deepEqual(photo.pixels, pixels, 'leave the pixels of the photo as they are');
    assert.deepEqual(await detector.detect(photo), faces, 'detect: give the same faces for the same photo');
    assert.deepEqual(await detector.locate(photo), crop, 'locate: give the same face for the same photo');
    for (const face of detector.attributesOf ? [...faces, crop] : []) {
      const { gender, genderProbability, age } = await detector.attributesOf!(photo, face);
      assert.ok(gender === 'female' || gender === 'male', "attributesOf: the gender is 'female' or 'male'");
      assert.ok(
        genderProbability >= 0.5 && genderProbability <= 1,
        'attributesOf: genderProbability is 0.5 to 1',
      );
      assert.ok(Number.isFinite(age) && age >= 0, 'attributesOf: the age is a number of years');
    }
    for (const face of detector.turnOf ? faces : []) {
      const turn = await detector.turnOf!(photo, face);
      assert.ok([undefined, 90, 180, 270].includes(turn), 'turnOf: a turn is 90, 180, 270 or undefined');
    }
  }
}

function checkFace(method: string, { box, score, points }: LocatedFace): void {
  const { x, y, width, height } = box;
  assert.ok(
    [x, y, width, height].every(Number.isFinite) && width > 0 && height > 0,
    `${method}: a box has a finite position and a size above 0`,
  );
  assert.ok(score >= 0 && score <= 1, `${method}: a score is a number from 0 to 1`);
  assert.ok(
    points instanceof Float32Array && points.length === 2 * POINT_COUNT && points.every(Number.isFinite),
    `${method}: points is a Float32Array of ${2 * POINT_COUNT} finite coordinates: x0, y0, …, x67, y67`,
  );
}

function drawnFace(): Photo {
  const { frames, frame } = syntheticFaces({ count: 35 });
  return photoOf({ pixels: frames.subarray(0, frame.size ** 2), width: frame.size, height: frame.size });
}

function blackPhoto(): Photo {
  const [width, height] = [320, 240];
  return { pixels: new Uint8Array(3 * width * height), width, height };
}
