import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { RUN_FILES } from '../../src/run/file-names.ts';

const source = fileURLToPath(new URL('../../src', import.meta.url));
const { description, history, checkpoint, previousCheckpoint, result } = RUN_FILES;
const names = [description, history, checkpoint, previousCheckpoint, result].map((name) =>
  name.replaceAll('.', '\\.'),
);
/** One of the names inside a string, rather than as the property of a result. */
const named = new RegExp(`['"\`][^'"\`\\n]*(${names.join('|')})`);

test('only the room of run folders names their files', () => {
  const naming = (readdirSync(source, { recursive: true }) as string[]).filter((file) => {
    if (!file.endsWith('.ts') || file.startsWith(join('run', '/'))) return false;
    const code = readFileSync(join(source, file), 'utf8').replaceAll(/\/\*.*?\*\/|\/\/.*/gs, '');
    return named.test(code);
  });
  expect(naming).toEqual([]);
});
