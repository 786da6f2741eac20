import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('one-face.js times one face, a block of faces and onnxruntime', async () => {
  const script = fileURLToPath(new URL('../../bench/one-face.js', import.meta.url));
  const args = [script, '--engine', 'wasm', '--rounds', '1', '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const { records } = JSON.parse(stdout);
  expect(records.map(({ network }: { network: string }) => network)).toContain('mini-Xception');
  for (const { oneFace, block, onnxruntime } of records) {
    for (const { median } of [oneFace, block, onnxruntime]) expect(median).toBeGreaterThan(0);
    for (const { ratio } of [block, onnxruntime]) expect(ratio.median).toBeGreaterThan(0);
  }
});
