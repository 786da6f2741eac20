import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import * as z from 'zod';
import { writeFileAtomic } from '../core/atomic-file.ts';
import { throwIfAborted } from '../core/byte-stream.ts';
import { openFile } from '../core/open-file.ts';
import { ALIGNMENTS } from '../landmarks/alignment.ts';
import { type Dataset, SPLITS } from './dataset.ts';
import { arraysOf } from './dataset-builder.ts';

/** Changes with the file format and with anything that changes frames, such as the mean shape or the sampler. */
export const FRAME_CACHE_FORMAT = 2;

const MAGIC = 'evopatch frames\n';
const PREFIX_BYTES = MAGIC.length + 4;
const CHECKSUM_BYTES = 32;
const CHUNK_BYTES = 2 ** 22;

const skipSchema = z.strictObject({
  /** The image, relative to the data folder. */
  file: z.string().optional(),
  code: z.enum(['INVALID_IMAGE', 'INVALID_DATA', 'FILE_SYSTEM']),
  problem: z.string(),
  data: z.record(z.string(), z.unknown()),
});
const headerSchema = z.strictObject({
  classes: z.array(z.string()),
  frame: z.strictObject({ size: z.int().min(1), border: z.int(), noseX: z.int(), noseY: z.int() }),
  align: z.enum(ALIGNMENTS),
  count: z.int().min(1),
  unaligned: z.int().min(0),
  hash: z.string(),
  subjects: z.boolean(),
  groups: z.array(z.strictObject({ column: z.string(), values: z.array(z.string()) })).optional(),
  skips: z.array(skipSchema),
  notes: z.array(z.string()).default([]), // earlier releases stored none
});

/** An image that was left out, as plain data. */
export type StoredSkip = z.output<typeof skipSchema>;

/** A data set without its name, which depends on where it is loaded from. */
export interface StoredFrames {
  readonly dataset: Omit<Dataset, 'name'>;
  readonly skips: readonly StoredSkip[];
  /** Notes of the source to report to people. */
  readonly notes: readonly string[];
}

/**
 * Writes prepared frames to one file: a magic line, the header's length (32 bits, little endian) and the header as JSON; frames,
 * labels, splits, subjects and groups in their memory layout; the SHA-256 of all that. It copies no array.
 *
 * @throws EvopatchError `FILE_SYSTEM`, `ABORTED`.
 */
export async function writeFrames(file: string, stored: StoredFrames, signal?: AbortSignal): Promise<void> {
  await writeFileAtomic(file, encodeFrames(stored, signal));
}

/** Gives the content of that file in parts; equal frames give equal bytes. @throws EvopatchError `ABORTED` */
export async function* encodeFrames(
  { dataset, skips, notes }: StoredFrames,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { classes, frame, align, count, unaligned, hash, subjects } = dataset;
  const groups = dataset.groups && [...dataset.groups].map(([column, { values }]) => ({ column, values }));
  const facts = {
    classes,
    frame,
    align,
    count,
    unaligned,
    hash,
    subjects: subjects !== undefined,
    groups,
    skips,
    notes,
  };
  const header = Buffer.from(JSON.stringify(facts));
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.write(MAGIC, 'latin1');
  prefix.writeUInt32LE(header.length, MAGIC.length);
  const checksum = createHash('sha256');
  for (const part of [prefix, header, ...arraysOf(dataset)]) {
    for (let start = 0; start < part.length; start += CHUNK_BYTES) {
      throwIfAborted(signal);
      const chunk = part.subarray(start, start + CHUNK_BYTES);
      checksum.update(chunk);
      yield chunk;
    }
  }
  yield checksum.digest();
}

/**
 * Reads prepared frames directly into shared memory; `undefined` if the file is missing, unreadable or damaged, so that the
 * caller prepares them again.
 *
 * @throws EvopatchError `ABORTED`.
 */
export async function readFrames(file: string, signal?: AbortSignal): Promise<StoredFrames | undefined> {
  let handle: FileHandle | undefined;
  try {
    handle = await openFile(file);
    return await readContent(handle, signal);
  } catch {
    throwIfAborted(signal);
    return undefined;
  } finally {
    await handle?.close();
  }
}

async function readContent(
  handle: FileHandle,
  signal: AbortSignal | undefined,
): Promise<StoredFrames | undefined> {
  const { size: fileBytes } = await handle.stat();
  const checksum = createHash('sha256');
  let position = 0;
  const fill = async (into: Uint8Array): Promise<void> => {
    for (let start = 0; start < into.length; ) {
      throwIfAborted(signal);
      const length = Math.min(CHUNK_BYTES, into.length - start);
      const { bytesRead } = await handle.read(into, start, length, position);
      if (bytesRead === 0) return; // truncated since it was measured: the checksum will not match
      checksum.update(into.subarray(start, start + bytesRead));
      start += bytesRead;
      position += bytesRead;
    }
  };
  const prefix = Buffer.alloc(PREFIX_BYTES);
  await fill(prefix);
  const headerBytes = prefix.readUInt32LE(MAGIC.length);
  if (prefix.toString('latin1', 0, MAGIC.length) !== MAGIC || headerBytes > fileBytes) return undefined;
  const headerJson = Buffer.alloc(headerBytes);
  await fill(headerJson);
  const header = parseHeader(headerJson.toString());
  if (header === undefined) return undefined;
  const { subjects: hasSubjects, groups = [], skips, notes, ...facts } = header;
  const frameBytes = header.count * header.frame.size ** 2;
  const integers = (hasSubjects ? 1 : 0) + groups.length; // of each sample, besides its label and split
  const bytes = frameBytes + header.count * (2 + 4 * integers);
  if (fileBytes !== PREFIX_BYTES + headerBytes + bytes + CHECKSUM_BYTES) return undefined;
  const dataset = {
    ...facts,
    skipped: skips.length,
    frames: new Uint8Array(new SharedArrayBuffer(frameBytes)),
    labels: new Uint8Array(new SharedArrayBuffer(header.count)),
    splits: new Uint8Array(new SharedArrayBuffer(header.count)),
    ...(hasSubjects && { subjects: sharedIntegers(header.count) }),
    ...(groups.length > 0 && {
      groups: new Map(
        groups.map(({ column, values }) => [column, { values, of: sharedIntegers(header.count) }]),
      ),
    }),
  };
  for (const array of arraysOf(dataset)) await fill(array);
  const found = checksum.digest();
  const expected = Buffer.alloc(CHECKSUM_BYTES);
  await handle.read(expected, 0, CHECKSUM_BYTES, position);
  const isWhole =
    found.equals(expected) &&
    fits(dataset.labels, header.classes.length) &&
    fits(dataset.splits, SPLITS.length);
  return isWhole ? { dataset, skips, notes } : undefined;
}

function fits(numbers: Uint8Array, count: number): boolean {
  return numbers.every((number) => number < count);
}

function parseHeader(json: string): z.output<typeof headerSchema> | undefined {
  try {
    return headerSchema.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined; // damaged
  }
}

function sharedIntegers(count: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4 * count));
}
