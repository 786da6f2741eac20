import { execFileSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readLines } from '../../src/core/byte-lines.ts';
import { readCsv } from '../../src/core/csv-records.ts';
import { hashFile } from '../../src/core/hash-file.ts';
import { isMissing, openFile, readWholeFile } from '../../src/core/open-file.ts';
import { readTextFile } from '../../src/core/read-text.ts';
import { openSource } from '../../src/data/load-dataset.ts';
import { isAnimation, openAnimation } from '../../src/images/animation.ts';
import { decodePhoto } from '../../src/images/decode-photo.ts';
import { readPoints } from '../../src/landmarks/points-file.ts';
import { readModelBytes } from '../../src/nn/sealed-file.ts';
import { temporaryFolder } from '../data/temporary-folder.ts';

const drain = async (items: AsyncIterable<unknown>) => {
  for await (const _ of items);
};

const READERS: [name: string, read: (file: string) => Promise<unknown>][] = [
  ['openFile', openFile],
  ['readWholeFile', readWholeFile],
  ['readTextFile', readTextFile],
  ['hashFile', hashFile],
  ['readLines', (file) => drain(readLines(file, 100))],
  ['readCsv', (file) => drain(readCsv(file))],
  ['a picture', decodePhoto],
  ['an animation', openAnimation],
  ['a model', readModelBytes],
  ['points', readPoints],
];

describe.skipIf(process.platform === 'win32')('what is not a regular file', () => {
  const fifo = () => {
    const file = join(temporaryFolder(), 'pipe');
    execFileSync('mkfifo', [file]);
    return file;
  };
  const socket = async () => {
    const file = join(temporaryFolder(), 'socket');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(file, resolve));
    onTestFinished(() => void server.close());
    return file;
  };
  const linkToDevice = () => {
    const file = join(temporaryFolder(), 'picture.png');
    symlinkSync('/dev/zero', file);
    return file;
  };
  const KINDS: [kind: string, make: () => string | Promise<string>][] = [
    ['pipe', fifo],
    ['socket', socket],
    ['device', linkToDevice],
    ['folder', temporaryFolder],
  ];

  describe.each(KINDS)('a %s', (kind, make) => {
    it.each(READERS)('is refused by %s', async (_, read) => {
      const file = await make();
      await expect(read(file)).rejects.toMatchObject({
        code: 'FILE_SYSTEM',
        problem: expect.stringContaining(`it is a ${kind}`),
        data: { file, hint: expect.any(String) },
      });
    });
  });

  it('is not an animation', async () => {
    expect(await isAnimation(fifo())).toBe(false);
  });

  it('waits for the writer of a named pipe, until it is stopped', async () => {
    const stop = new AbortController();
    const opened = openSource(fifo(), { signal: stop.signal });
    const isWaiting = await Promise.race([setTimeout(50, true), opened.catch(() => false)]);
    stop.abort();
    expect(isWaiting).toBe(true);
    await expect(opened).rejects.toMatchObject({ code: 'ABORTED' });
  });

  it.each(KINDS.slice(1, 3))('is not a data set: a %s', async (kind, make) => {
    await expect(openSource(await make())).rejects.toMatchObject({
      code: 'FILE_SYSTEM',
      problem: expect.stringContaining(`it is a ${kind}`),
    });
  });
});

it('reads regular files up to a size, also through links', async () => {
  const folder = temporaryFolder();
  const [file, link] = [join(folder, 'file'), join(folder, 'link')];
  writeFileSync(file, 'twelve bytes');
  symlinkSync(file, link);
  expect((await readWholeFile(link)).toString()).toBe('twelve bytes');
  expect(await readWholeFile(file, { maxBytes: 12 })).toHaveLength(12);
  await expect(readWholeFile(file, { maxBytes: 11 })).rejects.toMatchObject({
    code: 'INVALID_DATA',
    data: { file, given: '12 bytes' },
  });
});

it('distinguishes a missing file from an unreadable one', async () => {
  const folder = temporaryFolder();
  expect(isMissing(await readWholeFile(join(folder, 'none')).catch((error) => error))).toBe(true);
  expect(isMissing(await readWholeFile(folder).catch((error) => error))).toBe(false);
});
