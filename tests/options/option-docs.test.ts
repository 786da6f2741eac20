import ts from 'typescript';
import { expect, test } from 'vitest';
import { EVOLVE_TABLE } from '../../src/options/evolve-table.ts';
import type { OptionDefinitions } from '../../src/options/option.ts';

/** What editors show of the properties of an interface: its text, and the default that it names. */
function documentationOf(file: string, name: string) {
  const program = ts.createProgram([file], {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    allowImportingTsExtensions: true,
    noEmit: true,
    strict: true,
    skipLibCheck: true,
  });
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(file) as ts.SourceFile) as ts.Symbol;
  const found = checker.getExportsOfModule(module).find((one) => one.name === name) as ts.Symbol;
  return checker
    .getDeclaredTypeOfSymbol(found)
    .getProperties()
    .map((property) => ({
      name: property.name,
      text: ts.displayPartsToString(property.getDocumentationComment(checker)),
      usual: ts.displayPartsToString(
        property.getJsDocTags(checker).find((tag) => tag.name === 'defaultValue')?.text,
      ),
    }));
}

test.each([['src/options/evolve-options.ts', 'EvolveOptions', EVOLVE_TABLE as OptionDefinitions]])(
  '%s: editors show every option of %s with its text and its default',
  (file, name, table) => {
    const shown = documentationOf(file, name);
    expect(shown.map((one) => one.name).sort()).toEqual(Object.keys(table).sort());
    for (const { name, text, usual } of shown) {
      expect(text, name).toMatch(/^[A-Z].*\.$/s);
      const { data } = table[name].schema.safeParse(undefined);
      if (!['string', 'number', 'boolean'].includes(typeof data)) continue;
      if (name === 'workers') continue;
      expect(usual, name).toBe(typeof data === 'string' ? `'${data}'` : String(data));
    }
  },
  120_000,
);
