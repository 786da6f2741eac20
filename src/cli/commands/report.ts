import { EvopatchError } from '../../core/errors.ts';
import { readSettings } from '../../report/run-settings.ts';
import { writeReport } from '../../report/write-report.ts';
import { formatCount } from '../../summary/format.ts';
import { type CommandContext, DATA_OPTIONS, defineCommand, type OptionValues } from '../command.ts';
import { loadData } from '../load-data.ts';
import { REPORT } from '../output-forms.ts';

const { data: _data, ...HOW_LOADED } = DATA_OPTIONS;

export const reportCommand = defineCommand({
  name: 'report',
  summary: 'Write one page on a run, or compare several',
  description:
    'Writes a report as one HTML file that can be sent to anybody: it loads nothing, needs no scripts for its figures, ' +
    'prints well and follows the light or dark of its reader. It says what was found, good or not, with the front, the ' +
    'maps, the search over time and the command that makes the run again; of a run under way what there is. With --data, ' +
    'the data that the runs were made on, it also has the confusions, scores of each class, what the network uses of the ' +
    'face, and what each patch is worth.',
  operand: {
    name: 'RUN…',
    input: 'run',
    description: 'Folders of runs, finished or not; several are compared.',
  },
  options: {
    out: {
      kind: 'text',
      placeholder: 'HTML',
      output: REPORT,
      description: 'The HTML file to write; it replaces an earlier report.',
      required: true,
    },
    data: {
      ...DATA_OPTIONS.data,
      description: `The data of the runs. ${DATA_OPTIONS.data.description}`,
      default: 'the report goes without what needs faces',
    },
    ...HOW_LOADED,
    points: { ...HOW_LOADED.points, default: "the run's" },
    align: { ...HOW_LOADED.align, default: "the run's" },
    faces: { ...HOW_LOADED.faces, default: "the run's" },
    'on-bad-image': { ...HOW_LOADED['on-bad-image'], default: "the run's" },
  },
  examples: [
    'evopatch report runs/first --out report.html',
    'evopatch report runs/first --data fer2013.csv.gz --out report.html',
    'evopatch report runs/seed-1 runs/seed-2 runs/seed-3 --out seeds.html --json',
  ],
  run: async (values, context, folders) => {
    const { out, ...given } = values;
    if (given.data === undefined && given.points !== undefined) {
      const hint = 'Give --data PATH too';
      throw new EvopatchError('INVALID_OPTION', 'points need the faces that they are on', {
        option: '--points',
        hint,
      });
    }
    const dataset = given.data === undefined ? undefined : await loadRunData(folders[0], given, context);
    const { file, bytes, data } = await writeReport({ runs: folders, out, dataset, signal: context.signal });
    const notes = data.runs.flatMap(({ name, notes: own }) => own.map((note) => `${name}: ${note}`));
    return {
      json: {
        file,
        bytes,
        runs: data.runs.map(({ name, folder, status, notes: own }) => ({ name, folder, status, notes: own })),
        consistency: data.consistency,
      },
      text: [...notes, `report: ${file} (${formatCount(Math.ceil(bytes / 1024))} KB)`].join('\n'),
    };
  },
});

/** Loads data in the way that the run did, but for what is given. */
async function loadRunData(
  folder: string,
  given: OptionValues<typeof DATA_OPTIONS>,
  context: CommandContext,
) {
  const { settings, dataset } = await readSettings(folder);
  const named = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const align = dataset.align === undefined ? {} : { align: dataset.align };
  return await loadData(
    { ...given, ...align, ...settings.dataSource, ...named, data: given.data ?? '' },
    context,
  );
}
