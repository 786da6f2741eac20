import { describe, expect, it } from 'vitest';
import { readReport } from '../../src/report/read-report.ts';
import type { ReportRun } from '../../src/report/report-data.ts';
import { reproduceCommand } from '../../src/report/reproduce.ts';
import { verdictOf } from '../../src/report/verdict.ts';
import { recordedRun } from './recorded-run.ts';

const recorded = recordedRun();

describe('what is said of a run', () => {
  async function verdict(interval95: [number, number], notWorse: boolean): Promise<string> {
    const [run] = (await readReport({ runs: [recorded().folder] })).runs;
    if (run.best === null || run.best.difference === null) throw new Error('the run has a comparison');
    const estimate = (interval95[0] + interval95[1]) / 2;
    const difference = { ...run.best.difference, estimate, interval95, notWorse };
    return verdictOf({ ...run, best: { ...run.best, difference } });
  }

  it.each<[[number, number], boolean, string, string]>([
    [[0.01, 0.03], true, 'is more accurate', 'not worse by more than the margin of 2 points'],
    [[-0.01, 0.02], true, 'cannot be told from', 'not worse by more than the margin of 2 points'],
    [
      [-0.05, 0.01],
      false,
      'cannot be told from',
      'does not show that it stays within the margin of 2 points',
    ],
    [[-0.03, -0.01], false, 'is less accurate', 'does not show that it stays within the margin of 2 points'],
    [[-0.019, -0.001], true, 'is less accurate', 'not worse by more than the margin of 2 points'],
    [[-0.09, -0.03], false, 'is less accurate', 'is more than the margin of 2 points'],
  ])('is honest about %j', async (interval, notWorse, outcome, standing) => {
    const said = await verdict(interval, notWorse);
    expect(said).toContain(outcome);
    expect(said).toContain(standing);
  });

  it('says where there is nothing to compare with', async () => {
    const [run] = (await readReport({ runs: [recorded().folder] })).runs;
    expect(verdictOf({ ...run, baseline: null })).toContain('No baseline was trained');
  });
});

describe('how to reproduce a run', () => {
  const runWith = async (change: (options: Record<string, unknown>) => object): Promise<ReportRun> => {
    const [run] = (await readReport({ runs: [recorded().folder] })).runs;
    const options = { ...run.settings.options };
    return { ...run, settings: { ...run.settings, options: { ...options, ...change(options) } } };
  };

  it('spells out every option, quoted for a shell', async () => {
    const { command } = reproduceCommand(await runWith(() => ({ adaptive: false, seed: "it's" })));
    expect(command).toContain("--data '/faces/<script>alert(1)</script>'");
    expect(command).toContain("--seed 'it'\\''s'");
    expect(command).toContain('--population 4 --generations 3 --repeats 2');
    expect(command).toContain('--objectives loss,parameters');
    expect(command).toContain('--fixed-operators');
    expect(command).toContain('--controls');
    expect(command).not.toContain('--no-baseline');
  });

  it('names what the command has no option for', async () => {
    const missing = async (change: (options: Record<string, unknown>) => object) =>
      reproduceCommand(await runWith(change)).missing;
    expect(await missing(() => ({}))).toEqual([
      'fitness.batchSize',
      'final.batchSize',
      'bounds.maximumSide',
      'bounds.maximumFilters',
    ]);
    expect(await missing(({ final }) => ({ final: { ...(final as object), learningRate: 0.1 } }))).toContain(
      'final.learningRate',
    );
  });
});
