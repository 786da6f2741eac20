import { createReadStream } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { evopatch, start } from './program.ts';

const TINY = [
  ...['--data', 'synthetic:210', '--align', 'nose', '--population', '4', '--generations', '6'],
  ...['--fitness-epochs', '9', '--final-epochs', '1', '--finalists', '2', '--no-baseline', '--workers', '1'],
];

let folder: string;
let begun: string;
let interrupted: { code: number | null; stdout: string };
let unbroken: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evopatch-'));
  expect((await evopatch('evolve', ...TINY, '--out', join(folder, 'unbroken'))).code).toBe(0);
  unbroken = await resultOf(join(folder, 'unbroken'));
  begun = join(folder, 'begun');
  const { child, said, ended } = start(['evolve', ...TINY, '--out', begun]);
  await said('generation 1:');
  child.kill('SIGINT');
  interrupted = await ended;
});
afterAll(() => rm(folder, { recursive: true }));

const resultOf = async (run: string) => {
  const text = await readFile(join(run, 'result.json'), 'utf8');
  return text.replace(/"timing": \{[^}]*\}/, '');
};
/** A copy of the interrupted run. */
async function copy(): Promise<string> {
  const run = join(await mkdtemp(join(folder, 'copy ')), 'run');
  await cp(begun, run, { recursive: true });
  return run;
}

