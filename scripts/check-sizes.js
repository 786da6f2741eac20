// Prints the number of files and lines of each folder and the largest files; no file may exceed the limit of CONTRIBUTING.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const TARGET = 250;
const MAXIMUM = 400;
const FOLDERS = ['src', 'kernels', 'tests', 'scripts', 'bench', 'research', 'examples'];
const root = fileURLToPath(new URL('..', import.meta.url));

async function sizesOf(folder) {
  const names = await readdir(join(root, folder), { recursive: true });
  return Promise.all(
    names
      .filter((name) => /\.(ts|js|c|h|py)$/.test(name))
      .map(async (name) => {
        const text = await readFile(join(root, folder, name), 'utf8');
        return { file: `${folder}/${name}`, lines: text.split('\n').length - 1 };
      }),
  );
}

const folders = await Promise.all(FOLDERS.map(sizesOf));
const totals = folders.map((files, i) => {
  const lines = files.reduce((sum, file) => sum + file.lines, 0);
  return `${FOLDERS[i]} ${lines.toLocaleString('en')} in ${files.length}`;
});
console.log(`lines: ${totals.join(', ')} files`);

const large = folders
  .flat()
  .filter(({ lines }) => lines > TARGET)
  .sort((a, b) => b.lines - a.lines);
if (large.length > 0) {
  const list = large.map(({ file, lines }) => `${file} ${lines}`).join(', ');
  console.log(`above ${TARGET} lines (limit ${MAXIMUM}): ${list}`);
}
if (large.some(({ lines }) => lines > MAXIMUM)) {
  console.error(`a file has more than ${MAXIMUM} lines`);
  process.exit(1);
}
