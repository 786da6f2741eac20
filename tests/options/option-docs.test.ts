import ts from 'typescript';
import { expect, test } from 'vitest';
import { EVOLVE_TABLE } from '../../src/options/evolve-table.ts';
import type { OptionDefinitions } from '../../src/options/option.ts';
import { TRAIN_TABLE } from '../../src/options/train-table.ts';

const TABLES: readonly [string, string, OptionDefinitions][] = [
  ['EvolveOptions', 'src/options/evolve-options.ts', EVOLVE_TABLE],
  ['TrainOptions', 'src/options/train-options.ts', TRAIN_TABLE],
];
const program = ts.createProgram(
  TABLES.map(([, file]) => file),
  {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    allowImportingTsExtensions: true,
    noEmit: true,
    strict: true,
    skipLibCheck: true,
  },
);
const checker = program.getTypeChecker();

/** What editors show of the properties of an interface: its text, and the default that it names. */
function documentationOf(file: string, name: string) {
  const module = checker.getSymbolAtLocation(program.getSourceFile(file) as ts.SourceFile) as ts.Symbol;
  const found = checker.getExportsOfModule(module).find((one) => one.name === name) as ts.Symbol;
  return checker
    .getDeclaredTypeOfSymbol(found)
    .getProperties()
    .map((property) => {
      const tag = property.getJsDocTags(checker).find(({ name }) => name === 'defaultValue');
      return {
        name: property.name,
        text: ts.displayPartsToString(property.getDocumentationComment(checker)),
        usual: ts.displayPartsToString(tag?.text),
      };
    });
}

test.each(TABLES)(
  'editors show every option of %s with its text and its default',
  (name, file, table) => {
    const shown = documentationOf(file, name);
    expect(shown.map((one) => one.name).sort()).toEqual(Object.keys(table).sort());
    for (const { name, text, usual } of shown) {
      expect(text, name).toMatch(/^[A-Z].*\.$/s);
      const { data } = table[name].schema.safeParse(undefined);
      const isPlain = ['string', 'number', 'boolean'].includes(typeof data) && name !== 'workers'; // the machine's cores
      if (isPlain) expect(usual, name).toBe(typeof data === 'string' ? `'${data}'` : String(data));
    }
  },
  120_000,
);
