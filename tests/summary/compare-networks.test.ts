import { beforeAll, describe, expect, test } from 'vitest';
import { evolvePatches } from '../../src/evolution/evolve-patches.ts';
import { openEngine } from '../../src/nn/engine.ts';
import type { EvolutionResult } from '../../src/run/result.ts';
import {
  type ComparedNetwork,
  compareNetworks,
  formatComparison,
} from '../../src/summary/compare-networks.ts';
import { describeFinding } from '../../src/summary/finding.ts';
import { tinyFaces } from '../fitness/tiny-faces.ts';

let result: EvolutionResult;
let networks: ComparedNetwork[];
beforeAll(async () => {
  result = await evolvePatches({
    dataset: tinyFaces({ train: 64, validation: 32 }),
    population: 4,
    generations: 1,
    workers: 0,
    finalists: 1,
    prefer: 'accurate',
    fitness: { epochs: 1, batchSize: 16 },
    final: { epochs: 1, batchSize: 16 },
  });
  networks = await compareNetworks(result);
});

describe('compareNetworks', () => {
  test('gives the figures of the run', () => {
    for (const [index, measured] of [result.baseline, result.best].entries()) {
      expect(networks[index]).toMatchObject({
        parameters: measured?.parameters,
        macs: measured?.macs,
        coveredPixels: measured?.coveredPixels,
        validationAccuracy: measured?.validationAccuracy,
        interval95: measured?.interval95,
      });
    }
  });

  test('counts every number that a network needs', async () => {
    // The baseline normalises 16 + 32 + 64 + 128 + 400 channels, each with a running mean and variance.
    expect(networks[0].bytes).toBe(4 * (networks[0].parameters + 2 * 640));
  });

  test('leaves out what was not trained', async () => {
    const alone = await compareNetworks({ ...result, baseline: null }, await openEngine('wasm'));
    expect(alone.map(({ role }) => role)).toEqual(['evolved']);
  });
});

describe('formatComparison', () => {
  const verdict = (difference: EvolutionResult['best']['difference']) =>
    formatComparison(networks, { ...result, best: { ...result.best, difference } })
      .split('\n\n')
      .at(1);

  test('has a line for each network', () => {
    const lines = formatComparison(networks, result).split('\n');
    expect(lines.slice(1, 4).map((line) => line.split('  ')[0])).toEqual([
      'full-face baseline',
      'evolved patches',
      '',
    ]);
  });

  test('states the verdict on the evolved network with the margin', () => {
    const counts = { gained: 70, lost: 60, pValue: 0.43 };
    const difference = { estimate: 0.005, interval95: [-0.012, 0.027], ...counts, notWorse: true } as const;
    expect(verdict(difference)).toMatch(
      /% fewer parameters than the baseline\. At most 2\.5 points behind the baseline: \+0\.5 points \(95 %: −1\.2 to \+2\.7; McNemar p = 0\.43\)\.$/,
    );
  });

  test('has a line for each control, and says whether the places matter', () => {
    const [, , controls, finding] = formatComparison(networks, result).split('\n\n');
    expect(controls.split('\n').map((line) => line.split('  ')[0])).toEqual([
      'control',
      'centre crop',
      'uniform grid',
      'hand-placed layout',
      'reduced whole face',
      'whole face',
    ]);
    expect(finding).toBe(describeFinding(result.controls));
  });

  test('shows no finding without controls, and says nothing of it before a full training', () => {
    const without = { ...result, controls: [] };
    expect(formatComparison(networks, without)).toContain('Not shown to be a finding');
    const early = { ...without, best: { ...result.best, validationAccuracy: null } };
    expect(formatComparison(networks, early)).not.toContain('finding');
  });

  test('ends with the front of the search', () => {
    const sections = formatComparison(networks, result).split('\n\n');
    expect(sections.at(-1)).toMatch(/^front of the search +parameters/);
    expect(sections.at(-1)?.split('\n')).toHaveLength(Math.min(10, result.front.length) + 2);
  });

  test('states no verdict on what was not measured', () => {
    const text = formatComparison(
      networks.map((network) => ({ ...network, validationAccuracy: null, interval95: null })),
      { ...result, best: { ...result.best, difference: null } },
    );
    expect(text).toContain('not measured');
    expect(text).not.toContain('fewer');
  });
});
