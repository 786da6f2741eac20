import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../data/temporary-folder.ts';

const MODULE = new URL('../../dist/index.js', import.meta.url).href;
/** Loads the data of its argument and prints the classes or the error. */
const PROGRAM = `const { loadDataset } = await import(${JSON.stringify(MODULE)});
  try {
    const { count, classes, hash } = await loadDataset(process.argv[1], { align: 'none', cacheFolder: process.argv[2] });
    console.log(JSON.stringify({ count, classes, hash }));
  } catch ({ code, problem }) { console.log(JSON.stringify({ code, problem })); }`;

const row = (level: number, name: string) => `${name},${Array(256).fill(level).join(' ')}`;
const CSV = ['label,pixels', ...Array.from({ length: 500 }, (_, i) => row(i % 256, i % 2 ? 'a' : 'b'))].join(
  '\n',
);
const EXPECTED = { count: 500, classes: ['a', 'b'] };

const shell = (command: string, args: readonly string[] = [], input?: Uint8Array | string) => {
  const env = { ...process.env, PROGRAM };
  const { stdout } = spawnSync('bash', ['-c', command, process.execPath, ...args], {
    input,
    env,
    encoding: 'utf8',
  });
  return JSON.parse(stdout);
};
const RUN = `"$0" --input-type=module -e "$PROGRAM"`;

describe.skipIf(process.platform === 'win32')('a csv of pixels', () => {
  const save = (content: Uint8Array | string) => {
    const file = join(temporaryFolder(), 'faces.csv.gz');
    writeFileSync(file, content);
    return file;
  };

  it.each(['-', '/dev/stdin', '/dev/fd/0'])('comes through standard input as %s, packed or not', (name) => {
    const file = save(gzipSync(CSV));
    const whole = shell(`${RUN} "$1"`, [file]);
    expect(whole).toMatchObject(EXPECTED);
    expect(shell(`zcat "$1" | ${RUN} ${name} "$2"`, [file, temporaryFolder()])).toEqual(whole);
    expect(shell(`cat "$1" | ${RUN} ${name}`, [file])).toEqual(whole);
    expect(shell(`${RUN} ${name} < "$1"`, [file])).toEqual(whole);
    expect(shell(`${RUN} ${name}`, [], CSV)).toEqual(whole); // a socket, as Node's child processes have
  });

  it('comes through standard input of the command, which runs in a thread', () => {
    const main = new URL('../../dist/cli/main.js', import.meta.url).pathname;
    const rows = [...Array(4)].flatMap((_, i) =>
      [row(i, 'a'), row(i + 9, 'b')].map((line) => `${line},${i ? 'train' : 'val'}`),
    );
    const input = ['label,pixels,split', ...rows].join('\n');
    const options = '--network tinyXception --data - --align none --cache none';
    const command = `cat | "$0" "$1" train ${options} --out "$2"`;
    const args = ['-c', command, process.execPath, main, join(temporaryFolder(), 'out')];
    const { stderr } = spawnSync('bash', args, { input, encoding: 'utf8' });
    expect(stderr).toContain('-: 8 faces, 2 classes (6 train, 2 validation, 0 test)');
  });

  it('comes through a process substitution', () => {
    expect(shell(`${RUN} <(zcat "$1")`, [save(gzipSync(CSV))])).toMatchObject(EXPECTED);
  });

  it('comes through a named pipe, whoever opens it first', () => {
    const file = save(gzipSync(CSV));
    const whole = shell(`${RUN} "$1"`, [file]);
    const makePipe = 'p="$2/pipe"; mkfifo "$p"';
    const folders = () => [file, temporaryFolder()];
    expect(shell(`${makePipe}; cat "$1" > "$p" & sleep 0.1; ${RUN} "$2/pipe"`, folders())).toEqual(whole);
    expect(shell(`${makePipe}; (sleep 1; cat "$1" > "$p") & ${RUN} "$p"`, folders())).toEqual(whole);
    const silent = shell(`${makePipe}; (sleep 1 > "$p") & ${RUN} "$p"`, folders());
    expect(silent).toMatchObject({ problem: 'nothing came through the pipe' });
  });

  it.each([
    ['nothing', '', 'nothing came through the pipe'],
    ['a manifest', 'path,label\na.png,a\n', 'not a csv of pixels'],
    ['an archive', 'PK\x03\x04'.padEnd(600, 'x'), 'this is a zip archive, not a csv file'],
    ['half a gzip', gzipSync(CSV).subarray(0, 200), 'the gzip ends too early'],
  ])('is not %s', (_, input, problem) => {
    expect(shell(`cat "$1" | ${RUN} -`, [save(input)])).toMatchObject({ problem });
  });
});
