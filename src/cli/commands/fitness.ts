import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { EvopatchError } from '../../core/errors.ts';
import { pipeBytes } from '../../core/pipe.ts';
import { parseStrictJson } from '../../core/strict-json.ts';
import { type Fitness, type FitnessDescription, FitnessService } from '../../evolution/fitness-service.ts';
import { checkOptions } from '../../options/evolve-options.ts';
import { EVOLVE_TABLE } from '../../options/evolve-table.ts';
import { optionsOfFlags } from '../../options/flags.ts';
import { formatCount } from '../../summary/format.ts';
import { LiveLines } from '../../summary/live-lines.ts';
import { formatTable } from '../../summary/table.ts';
import { type CommandContext, DATA_OPTIONS, defineCommand, type OptionTable } from '../command.ts';
import { loadData } from '../data/load-data.ts';
import { EVOLVE_HEADINGS, EVOLVE_OPTIONS } from '../options/evolve-options.ts';
import { TEACHER_OPTIONS } from '../options/shared-options.ts';

/** A line that follows the description. */
type FitnessLine = {
  /** As in the question; `null` where it has none. */
  readonly id: unknown;
} & (Fitness | { readonly error: { readonly code: string; readonly message: string } });

/** The options of a search that a training depends on. */
const OF_SEARCH = [
  'seed',
  'workers',
  'objectives',
  'max-patches',
  'max-pixels',
  'max-parameters',
  'max-macs',
  'fitness-samples',
  'fitness-epochs',
];
const allOfSearch: OptionTable = EVOLVE_OPTIONS;

const OPTIONS = {
  ...DATA_OPTIONS,
  data: { ...DATA_OPTIONS.data, required: true },
  jsonl: { kind: 'flag', description: 'Answer questions, one JSON object a line.' },
  ...Object.fromEntries(OF_SEARCH.map((name) => [name, allOfSearch[name]])),
  engine: EVOLVE_OPTIONS.engine,
  'evaluation-cache': EVOLVE_OPTIONS['evaluation-cache'],
  ...TEACHER_OPTIONS,
} as const satisfies OptionTable;

const headings = Object.entries(EVOLVE_HEADINGS)
  .map(([heading, names]) => [heading, names.filter((name) => name in OPTIONS)] as const)
  .filter(([, names]) => names.length > 0);

export const fitnessCommand = defineCommand({
  name: 'fitness',
  summary: 'Train genomes for an optimiser of your own, in any language',
  description:
    'With --jsonl, reads a question from each line of standard input and prints an answer as soon as it is there: ' +
    '{"id": 1, "genes": [0.5, …], "rung": 0} or {"id": 2, "genome": {…}, "repeat": 1} gives {"id": 1, "objectives": {…}, …}. ' +
    'The first line printed is the description: the names of the genes, which are numbers from 0 to 1, the rungs and the ' +
    'objectives. Rows, rungs and seeds are those of evopatch evolve with the same options. A question that cannot be ' +
    'answered gives {"id": …, "error": {…}} and stops nothing. Without --jsonl, shows the description and ends.',
  options: OPTIONS,
  headings: Object.fromEntries(headings),
  examples: [
    'evopatch fitness --data synthetic:2100',
    'python examples/python/search.py | evopatch fitness --data fer2013.csv.gz --seed first --jsonl',
  ],
  streams: ({ jsonl }) => jsonl,
  run: async (values, context) => {
    if (values.jsonl && context.json) {
      const problem = 'only one of --json and --jsonl can be printed';
      throw new EvopatchError('INVALID_OPTION', problem, { option: '--jsonl', hint: 'Leave --json out' });
    }
    const settings = optionsOfFlags(EVOLVE_TABLE, values);
    checkOptions(settings); // a mistake shows before a long load
    const dataset = await loadData(values, context);
    const service = await FitnessService.open({ ...settings, dataset }, context.signal);
    try {
      if (!values.jsonl) return { json: service.description, text: describe(service.description) };
      context.print(JSON.stringify(service.description));
      await answerLines(service, context);
      return { json: service.description, text: '' };
    } finally {
      await service.close();
    }
  },
});

/** Answers the lines of standard input, a few at a time; answers come in the order in which they are ready. */
async function answerLines(
  service: FitnessService,
  { signal, progress, print }: CommandContext,
): Promise<void> {
  const line = new LiveLines(progress);
  const open = new Set<Promise<void>>();
  const most = 2 * service.description.workers;
  let answered = 0;
  try {
    for await (const question of createInterface({ input: Readable.from(pipeBytes('-', signal)) })) {
      if (question === '') continue;
      const answer = answerTo(service, question).then((text) => {
        open.delete(answer);
        print(JSON.stringify(text));
        line.draw([`${formatCount(++answered)} answered`]);
      });
      answer.catch(() => undefined); // the race, or the end, reports it
      open.add(answer);
      if (open.size >= most) await Promise.race(open);
    }
    await Promise.all(open);
  } finally {
    await Promise.allSettled(open);
    line.clear();
  }
}

async function answerTo(service: FitnessService, line: string): Promise<FitnessLine> {
  let id: unknown = null;
  try {
    const question = parseStrictJson(line);
    if (typeof question !== 'object' || question === null || Array.isArray(question)) {
      throw new EvopatchError('INVALID_DATA', 'a question is a JSON object', { given: question });
    }
    const { id: given = null, ...rest } = question as { readonly id?: unknown };
    id = given;
    return { id, ...(await service.evaluate(rest)) };
  } catch (cause) {
    if (!(cause instanceof EvopatchError) || cause.code === 'ABORTED') throw cause;
    const { code, message, data } = cause;
    return { id, error: { code, message, ...data } };
  }
}

function describe({ objectives, genes, rungs, workers }: FitnessDescription): string {
  const columns = [{ title: 'rung' }, { title: 'rows' }, { title: 'epochs' }];
  return [
    `objectives, all to be made small: ${objectives.join(', ')}`,
    `${genes.length} genes, numbers from 0 to 1: ${genes.join(', ')}`,
    `${workers} questions are answered at a time`,
    '',
    formatTable(
      columns,
      rungs.map(({ rows, epochs: passes }, rung) => [`${rung}`, formatCount(rows), `${passes}`]),
    ),
  ].join('\n');
}
