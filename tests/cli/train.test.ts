import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../src/cli/run.ts';
import { parseGenomeBounds, smallestGenome } from '../../src/genome/bounds.ts';
import { evopatch, start } from './program.ts';

let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'evopatch-train-'));
});
afterAll(() => rm(root, { recursive: true }));

const train = (folder: string, ...more: string[]) => [
  ...['train', '--data', 'synthetic:140', '--out', join(root, folder), '--batch-size', '16'],
  ...more,
];
const tiny = (folder: string, epochs: number) =>
  train(
    folder,
    '--network',
    'tinyXception',
    '--epochs',
    String(epochs),
    '--rotation',
    '10',
    '--averaging',
    '0.9',
  );
const bytesOf = (folder: string) => readFile(join(root, folder, 'model.safetensors'));

describe('evopatch train', () => {
  it('shows each epoch and keeps the best model, which evaluate measures alike', async () => {
    const { code, stdout, stderr } = await evopatch(...tiny('answer', 3), '--json');
    expect(code).toBe(0);
    const answer = JSON.parse(stdout);
    expect(stderr.match(/^epoch \d of 3: loss \d\.\d+, validation \d\.\d+, \d+\.\d %$/gm)).toHaveLength(3);
    expect(answer).toMatchObject({ network: 'tinyXception', parameters: 17_574 });
    expect(answer.epochs).toHaveLength(3);
    expect(answer.best).toEqual(answer.epochs[answer.best.epoch - 1]);
    const measured = await evopatch(
      ...['evaluate', '--model', answer.model, '--data', 'synthetic:140'],
      ...['--split', 'validation', '--json'],
    );
    expect(JSON.parse(measured.stdout)).toMatchObject({
      accuracy: answer.best.validationAccuracy,
      loss: answer.best.validationLoss,
    });
  });

  it('continues after it was killed, to the same model', async () => {
    const { child, ended, said } = start(tiny('killed', 4));
    await said('epoch 2 of 4');
    child.kill('SIGKILL');
    expect((await ended).code).toBeNull();
    const { code, stderr } = await evopatch(...tiny('killed', 4));
    expect(code).toBe(0);
    expect(stderr).not.toContain('epoch 1 of 4');
    expect(stderr).toContain('epoch 4 of 4');
    await evopatch(...tiny('unbroken', 4));
    expect(await bytesOf('killed')).toEqual(await bytesOf('unbroken'));
  });

  it('ends with 130 when interrupted', async () => {
    const { child, ended, said } = start(tiny('interrupted', 1000));
    await said('epoch 1 of 1000');
    child.kill('SIGINT');
    const { code, stderr } = await ended;
    expect(code).toBe(130);
    expect(stderr).toMatch(/stopped after epoch \d+/);
  });

  it('trains the network of a genome', async () => {
    const genome = join(root, 'genome.json');
    await writeFile(genome, JSON.stringify(smallestGenome(parseGenomeBounds({ classes: 7 }))));
    const { code, stdout } = await evopatch(...train('genome', '--genome', genome, '--epochs', '1'));
    expect(code).toBe(0);
    expect(stdout).toContain('accuracy by epoch');
    await writeFile(genome, '{}');
    const refused = await evopatch(...train('refused', '--genome', genome));
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(genome);
  });

  it.each([
    [[], 'Give --network NAME or --genome FILE'],
    [['--network', 'miniXeption'], "Did you mean 'miniXception'?"],
    [['--network', 'miniXception', '--genome', 'x.json'], 'give exactly one network'],
    [['--network', 'miniXception', '--rotation', '50'], '--rotation'],
    [['--network', 'miniXception', '--learning-rate', '0'], '--learning-rate'],
    [['--network', 'miniXception', '--batch-size', '24'], '--batch-size'],
  ])('refuses %j with a hint', async (words, hint) => {
    let stderr = '';
    const progress = { write: (text: string) => (stderr += text) };
    const context = { signal: new AbortController().signal, print: () => undefined, progress };
    expect(await runCommandLine(train('refused', ...words), context)).toBe(2);
    expect(stderr).toContain(hint);
    expect(stderr).not.toContain('140 faces'); // nothing was loaded for it
  });
});
