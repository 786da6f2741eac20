import { describe, expect, it } from 'vitest';
import { readReport } from '../../src/report/read-report.ts';
import { verdictOf } from '../../src/report/verdict.ts';
import { describeDifference, describeSaving } from '../../src/summary/difference.ts';
import { recordedRun } from './recorded-run.ts';

const recorded = recordedRun();

describe('the verdict on a run', () => {
  it('states what it reads, what it saves and how it compares, in the words of the command', async () => {
    const [run] = (await readReport({ runs: [recorded().folder] })).runs;
    const { best, baseline, margin } = run;
    if (best?.difference == null || baseline === null) throw new Error('the run has a comparison');
    const said = verdictOf(run);
    expect(said).toMatch(/^(One|\d) .* of the face's pixels with /);
    expect(said).toContain(describeSaving(best.parameters, baseline.parameters));
    expect(said.endsWith(describeDifference(best.difference, margin))).toBe(true);
  });

  it('says where there is no baseline', async () => {
    const [run] = (await readReport({ runs: [recorded().folder] })).runs;
    expect(verdictOf({ ...run, baseline: null })).toContain('No baseline was trained');
  });
});
