import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { encodeCheckedJson } from '../../src/core/checked-json.ts';
import { DecisionLog } from '../../src/run/decision-log.ts';
import type { LogEntry } from '../../src/search/asynchronous/log-entry.ts';
import { temporaryFolder } from '../data/temporary-folder.ts';
import { settings, work } from '../search/asynchronous/working.ts';

const { log } = work({ settings: { ...settings, population: 4 }, workers: 3, generations: 2 });

async function written(): Promise<{ folder: string; file: string }> {
  const folder = temporaryFolder();
  const decisions = await DecisionLog.open(folder, () => undefined);
  await Promise.all(log.map((entry) => decisions.append(entry)));
  await decisions.sync();
  await decisions.close();
  return { folder, file: join(folder, 'decisions.jsonl') };
}

async function reopened(folder: string): Promise<{ entries: readonly LogEntry[]; warnings: string[] }> {
  const warnings: string[] = [];
  const decisions = await DecisionLog.open(folder, (message) => warnings.push(message));
  await decisions.close();
  return { entries: decisions.entries, warnings };
}

test('a log gives back its entries, to the byte', async () => {
  const { folder } = await written();
  const { entries, warnings } = await reopened(folder);
  expect(JSON.stringify(entries)).toBe(JSON.stringify(log));
  expect(warnings).toEqual([]);
});

test('a last line without its end is cut off, and lines are added behind the one before', async () => {
  const { folder, file } = await written();
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.slice(0, -20));
  const decisions = await DecisionLog.open(folder, () => undefined);
  expect(decisions.entries).toHaveLength(log.length - 1);
  await decisions.append(log[log.length - 1]);
  await decisions.close();
  expect(await readFile(file, 'utf8')).toBe(text);
});

test('all behind a damaged line is cut off, with a warning', async () => {
  const { folder, file } = await written();
  const lines = (await readFile(file, 'utf8')).split('\n');
  const damaged = [...lines.slice(0, 5), lines[5].replace('"', "'"), ...lines.slice(6)];
  await writeFile(file, damaged.join('\n'));
  const { entries, warnings } = await reopened(folder);
  expect(entries).toHaveLength(5);
  expect(warnings).toEqual([expect.stringContaining('goes on from row 5, since the next one is damaged')]);
  expect((await readFile(file, 'utf8')).split('\n')).toEqual([...lines.slice(0, 5), '']);
});

test('a line that is none of a log counts as damaged', async () => {
  const { folder, file } = await written();
  const lines = (await readFile(file, 'utf8')).split('\n');
  const other = encodeCheckedJson({ type: 'paused' });
  await writeFile(file, [other, ...lines].join('\n'));
  expect((await reopened(folder)).entries).toEqual([]);
});
