import type { Command, OptionSpec } from './command.ts';
import { COMMON_OPTIONS, describeRange } from './parse-options.ts';

const WIDTH = 96;
const LEFT = 26;

/** The help of the whole program. */
export function generalHelp(commands: readonly Command[]): string {
  return [
    'evopatch evolves the few face patches that matter: small rectangles, placed relative to the nose, whose',
    'pixels alone let a tiny network recognise facial expressions.',
    '',
    'Usage: evopatch COMMAND [OPTIONS]',
    '',
    'Commands:',
    ...commands.flatMap(({ name, summary }) => entry(name, summary)),
    '',
    'Options:',
    ...entry('-h, --help', "Show this help; behind a command, the command's."),
    ...entry('--version', 'Show the version.'),
    '',
    'Try it, without any data, in about a minute:',
    '  evopatch evolve --data synthetic:700 --population 8 --generations 4 --out runs/first',
    '',
    'Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted (the best genome so far is saved).',
  ].join('\n');
}

/** The help of one command. */
export function commandHelp(command: Command): string {
  const { name, description, operand, options, headings = {}, examples } = command;
  const table: Readonly<Record<string, OptionSpec>> = { ...options, ...COMMON_OPTIONS };
  const under = new Set(Object.values(headings).flat());
  const list = (names: readonly string[]) =>
    names.flatMap((option) => entry(optionTitle(option, table[option]), optionText(table[option])));
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
    `Usage: ${usage}`,
    '',
    ...wrap(description, WIDTH),
    ...(operand ? ['', ...entry(operand.name, operand.description)] : []),
    '',
    'Options:',
    ...list(Object.keys(table).filter((option) => !under.has(option))),
    '',
    ...Object.entries(headings).flatMap(([heading, names]) => [`${heading}:`, ...list(names), '']),
    examples.length === 1 ? 'Example:' : 'Examples:',
    ...examples.map((example) => `  ${example}`),
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

function entry(title: string, text: string): string[] {
  const [first, ...rest] = wrap(text, WIDTH - LEFT);
  const indent = ' '.repeat(LEFT);
  if (title.length + 4 > LEFT) return [`  ${title}`, ...[first, ...rest].map((line) => indent + line)];
  return [`  ${title}`.padEnd(LEFT) + first, ...rest.map((line) => indent + line)];
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