describe('resume', () => {
  test('continues after Ctrl-C, which left a checkpoint and the best so far', async () => {
    expect(interrupted.code).toBe(130);
    expect(interrupted.stdout).toContain(`To continue: evopatch resume ${begun}`);
    expect(await readdir(begun)).toEqual(expect.arrayContaining(['checkpoint.json', 'result.json']));
    expect(await readdir(begun)).not.toContain('lock');
    const run = await copy();
    const { code, stdout, stderr } = await evopatch('resume', run, '--workers', '0');
    expect(code).toBe(0);
    expect(await resultOf(run)).toBe(unbroken);
    expect(stderr).not.toContain('generation 1:');
    expect(stdout).toContain(`result:      ${join(run, 'result.json')}`);
    const again = await evopatch('resume', run);
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('The run is complete') });
    expect(await resultOf(run)).toBe(unbroken);
  });

  test('gives JSON, also of a run that is complete', async () => {
    const run = join(folder, 'unbroken');
    const { code, stdout } = await evopatch('resume', run, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'complete', folder: run });
  });

  test('extends a complete run, and another one starts from its front', async () => {
    const run = join(await mkdtemp(join(folder, 'copy ')), 'run');
    await cp(join(folder, 'unbroken'), run, { recursive: true });
    const extended = await evopatch('resume', run, '--generations', '7', '--workers', '0', '--json');
    expect(extended.code).toBe(0);
    expect(JSON.parse(extended.stdout).history).toHaveLength(7);
    const { front } = JSON.parse(await readFile(join(run, 'result.json'), 'utf8'));
    const warm = [
      '--start-from',
      run,
      '--generations',
      '1',
      '--seed',
      'warm',
      '--out',
      `${run}-warm`,
      '--json',
    ];
    const started = await evopatch('evolve', ...TINY, ...warm);
    expect(started.code).toBe(0);
    const { options } = JSON.parse(await readFile(join(`${run}-warm`, 'run.json'), 'utf8'));
    expect(options.startFrom).toEqual(front.map(({ genome }: { genome: unknown }) => genome));
    const fewer = await evopatch('resume', run, '--generations', '3', '--json');
    expect(JSON.parse(fewer.stdout).error).toMatchObject({ code: 'INVALID_OPTION', option: '--generations' });
  });

  test('needs the data that the run was begun with', async () => {
    const run = await copy();
    const other = await evopatch('resume', run, '--data', 'synthetic:217', '--json');
    expect(other.code).toBe(1);
    expect(JSON.parse(other.stdout).error).toMatchObject({ code: 'INVALID_RUN', file: run });
    const aligned = await evopatch('resume', run, '--align', 'none', '--json');
    expect(JSON.parse(aligned.stdout).error.code).toBe('INVALID_RUN');
    const description = JSON.parse(await readFile(join(run, 'run.json'), 'utf8'));
    expect(description.dataSource).toEqual({ data: 'synthetic:210', align: 'nose' });
    await writeFile(join(run, 'run.json'), JSON.stringify({ ...description, dataSource: undefined }));
    expect(await evopatch('resume', run)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("'--data': this option is required"),
    });
  });

  test('does not read a pipe again: the data have to be given as a file', async () => {
    const run = join(await mkdtemp(join(folder, 'piped ')), 'run');
    const face = (level: number) => Array.from({ length: 256 }, (_, i) => (i * level) % 256).join(' ');
    const rows = Array.from(
      { length: 80 },
      (_, i) => `${i % 2 ? 'a' : 'b'},${face(i)},${i % 4 < 2 ? 'train' : 'val'}`,
    );
    const file = join(folder, 'faces.csv');
    await writeFile(file, ['label,pixels,split', ...rows].join('\n'));
    const options = ['--align', 'none', '--cache', 'none', ...TINY.slice(4), '--controls', 'none'];
    const { child, said, ended } = start(['evolve', '--data', '-', ...options, '--out', run]);
    createReadStream(file).pipe(child.stdin as Writable);
    await said('generation 1:');
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    const { dataSource } = JSON.parse(await readFile(join(run, 'run.json'), 'utf8'));
    expect(dataSource).toEqual({ data: '-', align: 'none' });

    const refused = await evopatch('resume', run, '--json');
    expect(refused.code).toBe(2);
    expect(JSON.parse(refused.stdout).error).toMatchObject({
      option: '--data',
      message: expect.stringContaining('came through a pipe'),
      hint: expect.stringContaining('--data FILE'),
    });
    const other = join(folder, 'other.csv');
    await writeFile(other, ['label,pixels,split', ...rows.slice(1)].join('\n'));
    const wrong = await evopatch('resume', run, '--data', other, '--cache', 'none', '--json');
    expect(JSON.parse(wrong.stdout).error.code).toBe('INVALID_RUN');
    expect(await evopatch('resume', run, '--data', file, '--cache', 'none')).toMatchObject({ code: 0 });
  });

  test('is refused while another process works on the run', async () => {
    const run = await copy();
    const { child, said, ended } = start(['resume', run]);
    await said('generation');
    child.kill('SIGSTOP');
    for (const command of [
      ['resume', run],
      ['evolve', ...TINY, '--out', run],
    ]) {
      const { code, stdout, stderr } = await evopatch(...command, '--json');
      expect(code).toBe(1);
      expect(JSON.parse(stdout).error).toMatchObject({ code: 'RUN_LOCKED', given: { pid: child.pid } });
      expect(stderr).toContain(`the run belongs to process ${child.pid}`);
    }
    const listed = await evopatch('runs', 'list', run);
    expect(listed.stdout).toMatch(/running/);
    child.kill('SIGCONT');
    expect((await ended).code).toBe(0);
    expect(await resultOf(run)).toBe(unbroken);
  });

  test('of what is no run says so', async () => {
    const { code, stderr } = await evopatch('resume', join(folder, 'nowhere'));
    expect(code).toBe(1);
    expect(stderr).toContain('this is not the folder of a run');
    expect(await evopatch('resume')).toMatchObject({ code: 2 });
    expect(await evopatch('resume', begun, 'more')).toMatchObject({ code: 2 });
  });
});

