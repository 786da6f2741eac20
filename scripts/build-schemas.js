// Writes docs/schemas/COMMAND.schema.json: what each command prints with --json, generated from src/cli/answers.ts.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const { buildGenerator, programFromConfig } = createRequire(import.meta.url)('typescript-json-schema');
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SOURCE = `${ROOT}src/cli/answers.ts`;
/** Matches a line of the interface `Answers`. */
const ANSWER = /^ {2}(\w+): (\w+Answer);$/gm;

/** Makes the JSON Schema of each command's answer, by the command's name. */
export function answerSchemas() {
  const generator = buildGenerator(programFromConfig(`${ROOT}tsconfig.json`, [SOURCE]), {
    required: true,
    strictNullChecks: true,
    ref: false,
    ignoreErrors: true, // `npm run typecheck` finds them
  });
  const answers = [...readFileSync(SOURCE, 'utf8').matchAll(ANSWER)];
  return new Map(
    answers.map(([, command, type]) => {
      const { $schema, ...schema } = generator.getSchemaForSymbol(type);
      return [command, { $schema, title: `What evopatch ${command} --json prints`, ...closed(schema) }];
    }),
  );
}

/** Forbids fields that a schema does not name, and merges intersections of objects. */
function closed(schema) {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { allOf = [], ...own } = schema;
  const whole = allOf.reduce(joined, own);
  const inner = Object.fromEntries(Object.entries(whole).map(([key, value]) => [key, closed(value)]));
  return isObject(inner) ? { ...inner, additionalProperties: false } : inner;
}

function joined(whole, part) {
  const required = [...(whole.required ?? []), ...(part.required ?? [])];
  return { ...part, ...whole, properties: { ...whole.properties, ...part.properties }, required };
}

function isObject({ type, properties }) {
  return type === 'object' && typeof properties === 'object';
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [command, schema] of answerSchemas()) {
    writeFileSync(`${ROOT}docs/schemas/${command}.schema.json`, `${JSON.stringify(schema, undefined, 1)}\n`);
  }
}
