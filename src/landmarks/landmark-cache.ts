import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { writeFileAtomic } from '../core/atomic-file.ts';
import { readWholeFile } from '../core/open-file.ts';
import type { Photo } from '../images/photo.ts';
import type { LocatedFace } from './landmark-detector.ts';
import { POINT_COUNT } from './mean-shape.ts';

// A file contains, little-endian: 8 bytes of magic and version; the number of photos (uint32); for each photo the number of its
// faces (uint32) and each face's box and score (5 float64) and points (136 float32); the SHA-256 of all that.
const MAGIC = Buffer.from('evolmk1\n', 'latin1');
const NUMBERS = 5;
const COORDINATES = 2 * POINT_COUNT;
const FACE_BYTES = 8 * NUMBERS + 4 * COORDINATES;
const HASH_BYTES = 32;

/** Names the file that caches the landmarks of some photos, by the version and all pixels. */
export function landmarkFile(cacheFolder: string, version: string, photos: readonly Photo[]): string {
  const hash = createHash('sha256').update(version).update('\0');
  for (const { pixels, width, height, original } of photos) {
    const reduced = original === undefined ? '' : ` of ${original.width}x${original.height}`;
    hash.update(`${width}x${height}${reduced}\0`).update(pixels);
  }
  const name = hash.digest('hex');
  return join(cacheFolder, 'landmarks', name.slice(0, 2), `${name}.bin`);
}

/**
 * Reads what `writeLandmarks` wrote; `undefined` for a file that is missing, unreadable, damaged or in another format, so that
 * the caller detects the landmarks again.
 */
export async function readLandmarks(file: string, photos: number): Promise<LocatedFace[][] | undefined> {
  const bytes = await readWholeFile(file).catch(() => undefined);
  return bytes && decode(bytes, photos);
}

/** @throws EvopatchError `FILE_SYSTEM` */
export async function writeLandmarks(
  file: string,
  photos: readonly (readonly LocatedFace[])[],
): Promise<void> {
  await writeFileAtomic(file, encode(photos));
}

function encode(photos: readonly (readonly LocatedFace[])[]): Uint8Array {
  const faces = photos.reduce((sum, list) => sum + list.length, 0);
  const bytes = Buffer.alloc(MAGIC.length + 4 + 4 * photos.length + FACE_BYTES * faces + HASH_BYTES);
  let at = MAGIC.copy(bytes);
  at = bytes.writeUInt32LE(photos.length, at);
  for (const list of photos) {
    at = bytes.writeUInt32LE(list.length, at);
    for (const { box, score, points } of list) {
      for (const value of [box.x, box.y, box.width, box.height, score]) at = bytes.writeDoubleLE(value, at);
      for (const value of points) at = bytes.writeFloatLE(value, at);
    }
  }
  bytes.set(checksum(bytes), at);
  return bytes;
}

function decode(bytes: Buffer, photoCount: number): LocatedFace[][] | undefined {
  const end = bytes.length - HASH_BYTES;
  let at = MAGIC.length + 4;
  if (end < at || !bytes.subarray(end).equals(checksum(bytes))) return undefined;
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  if (bytes.readUInt32LE(MAGIC.length) !== photoCount) return undefined;
  const photos: LocatedFace[][] = [];
  for (let photo = 0; photo < photoCount; photo++) {
    const faces: LocatedFace[] = [];
    if (at + 4 > end) return undefined;
    const count = bytes.readUInt32LE(at);
    at += 4;
    if (at + count * FACE_BYTES > end) return undefined;
    for (let face = 0; face < count; face++) {
      const [x, y, width, height, score] = Array.from({ length: NUMBERS }, (_, i) =>
        bytes.readDoubleLE(at + 8 * i),
      );
      const start = at + 8 * NUMBERS;
      const points = Float32Array.from({ length: COORDINATES }, (_, i) => bytes.readFloatLE(start + 4 * i));
      faces.push({ box: { x, y, width, height }, score, points });
      at += FACE_BYTES;
    }
    photos.push(faces);
  }
  return at === end ? photos : undefined;
}

function checksum(bytes: Buffer): Buffer {
  return createHash('sha256')
    .update(bytes.subarray(0, bytes.length - HASH_BYTES))
    .digest();
}
