import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readCsv } from '../../src/core/csv-records.ts';
import { fileKind, isText } from '../../src/core/file-kind.ts';
import { readTextFile } from '../../src/core/read-text.ts';
import { loadDataset } from '../../src/data/load-dataset.ts';
import { readModelBytes } from '../../src/nn/sealed-file.ts';
import { temporaryFolder } from '../data/temporary-folder.ts';

const latin1 = (text: string) => Buffer.from(text.padEnd(600, 'x'), 'latin1');
const zip = (member: string) =>
  latin1(`PK\x03\x04${'\0'.repeat(22)}${String.fromCharCode(member.length)}\0\0\0${member}`);
const tar = () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'fer2013.csv'), 'emotion,pixels,Usage\n');
  return execFileSync('tar', ['-cf', '-', '-C', folder, 'fer2013.csv']);
};

const BINARY: [name: string, bytes: () => Buffer, unpacked?: true][] = [
  ['a zip archive', () => zip('fer2013.csv')],
  ['a zip archive', () => latin1('PK\x05\x06')],
  ['an Excel workbook', () => zip('[Content_Types].xml')],
  ['an Excel workbook', () => zip('xl/workbook.xml')],
  ['a NumPy archive', () => zip('x_train.npy')],
  ['a PyTorch file', () => zip('archive/data.pkl')],
  ['a tar archive', tar],
  ['a 7z archive', () => latin1('7z\xbc\xaf\x27\x1c\0\x04')],
  ['a rar archive', () => latin1('Rar!\x1a\x07\x01\0')],
  ['a bzip2 archive', () => latin1('BZh91AY&SY')],
  ['an xz archive', () => latin1('\xfd7zXZ\0')],
  ['a zstd archive', () => latin1('\x28\xb5\x2f\xfd')],
  ['a Parquet file', () => latin1('PAR1')],
  ['an HDF5 file', () => latin1('\x89HDF\r\n\x1a\n')],
  ['a NumPy array', () => latin1('\x93NUMPY\x01\0')],
  ['a Python pickle', () => latin1('\x80\x04\x95')],
  ['an SQLite database', () => latin1('SQLite format 3\0')],
  ['an old Office document', () => latin1('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1')],
  ['a PNG picture', () => latin1('\x89PNG\r\n\x1a\n')],
  ['a JPEG picture', () => latin1('\xff\xd8\xff\xe0')],
];
const TEXTS: [name: string, text: string][] = [
  ['a web page', '\n<!DOCTYPE html>\n<html><title>Sign in</title>'],
  ['a web page', '\uFEFF<html lang="en">'],
  ['an XML file', '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>'],
  ['a JSON file', '{"rows": [1, 2]}'],
  ['a JSON file', '[{"emotion": 0}]'],
  ['a pointer of Git LFS', 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n'],
];

const save = (bytes: Uint8Array | string) => {
  const file = join(temporaryFolder(), 'faces.csv');
  writeFileSync(file, bytes);
  return file;
};
const drain = async (items: AsyncIterable<unknown>) => {
  for await (const _ of items);
};
const notCsv = (name: string) => ({
  code: 'INVALID_DATA',
  problem: expect.stringMatching(new RegExp(`^this is ${name}.*, not a csv file$`)),
  data: { hint: expect.any(String) },
});

describe.each(BINARY)('%s', (name, bytes) => {
  it('is named instead of read as a csv, a text or a model', async () => {
    const file = save(bytes());
    const problem = expect.stringContaining(name);
    await expect(loadDataset(file)).rejects.toMatchObject(notCsv(name));
    await expect(drain(readCsv(file))).rejects.toMatchObject(notCsv(name));
    await expect(readTextFile(file)).rejects.toMatchObject({ code: 'INVALID_DATA', problem });
    await expect(readModelBytes(file)).rejects.toMatchObject({
      code: 'INVALID_MODEL',
      problem,
      data: { file },
    });
  });

  it('is named even if it is gzipped', async () => {
    await expect(loadDataset(save(gzipSync(bytes())))).rejects.toMatchObject(notCsv(name));
  });
});

describe.each(TEXTS)('%s', (name, text) => {
  it('is named instead of read as a csv or a model', async () => {
    const file = save(text);
    await expect(loadDataset(file)).rejects.toMatchObject(notCsv(name));
    await expect(readModelBytes(file)).rejects.toMatchObject({ problem: expect.stringContaining(name) });
  });
});

it('names the kind of a file given as a model', async () => {
  for (const [content, named] of [
    ['emotion,pixels,Usage\n0,1 2 3,Training\n', 'this is a text, not'],
    ['', 'this is an empty file, not'],
    [gzipSync('emotion'), 'this is a gzip archive, not'],
    [Uint8Array.of(1, 2, 3, 0), 'this is not'],
  ] as const) {
    await expect(readModelBytes(save(content))).rejects.toMatchObject({
      code: 'INVALID_MODEL',
      problem: `${named} a model file of evopatch`,
    });
  }
});

it('does not confuse a csv with another kind', () => {
  for (const text of [
    'emotion,pixels,Usage',
    'path,label',
    '"emotion","pixels"',
    ',emotion,pixels',
    'é,[x]',
    '',
  ]) {
    expect(fileKind(Buffer.from(text))).toBeUndefined();
    expect(isText(Buffer.from(text))).toBe(true);
  }
  expect(isText(Buffer.concat([Buffer.alloc(511, 'a'), Buffer.from('é')]))).toBe(true); // cut off within the é
  expect(isText(Buffer.of(0x61, 0xff, 0x61, 0x61, 0x61))).toBe(false);
});
