import { EvopatchError } from '../../core/errors.ts';
import { refuseLocked } from '../../core/run-lock.ts';
import { resumeRun } from '../../evolution/resume-run.ts';
import { EXTENSION_TABLE } from '../../options/evolve-table.ts';
import { optionsOfFlags } from '../../options/flags.ts';
import { runFile } from '../../run/file-names.ts';
import { readDescription, refuseOtherTeacher } from '../../run/run-description.ts';
import { resultStatus } from '../../run/run-folder.ts';
import { DATA_OPTIONS, defineCommand } from '../command.ts';
import { dataOfRun } from '../data/data-source.ts';
import { loadData } from '../data/load-data.ts';
import { QUEUE_HEADING, QUEUE_OPTIONS, queueOf } from '../options/queue-options.ts';
import { ENGINE_OPTION, WATCH_OPTION, WORKERS_OPTION } from '../options/shared-options.ts';
import { commandOptions } from '../options/table-options.ts';
import { readFinishedRun } from '../runs/run-files.ts';
import { type ShownRun, showRun } from '../runs/show-run.ts';
import { sizesAnswer } from '../runs/sizes-answer.ts';

/** Extend the run; without them its own limits hold. */
const EXTENSION_OPTIONS = Object.fromEntries(
  Object.entries(commandOptions(EXTENSION_TABLE)).map(([name, option]) => [
    name,
    { ...option, default: "the run's" },
  ]),
);

export const resumeCommand = defineCommand({
  name: 'resume',
  summary: 'Continue an interrupted run, or extend one',
  description:
    'Continues a run where it stopped, whether by Ctrl-C, a full disk, or the end of the process or the machine. The result ' +
    'is the same as without the interruption. The folder has the settings of the run; give the options of the data only ' +
    'if they have moved. More generations or other limits extend a run, finished or not.',
  operand: { name: 'DIR', input: 'run', description: 'The folder of the run.' },
  options: {
    ...DATA_OPTIONS,
    align: { ...DATA_OPTIONS.align, default: "the run's" },
    faces: { ...DATA_OPTIONS.faces, default: "the run's" },
    'on-bad-image': { ...DATA_OPTIONS['on-bad-image'], default: "the run's" },
    workers: { ...WORKERS_OPTION, default: "the run's" },
    engine: { ...ENGINE_OPTION, default: "the run's" },
    ...EXTENSION_OPTIONS,
    ...QUEUE_OPTIONS,
    watch: WATCH_OPTION,
  },
  headings: { 'Extending the run': Object.keys(EXTENSION_OPTIONS), ...QUEUE_HEADING },
  examples: [
    'evopatch resume runs/first',
    'evopatch resume runs/first --watch 8080',
    'evopatch resume runs/first --generations 30',
    'evopatch resume runs/first --workers 8 --data /elsewhere/fer2013.csv.gz',
  ],
  savesWhenInterrupted: true,
  run: async (values, context, [folder, surplus]) => {
    if (surplus !== undefined) {
      throw new EvopatchError('INVALID_OPTION', 'unexpected word', { given: surplus });
    }
    const description = await readDescription(folder);
    const { dataSource } = description;
    const evaluator = queueOf(values, context);
    const extension = optionsOfFlags(EXTENSION_TABLE, values);
    const isExtended = Object.keys(extension).length > 0;
    if (!isExtended && (await resultStatus(folder)) === 'complete') return await completeAnswer(folder);
    await refuseLocked(runFile(folder, 'lock')); // before the data are loaded
    await refuseOtherTeacher(description);
    const { workers, engine, watch, ...given } = values;
    const source = {
      ...dataSource,
      ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    };
    const data = dataOfRun(given.data, dataSource);
    const { signal } = context;
    const load = () => loadData({ ...given, ...source, data, workers }, context);
    const start: ShownRun['start'] = (dataset, onEvent) =>
      resumeRun({ ...extension, runFolder: folder, dataset, workers, engine, evaluator, signal, onEvent });
    return await showRun({ folder, watch, load, start }, context);
  },
});

async function completeAnswer(folder: string) {
  const text = `The run is complete; its result is in ${runFile(folder, 'result')}.`;
  const result = await readFinishedRun(folder);
  return { json: { ...result, folder, sizes: sizesAnswer(result) }, text };
}
