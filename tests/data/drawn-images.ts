import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import sharp from 'sharp';

/** Writes a 48×48 PNG of one grey level, with its folders. */
export async function writeImage(folder: string, file: string, level: number): Promise<void> {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  const raw = { width: 48, height: 48, channels: 1 } as const;
  await sharp(Buffer.alloc(48 * 48, level), { raw }).toFile(join(folder, file));
}

/** The grey level in the middle of a frame. */
export function levelOf(frames: Uint8Array, index: number): number {
  return frames[index * 64 * 64 + 32 * 64 + 32];
}
