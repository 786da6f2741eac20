import { beforeAll, describe, expect, it } from 'vitest';
import type { Photo } from '../../src/images/photo.ts';
import { openLandmarkDetector } from '../../src/landmarks/face-api-detector.ts';
import { poseOf } from '../../src/landmarks/face-pose.ts';
import { followLandmarks } from '../../src/landmarks/follow-landmarks.ts';
import type { LandmarkDetector, LocatedFace } from '../../src/landmarks/landmark-detector.ts';
import { cutPhoto } from '../../src/landmarks/picture.ts';
import { samplePhoto } from './photos.ts';

const SIZE = { width: 640, height: 560 };
let detector: LandmarkDetector;
let film: Photo[];
let searches = 0;
beforeAll(async () => {
  const network = await openLandmarkDetector();
  detector = {
    ...network,
    detect: (photo) => {
      searches++;
      return network.detect(photo);
    },
  };
  // The camera moves over a photo in which the detector finds one face.
  const photo = await samplePhoto(2);
  const [{ box }] = await network.detect(photo);
  film = Array.from({ length: 12 }, (_, i) => {
    const x = Math.max(0, Math.round(box.x + box.width / 2 - SIZE.width / 2) + 8 * (i - 6));
    const y = Math.max(0, Math.round(box.y + box.height / 2 - SIZE.height / 2) + 5 * (i - 6));
    return cutPhoto(photo, { x, y, ...SIZE });
  });
});

const blank = (): Photo => ({ ...SIZE, pixels: new Uint8Array(3 * SIZE.width * SIZE.height).fill(90) });

describe('faces of a film', () => {
  it('are where a search of each frame finds them, with a search in five', async () => {
    const follow = followLandmarks(detector, { searchEvery: 5 });
    searches = 0;
    for (const frame of film) {
      const faces = await follow(frame);
      const before = searches;
      const found = await detector.detect(frame);
      searches = before;
      expect(faces.length).toBeGreaterThan(0);
      for (const { points, box } of faces) {
        const { noseTip, eyeDistance } = poseOf(points);
        const away = (other: LocatedFace) => {
          const [x, y] = poseOf(other.points).noseTip;
          return Math.hypot(x - noseTip[0], y - noseTip[1]);
        };
        const [nearest] = found.toSorted((a, b) => away(a) - away(b));
        expect(away(nearest)).toBeLessThan(0.1 * eyeDistance);
        expect(box.width / nearest.box.width).toBeGreaterThan(0.8);
        expect(box.width / nearest.box.width).toBeLessThan(1.25);
      }
    }
    expect(searches).toBe(3);
  });

  it('are lost at the next search, once they have left', async () => {
    const follow = followLandmarks(detector, { searchEvery: 4 });
    expect((await follow(film[0])).length).toBeGreaterThan(0);
    for (let i = 1; i < 4; i++) await follow(blank());
    expect(await follow(blank())).toEqual([]);
    expect((await follow(film[0])).length).toBeGreaterThan(0); // and found in the first frame that has one
  });

  it.each([0, 1.5, Number.NaN])('are not searched every %s frames', (searchEvery) => {
    expect(() => followLandmarks(detector, { searchEvery })).toThrow(/not a number of frames/);
  });

  it('are searched at once where they jump', async () => {
    const follow = followLandmarks(detector, { searchEvery: 100 });
    await follow(film[0]);
    const apart = cutPhoto(await samplePhoto(3), { x: 0, y: 0, width: 1900, height: 1300 });
    const faces = await follow(apart);
    expect(faces).toEqual(await detector.detect(apart));
  });
});