describe('runs', () => {
  test('are listed with how far they are', async () => {
    const { code, stdout } = await evopatch('runs', 'list', folder);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^run +status +generations +hypervolume +accuracy +against the baseline +parameters +data +seed +started$/m,
    );
    expect(stdout).toMatch(
      /unbroken +complete +6\/6 +0\.\d{4} +\d+\.\d % +[\d,]+ +synthetic:210 +evopatch +\d{4}-/,
    );
    expect(stdout).toMatch(/begun +aborted +[1-5]\/6 .+\*/);
    const { runs } = JSON.parse((await evopatch('runs', 'list', folder, '--json')).stdout);
    expect(runs.map((run: { status: string }) => run.status)).toEqual(['aborted', 'complete']);
    const killed = await copy();
    await rm(join(killed, 'result.json'));
    expect((await evopatch('runs', 'list', killed)).stdout).toContain('interrupted');
    await rm(join(killed, 'run.json'));
    expect((await evopatch('runs', 'list', killed)).stdout).toContain('There are no runs');
    await writeFile(join(killed, 'run.json'), 'damaged');
    const damaged = await evopatch('runs', 'list', killed);
    expect(damaged).toMatchObject({ code: 0, stderr: expect.stringContaining('skipped: ') });
  });

  test('are shown generation by generation', async () => {
    const run = join(folder, 'unbroken');
    const { stdout } = await evopatch('runs', 'show', run);
    expect(stdout).toMatch(/^ +6 +0\.\d{4} +\d+ +\d+\.\d{4} +\d+\.\d % +[\d,]+ +\d+ +0$/m);
    const shown = JSON.parse((await evopatch('runs', 'show', run, '--json')).stdout);
    const result = JSON.parse(await readFile(join(run, 'result.json'), 'utf8'));
    expect(shown).toMatchObject({
      status: 'complete',
      generations: 6,
      hypervolume: result.history[5].hypervolume,
      best: { accuracy: result.best.validationAccuracy, parameters: result.best.parameters },
    });
    expect((await evopatch('runs', 'show', begun)).stdout).toContain(`${begun}: aborted`);
  });

  test('are compared, with the options in which they differ', async () => {
    const other = join(folder, 'other');
    const ended = await evopatch('evolve', ...TINY, '--seed', 'other', '--finalists', '1', '--out', other);
    expect(ended.code).toBe(0);
    const runs = [join(folder, 'unbroken'), other];
    const { stdout } = await evopatch('runs', 'compare', ...runs);
    expect(stdout).toMatch(/^seed +evopatch +other$/m);
    const compared = JSON.parse((await evopatch('runs', 'compare', ...runs, '--json')).stdout);
    expect(compared.differentOptions).toEqual({ finalists: ['2', '1'], seed: ['evopatch', 'other'] });
    expect(compared.runs).toHaveLength(2);
    expect((await evopatch('runs', 'compare', runs[0], runs[0])).stdout).toContain('have the same options');
    await rm(other, { recursive: true });
  });

  test.each([[['walk']], [['show']], [['show', 'a', 'b']], [['compare', 'a']], [['list', 'a', 'b']]])(
    'refuse %j',
    async (words) => {
      expect(await evopatch('runs', ...words)).toMatchObject({ code: 2 });
    },
  );
});

test('runs share what they have trained in a folder', async () => {
  const cache = join(folder, 'cache');
  const first = join(folder, 'shared 1');
  const second = join(folder, 'shared 2');
  expect((await evopatch('evolve', ...TINY, '--evaluation-cache', cache, '--out', first)).code).toBe(0);
  expect((await evopatch('evolve', ...TINY, '--evaluation-cache', cache, '--out', second)).code).toBe(0);
  expect(await resultOf(second)).toBe(unbroken);
  const records = (await readFile(join(second, 'history.jsonl'), 'utf8')).trimEnd().split('\n');
  expect(records.map((line) => JSON.parse(line).seconds).every((seconds) => seconds === 0)).toBe(true);
  const run = JSON.parse(await readFile(join(second, 'run.json'), 'utf8'));
  expect(run.options.evaluationCache).toBe(resolve(cache));
});
