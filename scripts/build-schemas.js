// Writes docs/schemas/COMMAND.schema.json: what each command prints with --json, generated from src/cli/answers.ts.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const { buildGenerator, programFromConfig } = createRequire(import.meta.url)('typescript-json-schema');
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SOURCE = `${ROOT}src/cli/answers.ts`;
/** A line of the interface `Answers`. */
const ANSWER = /^ {2}(\w+): (\w+Answer);$/gm;

/** A JSON Schema for the answer of each command, by the command's name. */
export function answerSchemas() {
  const generator = buildGenerator(programFromConfig(`${ROOT}tsconfig.json`, [SOURCE]), {
    required: true,
    strictNullChecks: true,
    ref: false,
    ignoreErrors: true, // the compiler proper looks for them
  });
  const answers = [...readFileSync(SOURCE, 'utf8').matchAll(ANSWER)];
  return new Map(
    answers.map(([, command, type]) => {
      const { $schema, ...schema } = generator.getSchemaForSymbol(type);
      return [command, { $schema, title: `What evopatch ${command} --json prints`, ...closed(schema) }];
    }),
  );
}

/** The same with no fields but those that are named, where some are. */
function closed(schema) {
  if (typeof schema !== 'object' || schema === null) return schema;
  if (Array.isArray(schema)) return schema.map(closed);
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  return typeof inner.properties === 'object' && inner.type === 'object'
    ? { ...inner, additionalProperties: false }
    : inner;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [command, schema] of answerSchemas()) {
    writeFileSync(`${ROOT}docs/schemas/${command}.schema.json`, `${JSON.stringify(schema, undefined, 1)}\n`);
  }
}
