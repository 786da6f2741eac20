import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const scripts = ['bench', 'research'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true })
    .filter((file) => file.endsWith('.js'))
    .map((file) => join(folder, file)),
);
const importsOf = (file) =>
  [...readFileSync(join(ROOT, file), 'utf8').matchAll(/^import \{([^}]+)\} from '(\.[^']+)'/gm)].map(
    ([, names, from]) => ({
      names: names.split(',').flatMap((name) => name.trim().split(' as ')[0] || []),
      from,
    }),
  );

// Most scripts take hours, so no test runs them; the library that they import from is not typed for them.
test.each(scripts)('%s imports what there is', async (file) => {
  for (const { names, from } of importsOf(file)) {
    if (!from.includes('/dist/')) continue;
    const exported = Object.keys(await import(join(ROOT, dirname(file), from)));
    expect(exported, from).toEqual(expect.arrayContaining(names));
  }
});
