import { EvopatchError } from '../../core/errors.ts';
import { findRuns, type RunSummary, summarizeRun } from '../../run/run-summary.ts';
import { writeLine } from '../../summary/live-lines.ts';
import { differentOptions, formatRun, formatRunComparison, formatRuns } from '../../summary/runs.ts';
import type { RunsAnswer } from '../answers.ts';
import { type CommandContext, type CommandResult, defineCommand } from '../command.ts';

const ACTIONS = ['list', 'show', 'compare'] as const;
const DEFAULT_FOLDER = 'runs';

export const runsCommand = defineCommand({
  name: 'runs',
  summary: 'List runs, show one, or compare some',
  description:
    'Shows runs, whether complete, in progress or interrupted: their progress, the accuracy of their best genome, the ' +
    'hypervolume of their front, and, when several are compared, the options in which they differ.',
  operand: {
    name: 'ACTION',
    description:
      `'list [DIR]' lists the runs in a folder ('${DEFAULT_FOLDER}' if left out), 'show DIR' shows one generation by ` +
      "generation, 'compare DIR DIR…' compares two or more.",
  },
  options: {},
  examples: [
    'evopatch runs list',
    'evopatch runs show runs/first',
    'evopatch runs compare runs/first runs/second',
  ],
  run: async (_values, context, [action, ...folders]) => {
    switch (action) {
      case 'list':
        if (folders.length > 1) throw refuse('unexpected word', folders[1]);
        return await list(folders[0] ?? DEFAULT_FOLDER, context);
      case 'show': {
        if (folders.length !== 1) throw refuse("'show' takes one folder", folders.join(' '));
        const run = await summarizeRun(folders[0]);
        return { json: run, text: formatRun(run) };
      }
      case 'compare': {
        if (folders.length < 2) throw refuse("'compare' takes two or more folders", folders.join(' '));
        const runs: RunSummary[] = [];
        for (const folder of folders) runs.push(await summarizeRun(folder));
        return { json: { runs, differentOptions: differentOptions(runs) }, text: formatRunComparison(runs) };
      }
      default:
        throw refuse(`ACTION must be one of ${ACTIONS.join(', ')}`, action);
    }
  },
});

/** Lists the runs in a folder; those that cannot be read are reported and skipped. */
async function list(folder: string, { progress }: CommandContext): Promise<CommandResult<RunsAnswer>> {
  const runs: RunSummary[] = [];
  for (const path of await findRuns(folder)) {
    try {
      runs.push(await summarizeRun(path));
    } catch (cause) {
      if (!(cause instanceof EvopatchError)) throw cause;
      writeLine(progress, `skipped: ${cause.message}`);
    }
  }
  return { json: { runs }, text: runs.length === 0 ? `There are no runs in ${folder}.` : formatRuns(runs) };
}

function refuse(problem: string, given: string): EvopatchError {
  return new EvopatchError('INVALID_OPTION', problem, {
    given,
    hint: "'evopatch runs --help' shows the usage",
  });
}
