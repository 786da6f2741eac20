import type { Command, OptionSpec } from '../command.ts';
import { describeRange, optionsOf } from './parse-options.ts';

const MIN_WIDTH = 40;
const MAX_WIDTH = 96;
const DEFAULT_WIDTH = 80;
/** Below this width, texts are placed under the titles of their options instead of beside them. */
const MIN_BESIDE_WIDTH = 72;
const NO_BREAK = '\u00a0';

/** Chooses the characters of a line of help for a terminal with this many columns. */
export function helpWidth(columns: number | undefined): number {
  return columns ? Math.min(Math.max(columns, MIN_WIDTH), MAX_WIDTH) : DEFAULT_WIDTH;
}

/** Writes the help of the program, in lines of at most `width` characters. */
export function generalHelp(commands: readonly Command[], width: number): string {
  const list = (title: string, text: string) => entry(title, text, width);
  return [
    ...wrap(
      'evopatch evolves the few face patches that matter: small rectangles, placed relative to the nose, whose ' +
        'pixels alone let a tiny network recognise facial expressions.',
      width,
    ),
    '',
    'Usage: evopatch COMMAND [OPTIONS]',
    '',
    'Commands:',
    ...commands.flatMap(({ name, summary }) => list(name, summary)),
    '',
    'Options:',
    ...list(
      '-h, --help',
      "Show this help; after a command, that of the command, as 'evopatch help COMMAND' does.",
    ),
    ...list('-v, --version', 'Show the version.'),
    '',
    'To try it without data, in about a minute:',
    ...example('evopatch evolve --data synthetic:700 --population 8 --generations 4 --out runs/first', width),
    '',
    ...wrap(
      'Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted (evolve still saves the best genome so far).',
      width,
    ),
  ].join('\n');
}

/** Writes the help of a command, in lines of at most `width` characters. */
export function commandHelp(command: Command, width: number): string {
  const { name, description, operand, headings = {}, examples } = command;
  const table = optionsOf(command);
  const under = new Set(Object.values(headings).flat());
  const list = (names: readonly string[]) =>
    names.flatMap((option) => entry(optionTitle(option, table[option]), optionText(table[option]), width));
  const required = Object.entries(table).flatMap(([option, spec]) =>
    spec.kind !== 'flag' && spec.required ? [`--${option} ${spec.placeholder}`] : [],
  );
  const usage = [
    'evopatch',
    name,
    ...(operand ? [operand.optional ? `[${operand.name}]` : operand.name] : []),
    ...required,
    '[OPTIONS]',
  ].join(' ');
  return [
    ...wrap(`Usage: ${usage}`, width, '  '),
    '',
    ...wrap(description, width),
    ...(operand ? ['', ...entry(operand.name, operand.description, width)] : []),
    '',
    'Options:',
    ...list(Object.keys(table).filter((option) => !under.has(option))),
    '',
    ...Object.entries(headings).flatMap(([heading, names]) => [
      ...wrap(`${heading}:`, width),
      ...list(names),
      '',
    ]),
    examples.length === 1 ? 'Example:' : 'Examples:',
    ...examples.flatMap((one) => example(one, width)),
  ].join('\n');
}

function optionTitle(name: string, spec: OptionSpec): string {
  if (name === 'help') return '-h, --help';
  if (spec.kind === 'flag') return `--${name}`;
  const optional = spec.kind !== 'text' && spec.bare !== undefined;
  return `--${name} ${optional ? `[${spec.placeholder}]` : spec.placeholder}`;
}

function optionText(spec: OptionSpec): string {
  if (spec.kind === 'flag') return spec.description;
  const notes = [
    ...(spec.kind === 'text' ? [] : [describeRange(spec)]),
    ...(spec.default === undefined ? [] : [`default: ${spec.default}`]),
  ];
  return notes.length > 0 ? `${spec.description} (${notes.join('; ')})` : spec.description;
}

function entry(title: string, text: string, width: number): string[] {
  const left = width < MIN_BESIDE_WIDTH ? 6 : 26;
  const indent = ' '.repeat(left);
  const lines = wrap(text, width - left).map((line) => indent + line);
  const heading = `  ${title}`;
  if (heading.length + 2 > left) return [...wrap(heading, width, '    '), ...lines];
  return [heading.padEnd(left) + lines[0].slice(left), ...lines.slice(1)];
}

/** Breaks a long command line before an option, so that it can still be copied. */
function example(command: string, width: number): string[] {
  const lines = wrap(`  ${command.replaceAll(/ (?!-)/g, NO_BREAK)}`, width - 2, '    ');
  return lines.map((line, i) => line.replaceAll(NO_BREAK, ' ') + (i < lines.length - 1 ? ' \\' : ''));
}

/** Breaks text at its spaces; a word that is longer than a line stays whole. */
function wrap(text: string, width: number, indent = ''): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(lines.length > 0 ? indent + word : word);
  }
  return lines;
}
