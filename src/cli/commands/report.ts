import { EvopatchError } from '../../core/errors.ts';
import { writeReport } from '../../report/write-report.ts';
import { readPartialDescription } from '../../run/run-description.ts';
import { formatCount } from '../../summary/format.ts';
import { type CommandContext, DATA_OPTIONS, defineCommand, type OptionValues } from '../command.ts';
import { loadData } from '../data/load-data.ts';
import { REPORT } from '../outputs/output-forms.ts';
import { sizesAnswer } from '../runs/sizes-answer.ts';

const { data: _data, ...LOAD_OPTIONS } = DATA_OPTIONS;

export const reportCommand = defineCommand({
  name: 'report',
  summary: 'Write a report on a run, or compare several',
  description:
    'Writes a report as one self-contained HTML file, which needs no network and no scripts, prints well and has a light and ' +
    'a dark mode. It states the result, good or bad, with the front, the maps, the search over time and the command that ' +
    'repeats the run; the run may still be in progress. With --data, the data of the runs, it also shows confusion ' +
    'matrices, per-class scores, what the network uses of the face, and what each patch contributes.',
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
      default: 'none; the report leaves out what needs faces',
    },
    ...LOAD_OPTIONS,
    points: { ...LOAD_OPTIONS.points, default: "the run's" },
    align: { ...LOAD_OPTIONS.align, default: "the run's" },
    faces: { ...LOAD_OPTIONS.faces, default: "the run's" },
    'on-bad-image': { ...LOAD_OPTIONS['on-bad-image'], default: "the run's" },
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
      throw new EvopatchError('INVALID_OPTION', 'points need the faces that they belong to', {
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
        runs: data.runs.map((run) => {
          const { name, folder, status, notes: own } = run;
          return { name, folder, status, notes: own, sizes: sizesAnswer(run) };
        }),
        consistency: data.consistency,
      },
      text: [...notes, `report: ${file} (${formatCount(Math.ceil(bytes / 1024))} KB)`].join('\n'),
    };
  },
});

/** Loads data as the run did, except where options are given. */
async function loadRunData(
  folder: string,
  given: OptionValues<typeof DATA_OPTIONS>,
  context: CommandContext,
) {
  const { dataset, dataSource } = await readPartialDescription(folder);
  const named = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const align = dataset.align === undefined ? {} : { align: dataset.align };
  return await loadData({ ...given, ...align, ...dataSource, ...named, data: given.data ?? '' }, context);
}
