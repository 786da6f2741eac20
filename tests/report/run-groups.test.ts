import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../src/data/dataset.ts';
import { openEngine } from '../../src/nn/engine.ts';
import { readSingleModel } from '../../src/nn/model-file.ts';
import { reportPage } from '../../src/report/page/page.ts';
import { readReport } from '../../src/report/read-report.ts';
import { runGroups } from '../../src/report/run-groups.ts';
import { tinyFaces } from '../fitness/tiny-faces.ts';
import { recordedRun } from './recorded-run.ts';

/** Makes a column from the index of each sample's value; −1 for an empty field. */
const column = ({ count }: Dataset, values: string[], of: (sample: number) => number) => ({
  values,
  of: Int32Array.from({ length: count }, (_, sample) => of(sample)),
});

describe('groups of a report', () => {
  const recorded = recordedRun();

  async function groupsOf(dataset: Dataset) {
    const model = join(recorded().folder, recorded().result.best.model ?? '');
    return await runGroups((await readSingleModel(model, await openEngine())).network, dataset);
  }

  it('are measured column by column, with attention', async () => {
    const faces = tinyFaces({ train: 16, validation: 90 });
    const columns = {
      set: column(faces, ['a', 'b'], (sample) => sample % 2),
      age: column(faces, ['20', '40'], (sample) => (sample < 96 ? 0 : 1)),
    };
    const [set, age] = await groupsOf({ ...faces, groups: new Map(Object.entries(columns)) });
    expect(set).toMatchObject({ by: 'set', facesPerClass: 16, warnings: [] });
    expect(set.groups.map(({ name, samples }) => [name, samples])).toEqual([
      ['a', 45],
      ['b', 45],
    ]);
    const [high, low] = set.groups.map(({ accuracy }) => accuracy).sort((a, b) => b - a);
    expect(set.gap?.estimate).toBeCloseTo(high - low, 12);
    for (const { attention } of set.groups) {
      expect(attention?.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
    }
    expect(age.gap).toBeNull();
    expect(age.warnings).toEqual(['fewer than 30 faces, too few to conclude from: 40']);
  });

  it('have no attention where there are too many', async () => {
    const faces = tinyFaces({ train: 16, validation: 90 });
    const names = Array.from({ length: 90 }, (_, index) => `group ${index}`);
    const [many] = await groupsOf({
      ...faces,
      groups: new Map([['set', column(faces, names, (sample) => sample - 16)]]),
    });
    expect(many.facesPerClass).toBe(0);
    expect(many.groups.length).toBe(90);
    expect(many.groups[0]).not.toHaveProperty('attention');
    const report = await readReport({ runs: [recorded().folder] });
    const page = reportPage({ ...report, runs: [{ ...report.runs[0], groups: [many] }] });
    expect(page).toContain('66 smaller groups are not shown');
    expect(page).toContain('There are too many groups');
  });

  it('are subjects where two of them have enough faces', async () => {
    const faces = tinyFaces({ train: 16, validation: 90 });
    const people = (count: number) => Int32Array.from({ length: faces.count }, (_, i) => i % count);
    expect(await groupsOf({ ...faces, subjects: people(9) })).toEqual([]);
    const [subject] = await groupsOf({ ...faces, subjects: people(3) });
    expect(subject.groups.map(({ name }) => name)).toEqual(['1', '2', '3']);
    expect(subject.gap).not.toBeNull();
  });

  it('are shown on the page with intervals and warnings', async () => {
    const { folder, dataset } = recorded();
    const { runs } = await readReport({ runs: [folder], dataset });
    const [{ samples, interval95, few }] = runs[0].groups[0].groups;
    expect([samples, few]).toEqual([16, true]);
    const page = reportPage({ format: 1, runs, consistency: null });
    expect(page).toContain(interval95.map((end) => (100 * end).toFixed(1)).join('–'));
    expect(page).toContain('Fewer than 30 faces, too few to conclude from');
    expect(page).toContain('No gap: fewer than two groups have enough faces.');
  });
});
