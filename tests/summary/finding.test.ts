import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CONTROLS } from '../../src/run/result.ts';
import { describeFinding, findingOf, type Lead } from '../../src/summary/finding.ts';

function leadOver(control: Lead['control'], low: number, high: number): Lead {
  return { control, lead: { estimate: (low + high) / 2, interval95: [low, high] } };
}

const end = fc.double({ min: -1, max: 1, noNaN: true });
const leads = fc
  .tuple(fc.constantFrom(...CONTROLS), end, end)
  .map(([control, a, b]) => leadOver(control, Math.min(a, b), Math.max(a, b)));

describe('the places matter', () => {
  test('only where every control at as many pixels is beaten', () => {
    fc.assert(
      fc.property(fc.array(leads), (controls) => {
        const finding = findingOf(controls);
        const rivals = controls.filter(({ control }) => control !== 'whole-face');
        expect(finding === undefined).toBe(rivals.length === 0);
        if (finding === undefined) return;
        expect(finding.isFinding).toBe(rivals.every(({ lead }) => lead.interval95[0] > 0));
        expect(finding.controls).toBe(rivals.length);
        expect(rivals).toContain(finding.strongest);
        if (!finding.isFinding) expect(finding.strongest.lead.interval95[0]).toBeLessThanOrEqual(0);
        for (const { lead } of rivals) {
          const comparable = finding.isFinding || lead.interval95[0] <= 0;
          if (comparable) expect(finding.strongest.lead.estimate).toBeLessThanOrEqual(lead.estimate);
        }
      }),
    );
  });

  test('no more where one further control is added, whatever it is', () => {
    fc.assert(
      fc.property(fc.array(leads, { minLength: 1 }), leads, (controls, further) => {
        const before = findingOf(controls);
        const after = findingOf([...controls, further]);
        if (before !== undefined && after?.isFinding) expect(before.isFinding).toBe(true);
      }),
    );
  });

  test('only where McNemar agrees, which may be stricter than the interval', () => {
    const narrow = leadOver('random-layout', 0.0001, 0.025);
    const crop = leadOver('centre-crop', 0.1, 0.2);
    const tested = (pValue: number) => [{ ...narrow, lead: { ...narrow.lead, pValue } }, crop];
    expect(findingOf([narrow, crop])?.isFinding).toBe(true);
    expect(findingOf(tested(0.049))?.isFinding).toBe(true);
    expect(findingOf(tested(0.058))).toMatchObject({
      isFinding: false,
      strongest: { control: narrow.control },
    });
    expect(describeFinding(tested(0.058))).toMatch(/^Not a finding: .* may be as accurate/);
  });

  test('never by controls that read other pixels, or that no lead is known over', () => {
    expect(findingOf([leadOver('whole-face', 0.1, 0.2), leadOver('most-pixels', 0.1, 0.2)])).toBeUndefined();
    expect(findingOf([{ control: 'centre-crop', lead: null }])).toBeUndefined();
  });
});

describe('a sentence says', () => {
  const grid = leadOver('uniform-grid', 0.019, 0.043);
  const crop = leadOver('centre-crop', 0.03, 0.05);

  test.each<[string, readonly Lead[], string]>([
    [
      'by how much the patches lead the best control',
      [crop, grid],
      'The places matter: at as many pixels, the patches lead the strongest of 2 controls, the uniform grid, by +3.1 points (95 %: +1.9 to +4.3).',
    ],
    [
      'the only control by its name',
      [crop],
      'The places matter: at as many pixels, the patches lead the centre crop by +4.0 points (95 %: +3.0 to +5.0).',
    ],
    [
      'which control is as accurate',
      [grid, leadOver('hand-placed', -0.015, 0.007)],
      'Not a finding: at as many pixels, the hand-placed layout is as accurate; the lead of the patches is −0.4 points (95 %: −1.5 to +0.7).',
    ],
    [
      'which control may be as accurate',
      [{ ...leadOver('random-layout', -0.001, 0.021), layouts: 212 }, grid],
      'Not a finding: at as many pixels, the best of 212 random layouts may be as accurate; the lead of the patches is +1.0 points (95 %: −0.1 to +2.1).',
    ],
    [
      'which control is more accurate',
      [grid, leadOver('reduced-face', -0.03, -0.01), leadOver('hand-placed', -0.015, 0.007)],
      'Not a finding: at as many pixels, the reduced whole face is more accurate; the lead of the patches is −2.0 points (95 %: −3.0 to −1.0).',
    ],
    ['that nothing was compared', [], 'Not shown to be a finding: no control at as many pixels was trained.'],
  ])('%s', (_, controls, sentence) => {
    expect(describeFinding(controls)).toBe(sentence);
  });

  test('how the whole face compares, which decides nothing', () => {
    expect(describeFinding([crop, leadOver('whole-face', -0.03, -0.01)])).toMatch(
      /^The places matter: .* Lead over the whole face at as many parameters: −2\.0 points \(95 %: −3\.0 to −1\.0\)\.$/,
    );
  });
});
