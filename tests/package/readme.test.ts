import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { parseOptions } from '../../src/cli/program/parse-options.ts';
import { COMMANDS } from '../../src/cli/run.ts';
import { type Ended, installPacked, type PackedProject } from './packed.ts';
import { nameModels, writeReadmeFiles } from './readme-files.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const texts = (folder: string) =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
/** Documents whose commands and programs run here. */
const GUIDES = ['README.md', ...texts('docs/guides')];
const DOCUMENTS = [
  ...GUIDES,
  ...['docs', 'docs/results', 'research'].flatMap(texts),
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
];
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

const blocksOf = (file: string) =>
  [...read(file).matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language, text]) => ({ language, text }));
const commandsOf = (files: readonly string[], wanted = '') => {
  const lines = files
    .flatMap(blocksOf)
    .filter(({ language, text }) => language === wanted && /^(evopatch|node|npm) /m.test(text))
    .flatMap(({ text }) => text.trim().split('\n'))
    .map((line) => line.replace(/\s+#.*/, '').trim());
  return [...new Set(lines)];
};
const commands = commandsOf(GUIDES);
/** Commands of blocks of `sh` need servers or other machines; those of evopatch are looked up. */
const elsewhere = commandsOf(GUIDES, 'sh').filter((line) => line.startsWith('evopatch '));
const further = [...commandsOf(DOCUMENTS), ...elsewhere].filter((line) => !commands.includes(line));
const inline = DOCUMENTS.flatMap((file) => [...read(file).matchAll(/`((?:evopatch|node|npm)\s[^`]*)`/g)])
  .map(([, text]) => text.replaceAll(/\s+/g, ' '))
  .filter((text) => !/[A-Z]{3,}/.test(text));
const programs = GUIDES.flatMap(blocksOf)
  .filter(({ language }) => language === 'ts')
  .map(({ text }) => text);

/**
 * Commands that take from minutes to hours, with the file of their folder by whose coming they are interrupted: by then they
 * have read their options and data and trained something.
 */
const INTERRUPTED: Readonly<Record<string, string>> = {
  'evopatch evolve': 'history.jsonl',
  'evopatch train': 'checkpoint.safetensors',
};

/** Commands that need a checkout, and often hours: the test looks up their scripts and options and does not run them. */
const isOfCheckout = (line: string) => /^(npm|node) /.test(line);

let project: PackedProject;
beforeAll(async () => {
  project = installPacked(mkdtempSync(join(tmpdir(), 'evopatch-test-')));
  await writeReadmeFiles(project.folder);
  const quick =
    '--population 4 --generations 1 --finalists 1 --prefer accurate --no-halving --fitness-epochs 1 --final-epochs 1 --controls none';
  const args = `evolve --data fer2013.csv.gz --points points.csv.gz --out runs/first ${quick}`;
  const { code, stderr } = await project.evopatch(args.split(' '));
  if (code !== 0) throw new Error(stderr);
  nameModels(project.folder, join(project.folder, 'runs/first/models/best.safetensors'));
});
afterAll(() => rmSync(project.folder, { recursive: true, force: true }));

/** Runs a line in a shell as a reader would; it is interrupted as soon as the file `stopAt` is there. */
function shell(line: string, stopAt?: string): Promise<Ended> {
  const env = { ...process.env, PATH: `${join(project.folder, 'node_modules/.bin')}:${process.env.PATH}` };
  const child = spawn(line, { cwd: project.folder, env, shell: true, detached: true });
  const stdout: string[] = [];
  const stderr: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text) => stdout.push(text));
  child.stderr.setEncoding('utf8').on('data', (text) => stderr.push(text));
  const watch = setInterval(() => {
    if (stopAt === undefined || !existsSync(stopAt)) return;
    clearInterval(watch);
    process.kill(-(child.pid as number), 'SIGINT');
  }, 50);
  return new Promise((resolve) => {
    child.on('close', (code) => {
      clearInterval(watch);
      resolve({ code: code ?? -1, stdout: stdout.join(''), stderr: stderr.join('') });
    });
  });
}

describe('the commands in blocks', { timeout: 300_000 }, () => {
  // `evopatch build` compiles for half a minute
  it('are there', () => expect(commands.length).toBeGreaterThan(15));

  it.each(commands.filter((line) => !isOfCheckout(line)))('%s', async (line) => {
    const file = INTERRUPTED[line.split(' ', 2).join(' ')];
    if (file === undefined) {
      const { code, stderr } = await shell(line);
      expect(code, stderr).toBe(0);
      return;
    }
    const out = join(project.folder, line.match(/--out (\S+)/)?.[1] as string);
    const kept = join(project.folder, 'kept'); // the run of the other commands has the same name
    if (existsSync(out)) renameSync(out, kept);
    const { code, stderr } = await shell(`exec ${line}`, join(out, file));
    expect([0, 130], stderr).toContain(code); // it may end before it hears that it should
    if (!existsSync(kept)) return;
    rmSync(out, { recursive: true });
    renameSync(kept, out);
  });
});

describe('commands of a checkout, of the results, and within the text', () => {
  it.each([...new Set([...commands.filter(isOfCheckout), ...further, ...inline])])('%s', (line) => {
    for (const [program, ...words] of line.split(' && ').map((part) => part.split(' '))) {
      if (program === 'npm') expectNpmCommand(words);
      else if (program === 'node') expectScript(words);
      else expectCommand(words);
    }
  });
});

const scripts: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(join(ROOT, 'package.json'), 'utf8'),
).scripts;

function expectNpmCommand([name, ...words]: readonly string[]): void {
  if (name === 'ci') return;
  const [script, separator, ...options] = name === 'run' ? words : [name, ...words];
  expect(scripts).toHaveProperty([script]);
  if (separator === '--') expectScript([...scripts[script].split(' ').slice(1), ...options]);
}

/** A script of the repository that knows these options; what follows `--` it passes to a search. */
function expectScript([file, ...words]: readonly string[]): void {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const separator = words.includes('--') ? words.indexOf('--') : words.length;
  for (const option of words.slice(0, separator).filter((word) => word.startsWith('--'))) {
    expect(text).toMatch(new RegExp(`['"]?${option.slice(2)}['"]?: \\{`));
  }
  const passed = words.slice(separator + 1);
  if (passed.length > 0) expectCommand(['evolve', '--data', 'DATA', '--out', 'DIR', ...passed]);
}

/** A command that takes these options; one that is only named has none. */
function expectCommand([name, ...words]: readonly string[]): void {
  if (name === 'help') {
    expectCommand(words.slice(0, 1));
    return;
  }
  const command = COMMANDS.find((one) => one.name === name);
  expect(command, name).toBeDefined();
  if (command && words.length > 0) parseOptions(command, words);
}

describe('the programs', () => {
  it('compile against the packed types', async () => {
    const files = programs.map((text, i) => {
      writeFileSync(join(project.folder, `program-${i}.ts`), text);
      return `program-${i}.ts`;
    });
    symlinkSync(join(ROOT, 'node_modules/@types'), join(project.folder, 'node_modules/@types'));
    const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
    const options = '--strict --module nodenext --target es2023 --skipLibCheck --outDir compiled'.split(' ');
    const { code, stdout } = await project.node([compiler, ...options, ...files]);
    expect(code, stdout).toBe(0);
  });

  // A search takes minutes.
  it.each([...programs.keys()].filter((i) => !programs[i].includes('evolvePatches')))(
    'number %i runs',
    async (i) => {
      const { code, stderr } = await project.node([`compiled/program-${i}.js`]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    },
  );
});

test('the README has at most 10 kB', () => {
  expect(Buffer.byteLength(read('README.md'))).toBeLessThanOrEqual(10_000);
});

test.each(DOCUMENTS)('the links of %s lead to files and headings', (file) => {
  for (const [, path, heading] of read(file).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)) {
    const target = path === '' ? file : join(dirname(file), path);
    expect(existsSync(join(ROOT, target)), target).toBe(true);
    if (heading === undefined) continue;
    const headings = [...read(target).matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
      title
        .toLowerCase()
        .replaceAll(/[^\w -]/g, '')
        .replaceAll(' ', '-'),
    );
    expect(headings, target).toContain(heading);
  }
});

test.each(DOCUMENTS)('the files that %s names are there', (file) => {
  const named = read(file).matchAll(
    /`((?:src|tests|scripts|kernels|research|bench|examples|docs)\/[^`*{}\s]*)`/g,
  );
  for (const [, path] of named) expect(existsSync(join(ROOT, path)), path).toBe(true);
});
