import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { randomStream } from '../../src/core/random.ts';
import { temporaryFolder } from './temporary-folder.ts';

const CHILD = fileURLToPath(new URL('./csv-memory-child.js', import.meta.url));
const FRAME_BYTES = 4096;
const BATCH = 100;

/** A gzip of gzips: the same hundred rows again and again, which are packed once. */
function save(folder: string, rows: number): string {
  const random = randomStream('rows', 1);
  const face = () => Array.from({ length: 48 * 48 }, () => random.integer(0, 255)).join(' ');
  const batch = gzipSync(Array.from({ length: BATCH }, (_, i) => `${i % 7},${face()},Training\n`).join(''));
  const file = join(folder, `${rows}.csv.gz`);
  writeFileSync(
    file,
    Buffer.concat([gzipSync('emotion,pixels,Usage\n'), ...Array(rows / BATCH).fill(batch)]),
  );
  return file;
}

test('each further row of a csv takes the memory of its frame and no more than half as much again', {
  timeout: 120_000,
}, () => {
  const folder = temporaryFolder();
  const warmUp = save(folder, 2000);
  const [few, many] = [10_000, 30_000].map((rows) => {
    const text = execFileSync(process.execPath, [CHILD, warmUp, save(folder, rows)], { encoding: 'utf8' });
    const { count, bytes } = JSON.parse(text);
    expect(count).toBe(rows);
    return bytes;
  });
  expect((many - few) / 20_000).toBeLessThan(1.5 * FRAME_BYTES);
});
