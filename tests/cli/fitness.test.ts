import { expect, test } from 'vitest';
import { evopatch, start } from './program.ts';

const TINY = ['--data', 'synthetic:140', '--seed', 'a', '--fitness-epochs', '1', '--max-patches', '2'];
const linesOf = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

test('describes what an optimiser needs to know', async () => {
  const { code, stdout } = await evopatch('fitness', ...TINY, '--json');
  expect(code).toBe(0);
  const { objectives, genes, rungs } = JSON.parse(stdout);
  expect(objectives).toEqual(['loss', 'parameters', 'pixels']);
  expect(genes).toHaveLength(2 * 7 + 12);
  expect(rungs).toEqual([{ rows: expect.any(Number), epochs: 1 }]);
  const { stdout: text } = await evopatch('fitness', ...TINY);
  expect(text).toContain('26 genes, numbers from 0 to 1: patch 1 present, ');
});

test('answers a line for a line, and errors stop nothing', async () => {
  const { child, ended } = start(['fitness', ...TINY, '--jsonl', '--workers', '2']);
  const genes = new Array(26).fill(0.3);
  const lines = [
    { id: 'first', genes },
    { id: 2, genes: [0.5] },
    'no object',
    { id: 3, genes: genes.with(1, 0.9), rung: 0 },
    { id: 4, genes },
  ];
  child.stdin?.end([...lines.map((line) => JSON.stringify(line)), '{"id": 5,'].join('\n'));
  const { code, stdout, stderr } = await ended;
  expect(code, stderr).toBe(0);
  const [description, ...answers] = linesOf(stdout);
  expect(description.genes).toHaveLength(26);
  expect(answers).toHaveLength(6);
  const byId = (id: unknown) => answers.filter((answer) => answer.id === id);
  const [first] = byId('first');
  expect(first.objectives.loss).toBeGreaterThan(0);
  const [again] = byId(4);
  expect({ ...again, id: 'first', samples: Math.max(first.samples, again.samples) }).toEqual({
    ...first,
    samples: Math.max(first.samples, again.samples),
  });
  expect(byId(2)[0].error).toMatchObject({ code: 'INVALID_GENOME', given: 1 });
  expect(byId(3)[0].hash).not.toBe(first.hash);
  expect(byId(null).map(({ error }) => error.code)).toEqual(['INVALID_DATA', 'INVALID_DATA']);
});

test('refuses both kinds of JSON at once', async () => {
  const { code, stdout } = await evopatch('fitness', ...TINY, '--json', '--jsonl');
  expect(code).toBe(2);
  expect(JSON.parse(stdout).error).toMatchObject({ code: 'INVALID_OPTION', option: '--jsonl' });
});
