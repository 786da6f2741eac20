import { describe, expect, test } from 'vitest';
import { faceRegions } from '../../src/landmarks/face-regions.ts';
import { checkHumanFindings, HUMAN_FINDINGS } from '../../src/saliency/human-findings.ts';
import { regionShares } from '../../src/saliency/region-shares.ts';

const { size, regionOf } = faceRegions();
/** The shares of a map with this mass on eyes (0 to 1), the rest on the mouth. */
function looking(eyes: number) {
  const [EYES, MOUTH] = [1, 4];
  const counts = [EYES, MOUTH].map((region) => regionOf.filter((one) => one === region).length);
  const values = Float64Array.from(regionOf, (region) => {
    if (region === EYES) return eyes / counts[0];
    return region === MOUTH ? (1 - eyes) / counts[1] : 0;
  });
  return regionShares({ size, values });
}
const verdicts = (eyes: Record<string, number>) =>
  Object.fromEntries(
    checkHumanFindings(
      Object.entries(eyes).map(([name, share]) => ({ class: name, shares: looking(share) })),
    ).map((found) => [found.class, found.verdict]),
  );

describe('checkHumanFindings', () => {
  test('compares a class with the mean class', () => {
    const human = { sad: 0.8, fear: 0.7, disgust: 0.2, happy: 0.3, neutral: 0.5 };
    expect(verdicts(human)).toEqual({ sad: 'agrees', fear: 'agrees', disgust: 'agrees', happy: 'agrees' });
    const other = { sad: 0.1, fear: 0.5, disgust: 0.9, happy: 0.52, neutral: 0.5 };
    expect(verdicts(other)).toEqual({
      sad: 'disagrees',
      fear: 'undecided',
      disgust: 'disagrees',
      happy: 'undecided',
    });
  });

  test('a model that sees the eyes alone neither agrees nor disagrees', () => {
    expect(new Set(Object.values(verdicts({ sad: 1, fear: 1, disgust: 1, happy: 1 })))).toEqual(
      new Set(['undecided']),
    );
  });

  test('returns the numbers and the source', () => {
    const classes = [
      { class: 'Sadness', shares: looking(0.9) },
      { class: 'Happiness', shares: looking(0.3) },
    ];
    const [sad, happy] = checkHumanFindings(classes);
    expect(sad).toMatchObject({ ...HUMAN_FINDINGS[0], class: 'Sadness', verdict: 'agrees' });
    expect(sad.source).toContain('e0177239');
    expect(sad.contrast).toBeCloseTo(0.8, 10);
    expect(happy.contrast).toBeCloseTo(-0.4, 10);
    expect(sad.meanContrast).toBeCloseTo(0.2, 10);
  });

  test('leaves out expressions without a class or a map', () => {
    expect(checkHumanFindings([{ class: 'open', shares: looking(0.5) }])).toEqual([]);
    expect(checkHumanFindings([{ class: 'sad', shares: null }])).toEqual([]);
  });
});
