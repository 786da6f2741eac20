import { readFile } from 'node:fs/promises';
import { EvopatchError } from '../core/errors.ts';
import { escapeLines } from '../core/escape-controls.ts';
import { suggest } from '../core/suggest.ts';
import { VERSION } from '../core/version.ts';
import type { Command, CommandContext } from './command.ts';
import { benchCommand } from './commands/bench.ts';
import { buildCommand } from './commands/build.ts';
import { cacheCommand } from './commands/cache.ts';
import { distillCommand } from './commands/distill.ts';
import { ensembleCommand } from './commands/ensemble.ts';
import { evaluateCommand } from './commands/evaluate.ts';
import { evolveCommand } from './commands/evolve.ts';
import { exportCommand } from './commands/export.ts';
import { fitnessCommand } from './commands/fitness.ts';
import { importCommand } from './commands/import.ts';
import { inspectCommand } from './commands/inspect.ts';
import { landmarksCommand } from './commands/landmarks.ts';
import { mapCommand } from './commands/map.ts';
import { predictCommand } from './commands/predict.ts';
import { regionsCommand } from './commands/regions.ts';
import { reportCommand } from './commands/report.ts';
import { resumeCommand } from './commands/resume.ts';
import { runsCommand } from './commands/runs.ts';
import { saliencyCommand } from './commands/saliency.ts';
import { trainCommand } from './commands/train.ts';
import { workerCommand } from './commands/worker.ts';
import { checkOutputs } from './outputs/outputs.ts';
import { commandHelp, generalHelp, helpWidth } from './program/help.ts';
import { type CommandLine, parseOptions } from './program/parse-options.ts';
import { EXIT, reportError } from './program/report-error.ts';
import { withTypedOption } from './program/typed-option.ts';

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  evolveCommand,
  resumeCommand,
  runsCommand,
  trainCommand,
  evaluateCommand,
  distillCommand,
  ensembleCommand,
  predictCommand,
  exportCommand,
  importCommand,
  inspectCommand,
  mapCommand,
  reportCommand,
  saliencyCommand,
  regionsCommand,
  landmarksCommand,
  fitnessCommand,
  workerCommand,
  cacheCommand,
  buildCommand,
  benchCommand,
];

/**
 * Runs a command line and prints its answer or its error, as text or, with `--json`, as JSON.
 *
 * @param args the words after the program's name
 * @returns the exit code
 */
export async function runCommandLine(args: readonly string[], context: CommandContext): Promise<number> {
  try {
    return await dispatch(args, context);
  } catch (cause) {
    const { exitCode, text, json } = reportError(cause);
    if (args.includes('--json')) context.print(printable(json));
    context.progress.write(`${text}\n`);
    return exitCode;
  }
}

async function dispatch(args: readonly string[], context: CommandContext): Promise<number> {
  const [name, ...rest] = args;
  const width = helpWidth(context.columns);
  if (name === '--version' || name === '-v') {
    context.print(VERSION);
    return EXIT.done;
  }
  if (name === undefined) {
    context.progress.write(`${generalHelp(COMMANDS, width)}\n`);
    return EXIT.usage;
  }
  if (name === '--help' || name === '-h' || name === 'help') {
    const [topic] = rest;
    if (topic === undefined) context.print(generalHelp(COMMANDS, width));
    else if (rest.includes('--json')) context.print(await answerSchema(findCommand(topic)));
    else context.print(commandHelp(findCommand(topic), width));
    return EXIT.done;
  }
  const command = findCommand(name);
  const { help, json, operands, values } = parseOptions(command, rest);
  if (help) {
    context.print(commandHelp(command, width));
    return EXIT.done;
  }
  const unread = !json && command.streams?.(values as never) ? context.unread : undefined;
  const signal = unread === undefined ? context.signal : AbortSignal.any([context.signal, unread]);
  const answer = async () => {
    await checkOutputs(command, values, operands);
    await checkValues(command, values);
    return await command.run(values as never, { ...context, signal, json }, operands);
  };
  const result = await answer().catch((cause) => {
    if (unread?.aborted && isAborted(cause)) return undefined;
    throw withTypedOption(cause, command.options);
  });
  if (result === undefined || unread?.aborted) return EXIT.failed;
  if (json) context.print(printable(result.json));
  else if (result.text !== '') context.print(escapeLines(result.text));
  if (result.interrupted) return EXIT.interrupted;
  return result.failed ? EXIT.failed : EXIT.done;
}

function isAborted(cause: unknown): boolean {
  return cause instanceof EvopatchError && cause.code === 'ABORTED';
}

/** Runs the checks of the options, so that a mistake shows before a long load. */
async function checkValues({ options }: Command, values: CommandLine['values']): Promise<void> {
  for (const [name, spec] of Object.entries(options)) {
    if (spec.kind !== 'text') continue;
    await spec.check?.(values[name] as string | undefined, values.engine as string | undefined);
  }
}

/** Formats JSON and escapes C1 control characters, which JSON allows and some terminals obey. */
function printable(json: unknown): string {
  return JSON.stringify(json, undefined, 2).replaceAll(
    /[\x7f-\x9f]/g,
    (control) => `\\u00${control.charCodeAt(0).toString(16)}`,
  );
}

function findCommand(name: string): Command {
  const command = COMMANDS.find((one) => one.name === name);
  if (command !== undefined) return command;
  const near = suggest(
    name,
    COMMANDS.map((one) => one.name),
  );
  const hint = near === undefined ? "'evopatch --help' lists the commands" : `Did you mean '${near}'?`;
  throw new EvopatchError('INVALID_OPTION', 'there is no such command', { given: name, hint });
}

/** Reads the JSON Schema of what a command prints with `--json`. */
async function answerSchema({ name }: Command): Promise<string> {
  const file = new URL(`../../docs/schemas/${name}.schema.json`, import.meta.url);
  return (await readFile(file, 'utf8')).trimEnd();
}
