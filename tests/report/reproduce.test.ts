import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { evolveCommand } from '../../src/cli/commands/evolve.ts';
import { type EvolveValues, evolveSettings } from '../../src/cli/options/evolve-options.ts';
import { parseOptions as parseWords } from '../../src/cli/program/parse-options.ts';
import { openEngine } from '../../src/nn/engine.ts';
import { parseOptions } from '../../src/options/evolve-options.ts';
import { EVOLVE_TABLE } from '../../src/options/evolve-table.ts';
import { flaggedOptions } from '../../src/options/flags.ts';
import type { OptionDefinitions } from '../../src/options/option.ts';
import type { ReportRun } from '../../src/report/report-data.ts';
import { reproduceCommand } from '../../src/report/reproduce.ts';
import { describeRun } from '../../src/run/run-description.ts';
import { tinyFaces } from '../fitness/tiny-faces.ts';
import { optionsWithFlags } from '../options/option-values.ts';

const dataset = tinyFaces({ train: 64, validation: 32 });

type Options = Omit<Parameters<typeof parseOptions>[0], 'dataset'>;

/** What a report knows of a run with these options. */
async function runOf(options: Options): Promise<ReportRun> {
  const { teacher, ...settings } = parseOptions({ ...options, dataset }); // its file is hashed, and there is none
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

/** Options as a run keeps them, as far as its result depends on them. */
async function kept(options: Options) {
  const all = Object.entries((await runOf(options)).settings.options);
  const table: OptionDefinitions = EVOLVE_TABLE;
  return Object.fromEntries(all.filter(([name]) => table[name].changesResult !== false));
}

/** Options of the whole table; no genome meets some bounds, a teacher has a file, and only one sampler is asynchronous. */
const given = optionsWithFlags(EVOLVE_TABLE).map(({ teacher, bounds, sampler, ...options }) => {
  const {
    maximumParameters = 0,
    maximumMacs = 0,
    maximumPixels = 1,
    ...patches
  } = (bounds ?? {}) as Record<string, number>;
  return {
    ...options,
    ...(sampler === undefined || options.asynchronous ? {} : { sampler }),
    bounds: {
      ...patches,
      maximumPixels: 0.1 + 0.9 * maximumPixels,
      maximumParameters: 20_000 + maximumParameters,
      maximumMacs: 1_000_000 + maximumMacs,
    },
    ...(teacher === undefined ? {} : { teacher: { file: '/models/a.safetensors', ...teacher } }),
  } as Options;
});

describe('the command that makes a run again', () => {
  test('gives every option of the table that has a flag, whatever its value, through a real shell', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(given, async (options) => {
        const { command, complete, caveats } = reproduceCommand(await runOf(options));
        expect(complete).toBe(true);
        const { dataSource: _, force: __, ...again } = optionsOf(command);
        expect(await kept(again)).toEqual(await kept(options));
        for (const [flag] of command.matchAll(/(?<= --)[a-z-]+/g)) seen.add(flag);
        expect(caveats.filter((caveat) => caveat.includes('no option'))).toEqual([]);
      }),
      { numRuns: 100 },
    );
    const flags = flaggedOptions(EVOLVE_TABLE).filter(({ option }) => option.changesResult !== false);
    expect([...seen]).toEqual(
      expect.arrayContaining(flags.map(({ name }) => name).filter((name) => name !== 'out')),
    );
  });

  it.each<[Options, string]>([
    [{ final: { learningRate: 0.1 } }, 'final.learningRate'],
    [{ final: { rotation: 10 } }, 'final.rotation'],
    [{ final: { shift: 12 } }, 'final.shift'],
    [{ fitness: { batchSize: 16 } }, 'fitness.batchSize'],
    [{ bounds: { maximumSide: 24 } }, 'bounds.maximumSide'],
    [{ timeoutSeconds: 5 }, 'timeoutSeconds'],
    [{ retries: 0 }, 'retries'],
  ])('names what it has no option for: %j', async (options, name) => {
    const { command, complete, caveats } = reproduceCommand(await runOf(options));
    expect(complete).toBe(false);
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

  it('says where the order of results decided', async () => {
    const { complete, caveats } = reproduceCommand(await runOf({ asynchronous: true }));
    expect(complete).toBe(true);
    expect(caveats.slice(1)).toEqual([expect.stringContaining('decisions.jsonl')]);
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
