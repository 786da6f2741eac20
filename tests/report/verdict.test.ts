import { describe, expect, it } from 'vitest';
import { readReport } from '../../src/report/read-report.ts';
import type { ReportRun } from '../../src/report/report-data.ts';
import { reproduceCommand } from '../../src/report/reproduce.ts';
import { verdictOf } from '../../src/report/verdict.ts';
import { describeFinding, describeSaving } from '../../src/summary/finding.ts';
import { recordedRun } from './recorded-run.ts';

const recorded = recordedRun();

describe('what is said of a run', () => {
  it('tells what it reads, what it saves and how it stands, in the words of the command', async () => {
    const [run] = (await readReport({ runs: [recorded().folder] })).runs;
    const { best, baseline, margin } = run;
    if (best?.difference == null || baseline === null) throw new Error('the run has a comparison');
    const said = verdictOf(run);
    expect(said).toMatch(/^(One|\d) .* of the face's pixels with /);
    expect(said).toContain(describeSaving(best.parameters, baseline.parameters));
    expect(said.endsWith(describeFinding(best.difference, margin))).toBe(true);
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
