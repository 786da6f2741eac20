import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { evolveCommand } from '../../src/cli/commands/evolve.ts';
import type { EvolveValues } from '../../src/cli/evolve-options.ts';
import { evolveSettings } from '../../src/cli/evolve-settings.ts';
import { parseOptions as parseWords } from '../../src/cli/parse-options.ts';
import { openEngine } from '../../src/nn/engine.ts';
import { parseOptions } from '../../src/options/evolve-options.ts';
import type { ReportRun } from '../../src/report/report-data.ts';
import { reproduceCommand } from '../../src/report/reproduce.ts';
import { describeRun } from '../../src/run/run-description.ts';
import { tinyFaces } from '../fitness/tiny-faces.ts';

const dataset = tinyFaces({ train: 64, validation: 32 });

type Options = Omit<Parameters<typeof parseOptions>[0], 'dataset'>;

/** What a report knows of a run with these options. */
async function runOf(options: Options): Promise<ReportRun> {
  const { teacher, ...rest } = options; // its file is hashed, and there is none
  const settings = parseOptions({ ...rest, dataset });
  const described = await describeRun(settings, await openEngine('wasm'));
  const all = JSON.parse(
    JSON.stringify({ ...described, options: { ...described.options, ...(teacher && { teacher }) } }),
  );
  const { name, hash, classes, frame, align } = dataset;
  return {
    status: 'complete',
    dataset: { name, hash, classes, frame, align, training: 64, validation: 32, copies: 0 },
    settings: { dataSource: null, ...all },
  } as unknown as ReportRun;
}

/** The options that a command line comes to, read by a shell and by the command itself. */
function optionsOf(command: string): Options {
  const words = execFileSync('sh', ['-c', `printf '%s\\0' ${command}`], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1);
  expect(words.slice(0, 2)).toEqual(['evopatch', 'evolve']);
  return evolveSettings(parseWords(evolveCommand, words.slice(2)).values as unknown as EvolveValues);
}

/** Options as a run keeps them, without where it is. */
async function kept(options: Options) {
  const { workers: _, ...all } = (await runOf(options)).settings.options;
  return all;
}

const count = (most: number) => fc.integer({ min: 1, max: most });
const text = fc
  .string({ minLength: 1, maxLength: 12, unit: 'grapheme' })
  .filter((one) => !one.includes('\0'));
const share = fc.double({ min: 0, max: 1, noNaN: true }).map(Math.abs);
const given = fc.record(
  {
    seed: text,
    population: fc.integer({ min: 4, max: 99 }),
    generations: count(99),
    sampler: fc.constantFrom('nsga2', 'aging', 'random'),
    objectives: fc.constantFrom(['loss'], ['error', 'macs'], ['loss', 'pixels', 'parameters']),
    repeats: count(9),
    halving: fc.boolean(),
    adaptive: fc.boolean(),
    surrogate: fc.boolean(),
    distill: fc.boolean(),
    seedLayouts: fc.boolean(),
    baseline: fc.boolean(),
    control: fc.boolean(),
    controls: fc.boolean(),
    finalists: count(9),
    margin: share,
    maximumEvaluations: count(999),
    maximumSamples: count(999_999),
    stagnation: count(9),
    fitness: fc.record({ samples: fc.integer({ min: 16, max: 60 }), epochs: count(30) }),
    final: fc.record({
      samples: fc.integer({ min: 16, max: 60 }),
      epochs: count(30),
      shift: fc.integer({ min: 0, max: 8 }),
    }),
    bounds: fc.record({
      maximumPatches: count(9),
      maximumParameters: fc.integer({ min: 20_000, max: 99_000 }),
    }),
    dataSource: fc.record({ data: text.map((name) => `/${name}`), align: fc.constantFrom('none', 'nose') }),
    teacher: fc.record({
      file: text.map((name) => `/models/${name.replaceAll('/', '_')}.safetensors`),
      temperature: fc.double({ min: 0.01, max: 999, noNaN: true }),
      mixing: share,
      squared: fc.boolean(),
    }),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Options>;

describe('the command that makes a run again', () => {
  test('gives every option that a command can give, through a real shell', async () => {
    await fc.assert(
      fc.asyncProperty(given, async (options) => {
        const { command, caveats } = reproduceCommand(await runOf(options));
        const { dataSource: _, ...again } = optionsOf(command);
        expect(await kept(again)).toEqual(await kept(options));
        expect(caveats.filter((caveat) => caveat.includes('no option'))).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it.each<[Options, string]>([
    [{ final: { learningRate: 0.1 } }, 'final.learningRate'],
    [{ final: { rotation: 10 } }, 'final.rotation'],
    [{ final: { shift: 12 } }, 'final.shift'],
    [{ fitness: { batchSize: 16 } }, 'fitness.batchSize'],
    [{ bounds: { maximumSide: 20 } }, 'bounds.maximumSide'],
    [{ timeoutSeconds: 5 }, 'timeoutSeconds'],
    [{ retries: 0 }, 'retries'],
  ])('names what it has no option for: %j', async (options, name) => {
    const { command, caveats } = reproduceCommand(await runOf(options));
    expect(caveats.join('\n')).toContain(`no option for ${name}:`);
    expect(() => optionsOf(command)).not.toThrow();
  });

  it('says where a clock decided', async () => {
    const { caveats } = reproduceCommand(
      await runOf({ maximumSeconds: 60, objectives: ['loss', 'latency'] }),
    );
    expect(caveats.slice(1)).toEqual([
      'After how many generations --max-seconds ends the search depends on the machine.',
      'Latencies are measured, so another run may choose other networks.',
    ]);
  });

  it('says where a program loaded the data, and where the run has not ended', async () => {
    const run = await runOf({});
    expect(reproduceCommand(run).caveats).toEqual([expect.stringMatching(/^A program loaded the data;/)]);
    const source = await runOf({ dataSource: { data: '/faces' } });
    expect(reproduceCommand(source).caveats).toEqual([]);
    expect(reproduceCommand({ ...source, status: 'aborted' }).caveats).toEqual([
      expect.stringMatching(/^The run has not ended as it was planned;/),
    ]);
  });
});
