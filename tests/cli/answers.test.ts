import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { answerSchemas } from '../../scripts/build-schemas.js';
import { COMMANDS } from '../../src/cli/run.ts';
import { checkAnswer, inProcess } from './program.ts';

const FOLDER = fileURLToPath(new URL('../../docs/schemas/', import.meta.url));

test('the schemas are those of the types, one for each command (npm run schemas)', async () => {
  const schemas = answerSchemas();
  expect([...schemas.keys()].sort()).toEqual(COMMANDS.map(({ name }) => name).sort());
  expect((await readdir(FOLDER)).sort()).toEqual(
    [...schemas.keys()].map((name) => `${name}.schema.json`).sort(),
  );
  for (const [name, schema] of schemas) {
    expect(JSON.parse(await readFile(`${FOLDER}${name}.schema.json`, 'utf8')), name).toEqual(
      JSON.parse(JSON.stringify(schema)),
    );
  }
});

test('help COMMAND --json prints the schema of its answer', async () => {
  const { code, stdout } = await inProcess('help', 'predict', '--json');
  expect(code).toBe(0);
  expect(stdout).toBe(await readFile(`${FOLDER}predict.schema.json`, 'utf8'));
});

test('an answer with a field too many, or one too few, does not pass', async () => {
  const { stdout } = await inProcess('inspect', '--network', 'baseline', '--json');
  const answer = JSON.parse(stdout);
  expect(() => checkAnswer('inspect', answer)).not.toThrow();
  expect(() => checkAnswer('inspect', { ...answer, surprise: 1 })).toThrow('must NOT have additional');
  expect(() => checkAnswer('inspect', { ...answer, macs: undefined })).toThrow("required property 'macs'");
});
