import { readFile } from 'node:fs/promises';
import { EvopatchError } from '../core/errors.ts';
import { suggest } from '../core/suggest.ts';
import type { Command, CommandContext } from './command.ts';
import { benchCommand } from './commands/bench.ts';
import { distillCommand } from './commands/distill.ts';
import { ensembleCommand } from './commands/ensemble.ts';
import { evaluateCommand } from './commands/evaluate.ts';
import { evolveCommand } from './commands/evolve.ts';
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
import { commandHelp, generalHelp } from './help.ts';
import { parseOptions } from './parse-options.ts';
import { EXIT, reportError } from './report-error.ts';

const COMMANDS: readonly Command[] = [
  evolveCommand,
  resumeCommand,
  runsCommand,
  trainCommand,
  evaluateCommand,
  distillCommand,
  ensembleCommand,
  predictCommand,
  inspectCommand,
  mapCommand,
  reportCommand,
  saliencyCommand,
  regionsCommand,
  landmarksCommand,
  benchCommand,
];

/**
 * Runs a command line and tells what came of it; errors too, as lines or, with `--json`, as JSON.
 *
 * @param args the words behind the program's name
 * @returns the exit code
 */
export async function runCommandLine(args: readonly string[], context: CommandContext): Promise<number> {
  try {
    return await dispatch(args, context);
  } catch (cause) {
    const { exitCode, text, json } = reportError(cause);
    if (args.includes('--json')) context.print(JSON.stringify(json, undefined, 2));
    context.progress.write(`${text}\n`);
    return exitCode;
  }
}

async function dispatch(args: readonly string[], context: CommandContext): Promise<number> {
  const [name, ...rest] = args;
  if (name === '--version') {
    context.print(await packageVersion());
    return EXIT.done;
  }
  if (name === undefined) {
    context.progress.write(`${generalHelp(COMMANDS)}\n`);
    return EXIT.usage;
  }
  if (name === '--help' || name === '-h' || name === 'help') {
    const [asked] = rest;
    context.print(asked === undefined ? generalHelp(COMMANDS) : commandHelp(findCommand(asked)));
    return EXIT.done;
  }
  const command = findCommand(name);
  const { help, json, operands, values } = parseOptions(command, rest);
  if (help) {
    context.print(commandHelp(command));
    return EXIT.done;
  }
  const result = await command.run(values as never, context, operands);
  context.print(json ? JSON.stringify(result.json, undefined, 2) : result.text);
  return result.interrupted ? EXIT.interrupted : EXIT.done;
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

async function packageVersion(): Promise<string> {
  const file = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(file) as { version: string }).version;
}
