import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { faceSquare } from '../../src/genome/patches.ts';
import { meanFace } from '../../src/maps/mean-face.ts';
import { readReport } from '../../src/report/read-report.ts';
import { temporaryFolder } from '../data/temporary-folder.ts';
import { tinyFaces } from '../fitness/tiny-faces.ts';
import { recordedRun } from './recorded-run.ts';

describe('the data of a report', () => {
  const recorded = recordedRun();

  it('are those of the result', async () => {
    const { folder, result, dataset } = recorded();
    const { runs, consistency } = await readReport({ runs: [folder] });
    const [run] = runs;
    expect(run).toMatchObject({ name: 'run', folder, status: 'complete', notes: [], generations: 3 });
    expect(run.best).toEqual(JSON.parse(JSON.stringify(result.best)));
    expect(run.front).toEqual(result.front);
    expect(run.baseline).toEqual(result.baseline);
    expect(run.controls).toEqual(result.controls);
    expect(run.history.map(({ hypervolume }) => hypervolume)).toEqual(
      result.history.map(({ hypervolume }) => hypervolume),
    );
    expect(run.history.at(-1)).toMatchObject({
      frontSize: result.front.length,
      best: { hash: result.front[0].hash },
      smallest: Math.min(...result.front.map(({ parameters }) => parameters)),
    });
    expect(run.face).toEqual(Array.from(meanFace(dataset)));
    expect(run.classScores).toEqual([]);
    expect(run.attention).toBeNull();
    expect(consistency).toBeNull();
    expect(JSON.parse(JSON.stringify(runs))).toEqual(runs);
  });

  it('know the genomes on the front after each generation', async () => {
    const { folder, result } = recorded();
    const [{ frames }] = (await readReport({ runs: [folder] })).runs;
    expect(frames.map(({ generation }) => generation)).toEqual(
      result.history.filter(({ front }) => front.length > 0).map(({ index }) => index),
    );
    for (const { genomes, frontSize } of frames) expect(genomes.length).toBe(frontSize);
    expect(frames.at(-1)?.genomes).toEqual(result.front.map(({ genome }) => genome));
  });

  it('include classes and attention where the data are given', async () => {
    const { folder, result, dataset } = recorded();
    const [run] = (await readReport({ runs: [folder], dataset })).runs;
    expect(run.notes).toEqual([]);
    expect(run.classScores.map(({ network }) => network)).toEqual(['baseline', 'evolved', 'control']);
    const [baseline, evolved] = run.classScores;
    expect(baseline.accuracy).toBe(result.baseline?.validationAccuracy);
    expect(evolved.accuracy).toBe(result.best.validationAccuracy);
    expect(evolved.confusion.flat().reduce((sum, count) => sum + count, 0)).toBe(32);
    const { attention } = run;
    expect(attention?.ablation.whole).toBe(result.best.validationAccuracy);
    expect(attention?.ablation.without.length).toBe(result.best.genome.patches.length);
    expect(attention?.perClass.map(({ samples }) => samples)).toEqual([10, 11, 11]);
    const read = attention?.grid.map((cost) => cost !== 0);
    const { gradients } = attention ?? {};
    expect(gradients?.faces).toBe(32);
    expect(gradients?.perClass.map(({ samples }) => samples)).toEqual([10, 11, 11]);
    expect(Math.max(...(gradients?.grid ?? []))).toBeGreaterThan(0);
    for (const [pixel, value] of gradients?.grid.entries() ?? [])
      if (value > 0) expect(read?.[pixel]).toBe(true);
  });

  it('measure the saved model where the history has no predictions', async () => {
    const { copy, dataset, result } = recorded();
    const folder = copy();
    rmSync(join(folder, 'history.jsonl'));
    const [run] = (await readReport({ runs: [folder], dataset })).runs;
    expect(run.classScores.map(({ network }) => network)).toEqual(['evolved']);
    expect(run.classScores[0].accuracy).toBe(result.best.validationAccuracy);
    expect(run.frames.at(-1)?.genomes.length).toBe(result.front.length);
  });

  it('of an unfinished run are those of its checkpoint', async () => {
    const { copy, result } = recorded();
    const folder = copy();
    for (const name of ['result.json', 'maps', 'models']) rmSync(join(folder, name), { recursive: true });
    const [run] = (await readReport({ runs: [folder] })).runs;
    expect(run.status).toBe('interrupted');
    expect(run.front).toEqual(result.front);
    expect(run.history.length).toBe(3);
    expect(run.best).toMatchObject({ hash: result.front[0].hash, validationAccuracy: null, model: null });
    const side = faceSquare(run.dataset.frame).width;
    expect(run.baseline).toMatchObject({
      validationAccuracy: result.baseline?.validationAccuracy,
      interval95: result.baseline?.interval95,
      coveredPixels: side * side,
    });
    expect(run.finalists).toEqual([]);
    expect(run.face).toBeNull();
  });

  it('of a run that has only started are empty', async () => {
    const { copy } = recorded();
    const folder = copy();
    const started = join(temporaryFolder(), 'started');
    mkdirSync(started);
    writeFileSync(join(started, 'run.json'), readFileSync(join(folder, 'run.json')));
    const [run] = (await readReport({ runs: [started] })).runs;
    expect(run).toMatchObject({
      status: 'interrupted',
      best: null,
      front: [],
      history: [],
      frames: [],
      evaluations: 0,
    });
  });

  it('leave out truncated records, and say so', async () => {
    const { copy, result } = recorded();
    const folder = copy();
    const file = join(folder, 'result.json');
    writeFileSync(file, readFileSync(file, 'utf8').slice(0, 500));
    const history = join(folder, 'history.jsonl');
    const lines = readFileSync(history, 'utf8').split('\n');
    lines[2] = lines[2].replace(/"loss":\d/, '"loss":7');
    writeFileSync(history, lines.join('\n'));
    appendFileSync(history, '{"purpose":"fit');
    const checkpoint = join(folder, 'checkpoint.json');
    writeFileSync(
      checkpoint,
      readFileSync(checkpoint, 'utf8').replace('"generation":', '"generation" :0,"x":'),
    );
    const [run] = (await readReport({ runs: [folder] })).runs;
    expect(run.notes.length).toBe(3);
    expect(run.notes[0]).toContain('result.json');
    expect(run.notes[1]).toContain('checkpoint.json');
    expect(run.notes[2]).toBe('Damaged lines of history.jsonl that were left out: 1.');
    expect(run.history.length).toBe(2); // from the previous checkpoint
    expect(run.history.map(({ hypervolume }) => hypervolume)).toEqual(
      result.history.slice(0, 2).map(({ hypervolume }) => hypervolume),
    );
  });

  it('leave out a damaged model', async () => {
    const { copy, dataset } = recorded();
    const folder = copy();
    writeFileSync(join(folder, 'models', 'best.safetensors'), 'no model');
    const [run] = (await readReport({ runs: [folder], dataset })).runs;
    expect(run.attention).toBeNull();
    expect(run.classScores.length).toBe(3);
    expect(run.notes).toEqual([expect.stringContaining('The chosen network cannot be read')]);
  });

  it('compare several runs under unique names', async () => {
    const { folder, copy } = recorded();
    const other = copy();
    const { runs, consistency } = await readReport({ runs: [folder, other] });
    expect(runs.map(({ name }) => name)).toEqual(['run', 'copy']);
    expect(consistency?.spearman).toBeCloseTo(1, 12); // the same run twice
    expect(consistency?.score).toBeCloseTo(1, 12);
    const twice = await readReport({ runs: [folder, folder] });
    expect(new Set(twice.runs.map(({ name }) => name)).size).toBe(2);
  });

  it('refuse a folder without a run, and data of another run', async () => {
    const { folder } = recorded();
    const code = (value: string) => expect.objectContaining({ code: value });
    await expect(readReport({ runs: [] })).rejects.toEqual(code('INVALID_OPTION'));
    await expect(readReport({ runs: [temporaryFolder()] })).rejects.toEqual(code('FILE_SYSTEM'));
    const dataset = tinyFaces({ train: 64, validation: 31 });
    await expect(readReport({ runs: [folder], dataset })).rejects.toEqual(code('INVALID_DATA'));
    const damaged = temporaryFolder();
    writeFileSync(join(damaged, 'run.json'), '{"dataset":');
    await expect(readReport({ runs: [damaged] })).rejects.toEqual(code('INVALID_RUN'));
  });
});
