import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runFile } from '../../src/run/file-names.ts';
import { readTrainings } from '../../src/run/history-lines.ts';
import { currentResult, openRun } from '../../src/run/run-record.ts';
import { recordedRun } from '../report/recorded-run.ts';

const recorded = recordedRun({ baseline: false, controls: 'quick' });

test('a complete run has its description and its result, and no need of a checkpoint', async () => {
  const { folder, result } = recorded();
  const run = await openRun(folder);
  expect(run).toMatchObject({ folder, status: 'complete', checkpoint: undefined, notes: [] });
  expect(run.description.dataset.hash).toBe(result.dataset.hash);
  expect(run.result?.best.hash).toBe(result.best.hash);
  expect(currentResult(run)).toBe(run.result);
  const { trainings, damaged } = await readTrainings(folder);
  expect(trainings).toHaveLength(result.evaluations);
  expect(damaged).toBe(0);
});

test('an interrupted run has its newest checkpoint', async () => {
  const { copy, result } = recorded();
  const folder = copy();
  rmSync(runFile(folder, 'result'));
  const run = await openRun(folder);
  expect(run).toMatchObject({ status: 'interrupted', result: undefined });
  expect(run.checkpoint?.progress.history).toEqual(result.history);
});

test('a result is outdated once the run has gone on', async () => {
  const { copy } = recorded();
  const folder = copy();
  const text = readFileSync(runFile(folder, 'result'), 'utf8');
  const { history, ...rest } = JSON.parse(text);
  const early = { ...rest, status: 'aborted', history: history.slice(0, 1) };
  writeFileSync(runFile(folder, 'result'), JSON.stringify(early));
  const run = await openRun(folder);
  expect(run.status).toBe('aborted');
  expect(run.result?.history).toHaveLength(1);
  expect(currentResult(run)).toBeUndefined();
});

test('a result of an earlier release is read under the names of today', async () => {
  const folder = recorded().copy();
  const file = runFile(folder, 'result');
  const { controls, ...rest } = JSON.parse(readFileSync(file, 'utf8'));
  const { control: name, lead: _, ...face } = controls.at(-1);
  expect(name).toBe('whole-face');
  const search = { ...controls[0], control: 'random-search' };
  const wholeFace = { ...face, control: 'whole-face', lead: null };
  const controlsOf = async (former: object) => {
    writeFileSync(file, JSON.stringify({ ...rest, ...former }));
    return (await openRun(folder)).result?.controls;
  };
  expect(await controlsOf({ control: face, controls: [search] })).toEqual([search, wholeFace]);
  expect(await controlsOf({ wholeFaceControl: face, furtherControls: [] })).toEqual([wholeFace]);
  expect(await controlsOf({ wholeFaceControl: null, furtherControls: [search] })).toEqual([search]);
  expect(await controlsOf({ controls })).toEqual(controls);
});

test('damage is refused, or noted where the reader is lenient', async () => {
  const folder = recorded().copy();
  writeFileSync(runFile(folder, 'result'), '{"format":');
  appendFileSync(runFile(folder, 'history'), 'torn\n{"whole": "but no training"}\n{"unfinished":');
  await expect(openRun(folder)).rejects.toMatchObject({ code: 'INVALID_RUN' });
  const run = await openRun(folder, { lenient: true });
  expect(run.result).toBeUndefined();
  expect(run.checkpoint).toBeDefined();
  expect(run.notes).toEqual([expect.stringMatching(/^The result cannot be read: /)]);
  expect((await readTrainings(folder)).damaged).toBe(2);
  rmSync(runFile(folder, 'description'));
  await expect(openRun(folder, { lenient: true })).rejects.toMatchObject({ code: 'FILE_SYSTEM' });
});

test('a description of another version is shown, not continued', async () => {
  const folder = recorded().copy();
  const file = runFile(folder, 'description');
  const { engine: _, ...description } = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...description, format: 1 }));
  await expect(openRun(folder)).rejects.toMatchObject({
    code: 'INVALID_RUN',
    problem: 'the run has another format',
  });
  const run = await openRun(folder, { lenient: true });
  expect(run.description).toMatchObject({ evopatch: description.evopatch, engine: null });
});
