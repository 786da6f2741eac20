import { describe, expect, it } from 'vitest';
import { randomStream } from '../../../src/core/random.ts';
import { drawActivation, EXPRESSIONS } from '../../../src/data/synthetic/action-units.ts';
import { drawConditions, STUDIO } from '../../../src/data/synthetic/conditions.ts';
import { AVERAGE, drawIdentity } from '../../../src/data/synthetic/identity.ts';
import { type RenderedFace, renderFace } from '../../../src/data/synthetic/render.ts';
import { fitSimilarity } from '../../../src/landmarks/similarity.ts';

const SIZE = 48;

function randomFace(index: number): RenderedFace {
  const random = randomStream('render test', index);
  const identity = drawIdentity(random);
  const activation = drawActivation(EXPRESSIONS[index % EXPRESSIONS.length], random);
  return renderFace(identity, activation, drawConditions(random, identity.skin));
}

function greyAt({ pixels }: RenderedFace, x: number, y: number): number {
  return pixels[Math.floor(y) * SIZE + Math.floor(x)];
}

const point = ({ landmarks }: RenderedFace, index: number) => [
  landmarks[2 * index],
  landmarks[2 * index + 1],
];

describe('renderFace', () => {
  it('draws the features where the landmarks say', () => {
    const poses = [STUDIO.pose, { scale: 0.85, roll: 0.25, x: 2, y: -1, yaw: 2, pitch: -1 }];
    for (const pose of poses) {
      const face = renderFace(AVERAGE, { AU26: 1, AU25: 1 }, { ...STUDIO, pose });
      const skin = greyAt(face, ...(point(face, 29) as [number, number]));
      const [upperX, upperY] = point(face, 62);
      const [lowerX, lowerY] = point(face, 66);
      expect(greyAt(face, (upperX + 3 * lowerX) / 4, (upperY + 3 * lowerY) / 4)).toBeLessThan(0.5 * skin);
      for (const brow of [19, 24]) {
        const [x, y] = point(face, brow);
        expect(greyAt(face, x, y)).toBeLessThan(0.75 * skin);
      }
      for (const [outer, inner] of [
        [36, 39],
        [42, 45],
      ]) {
        const [x0, y0] = point(face, outer);
        const [x1, y1] = point(face, inner);
        expect(greyAt(face, (x0 + x1) / 2, (y0 + y1) / 2)).toBeLessThan(0.5 * skin);
      }
    }
  });

  it('draws dark mouth corners', () => {
    const face = renderFace(AVERAGE, { AU15: 1 }, STUDIO);
    const [x, y] = point(face, 48);
    expect(greyAt(face, x, y)).toBeLessThan(0.85 * greyAt(face, x - 4, y));
  });

  it('keeps nearly all landmarks in the picture, and faces can be aligned by them', () => {
    let inside = 0;
    let fallbacks = 0;
    for (let i = 0; i < 140; i++) {
      const face = randomFace(i);
      for (const value of face.landmarks) inside += value >= 0 && value < SIZE ? 1 : 0;
      if (fitSimilarity(face.landmarks).fallback) fallbacks++;
    }
    expect(inside / (140 * 136)).toBeGreaterThan(0.99);
    expect(fallbacks).toBe(0);
  });

  it('is a pure function', () => {
    expect(randomFace(3)).toEqual(randomFace(3));
    expect(randomFace(3).pixels).not.toEqual(randomFace(10).pixels);
  });

  it('lights, blurs, roughens and covers', () => {
    const plain = renderFace(AVERAGE, {}, STUDIO);
    const lit = renderFace(AVERAGE, {}, { ...STUDIO, light: { ...STUDIO.light, x: 0.4 } });
    expect(greyAt(lit, 5, 5)).toBeLessThan(greyAt(plain, 5, 5));
    expect(greyAt(lit, 32, 24)).toBeGreaterThan(greyAt(plain, 32, 24));

    const contrast = ({ pixels }: RenderedFace) =>
      pixels.reduce((sum, value, i) => sum + (i % SIZE ? Math.abs(value - pixels[i - 1]) : 0), 0);
    expect(contrast(renderFace(AVERAGE, {}, { ...STUDIO, blur: 1 }))).toBeLessThan(0.9 * contrast(plain));

    const noisy = renderFace(AVERAGE, {}, { ...STUDIO, noise: { deviation: 0.02, offset: 0.3 } });
    const squares = noisy.pixels.reduce((sum, value, i) => sum + (value - plain.pixels[i]) ** 2, 0);
    expect(Math.sqrt(squares / noisy.pixels.length)).toBeCloseTo(0.02 * 255, 0);

    const bar = { path: [-2, 24, 50, 24], width: 4, grey: 0 };
    const covered = renderFace(AVERAGE, {}, { ...STUDIO, occluders: [bar] });
    expect(greyAt(covered, 24, 24)).toBe(0);
    expect(greyAt(covered, 24, 30)).toBe(greyAt(plain, 24, 30));
  });
});
