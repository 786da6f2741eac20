import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { OptionTable } from '../../../src/cli/command.ts';
import { evolveCommand } from '../../../src/cli/commands/evolve.ts';
import {
  EVOLVE_HEADINGS,
  EVOLVE_OPTIONS,
  type EvolveValues,
  evolveSettings,
} from '../../../src/cli/options/evolve-options.ts';
import { commandHelp } from '../../../src/cli/program/help.ts';
import { parseOptions } from '../../../src/cli/program/parse-options.ts';
import { parseOptions as checkOptions } from '../../../src/options/evolve-options.ts';
import { tinyFaces } from '../../fitness/tiny-faces.ts';

const dataset = tinyFaces({ train: 64, validation: 32 });

/** What the library makes of a command line. */
function settingsOf(...args: string[]) {
  const { values } = parseOptions(evolveCommand, ['--data', 'x', '--out', 'runs/x', ...args]);
  return checkOptions({ ...evolveSettings(values as unknown as EvolveValues), dataset });
}

describe('the options of evolve', () => {
  test('left out are the defaults of the library', () => {
    const { runFolder, dataSource, onEvent: _, ...settings } = settingsOf();
    const { onEvent: __, ...defaults } = checkOptions({ dataset });
    expect(settings).toEqual(defaults);
    expect(runFolder).toBe('runs/x');
    expect(dataSource).toEqual({ data: resolve('x') });
  });

  test('name the defaults of the library in their help', () => {
    const options: OptionTable = EVOLVE_OPTIONS;
    expect(options.population).toMatchObject({ default: '32', minimum: 4, maximum: 100_000 });
    expect(options.objectives).toMatchObject({ default: 'loss,parameters,pixels', placeholder: 'LIST' });
    expect(options.jitter).toMatchObject({ default: '1', minimum: 0, maximum: 8 });
    expect(options['max-macs']).toMatchObject({ default: '14000000', maximum: undefined });
    expect(options.temperature).toMatchObject({ default: '8', above: 0, maximum: 1000 });
    expect(options.sampler).toMatchObject({ default: 'nsga2', choices: ['nsga2', 'aging', 'random'] });
  });

  test.each<[string[], object]>([
    [['--sampler', 'aging'], { sampler: { name: 'aging' } }],
    [['--objectives', 'error, macs'], { objectives: [{ name: 'error' }, { name: 'macs' }] }],
    [['--no-halving'], { halving: false }],
    [['--repeats', '1'], { repeats: 1 }],
    [['--fixed-operators'], { adaptive: false }],
    [['--no-surrogate'], { surrogate: false }],
    [['--no-distill'], { distill: false }],
    [['--seed-layouts'], { seedLayouts: true }],
    [['--controls', 'all'], { controls: 'all' }],
    [
      ['--max-parameters', '20000', '--max-macs', '500000', '--max-patches', '3'],
      { bounds: { maximumParameters: 20_000, maximumMacs: 500_000, maximumPatches: 3 } },
    ],
    [['--max-evaluations', '90'], { maximumEvaluations: 90 }],
    [['--max-samples', '5e6'], { maximumSamples: 5_000_000 }],
    [['--max-seconds', '0.5'], { maximumSeconds: 0.5 }],
    [['--stagnation', '4'], { stagnation: 4 }],
    [['--no-baseline', '--controls', 'none'], { baseline: false, controls: 'none' }],
    [['--fitness-epochs', '2', '--final-samples', '40'], { fitness: { epochs: 2 }, final: { samples: 40 } }],
  ])('%j', (args, expected) => {
    expect(settingsOf(...args)).toMatchObject(expected);
    expect(settingsOf()).not.toMatchObject(expected);
  });
});

describe('objectives', () => {
  test.each([
    ['loss,size', 'must be one or more of loss, error, parameters, macs, latency, pixels'],
    ['parameters,loss', "must begin with 'loss' or 'error'"],
    ['loss,macs,macs', 'must not name an objective twice'],
    ['loss,', 'must be one or more of'],
  ])('%s are refused', (given, problem) => {
    expect(() => settingsOf('--objectives', given)).toThrow(problem);
  });
});

test('a flag with an earlier name is told its name of today', () => {
  for (const former of ['--further-controls', '--no-whole-face-control', '--no-control']) {
    expect(() => settingsOf(former)).toThrow(`'${former}': this option is now called --controls`);
  }
});

test('the help has every option once, under its heading', () => {
  const lines = commandHelp(evolveCommand, 96).split('\n');
  for (const name of Object.keys(EVOLVE_OPTIONS)) {
    expect(lines.filter((line) => line.startsWith(`  --${name} `) || line === `  --${name}`)).toHaveLength(1);
  }
  const headings = lines.filter((line) => /^[A-Z].*:$/.test(line));
  expect(headings).toEqual([
    'Options:',
    ...Object.keys(EVOLVE_HEADINGS).map((heading) => `${heading}:`),
    'Examples:',
  ]);
  expect(lines.indexOf('Search:')).toBeLessThan(lines.findIndex((line) => line.startsWith('  --sampler')));
});
