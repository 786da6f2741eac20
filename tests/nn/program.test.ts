import { readdir, readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { LANES, Layout } from '../../src/nn/layout.ts';
import { batch, block, encodeProgram, FLOATS, STEPS, type StepName } from '../../src/nn/program.ts';

const KERNELS = new URL('../../kernels/', import.meta.url);

describe('the kernels', () => {
  let source = '';
  beforeAll(async () => {
    const files = await readdir(KERNELS);
    source = (await Promise.all(files.map((file) => readFile(new URL(file, KERNELS), 'utf8')))).join('\n');
    source = source.replace(/\/\*.*?\*\//gs, '');
  });

  /** The fields of a C struct, with those of the structs inside it: names and types, in order. */
  const fieldsOf = (type: string): [name: string, type: string][] => {
    const tagged = new RegExp(`struct ${type} \\{([^}]*)\\}`).exec(source);
    const [, body] = tagged ?? (new RegExp(`struct \\{([^}]*)\\} ${type};`).exec(source) as RegExpExecArray);
    return [...body.matchAll(/(?:struct )?(\w+) ([\w, ]+);/g)].flatMap(([, type, names]) =>
      type === 'int' || type === 'float'
        ? names.split(', ').map((name): [string, string] => [name, type])
        : fieldsOf(type),
    );
  };

  it('number their steps as the plans do', () => {
    const list = source.slice(source.indexOf('#define STEPS(STEP, TRAINING_STEP)')).split('\n\n')[0];
    expect([...list.matchAll(/(?:TRAINING_)?STEP\((\w+)\)/g)].map(([, name]) => name)).toEqual(
      Object.keys(STEPS),
    );
  });

  it.each(Object.keys(STEPS) as StepName[])('read the arguments of %s as the plans write them', (name) => {
    const step = new RegExp(`static void step_${name}\\([^{]*\\{\\n *const struct (\\w+) \\*`).exec(source);
    const type = name === 'each_block' ? name : step?.[1];
    const written = STEPS[name].map((field) => [field, FLOATS.includes(field) ? 'float' : 'int']);
    expect(type === undefined ? [] : fieldsOf(type)).toEqual(written);
  });

  it('have as many lanes as the plans', () => {
    expect(source).toContain(`#define LANES ${LANES}\n`);
  });
});

const layout = new Layout(1);
const [first, second] = [1, 2].map((channels) => layout.tensor({ channels, height: 1, width: 1 }, false));

it('neighbouring steps of blocks run together', () => {
  const number = (name: StepName) => Object.keys(STEPS).indexOf(name);
  const program = encodeProgram([
    block('relu', { in: first, out: second }),
    block('copy', { in: second, out: first }),
    batch('fill_zero', { offset: 5, count: 6 }),
    block('add', { a: first, b: second, out: second, relu: true }),
  ]);
  expect([...program]).toEqual([
    ...[number('each_block'), 3, 8, 0, 1, number('relu'), 2, 0, 1, number('copy'), 2, 1, 0],
    ...[number('fill_zero'), 2, 5, 6],
    ...[number('each_block'), 3, 6, 0, 1, number('add'), 4, 0, 1, 1, 1],
    ...[number('end'), 0],
  ]);
});

it('writes floats as their bits and flags as 0 and 1', () => {
  const penalty = batch('weight_penalty', { weights: 1, gradient: 2, count: 3, factor: -2 });
  expect(encodeProgram([penalty]).at(5)).toBe(0xc0000000 | 0);
  const dense = batch('dense', { in: first, out: second, weights: 0, bias: -1, relu: true, batch: true });
  expect([...encodeProgram([dense])].slice(2, 8)).toEqual([0, 1, 0, -1, 1, 1]);
});
