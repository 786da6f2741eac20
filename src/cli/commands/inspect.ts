import { EvopatchError } from '../../core/errors.ts';
import type { Genome } from '../../genome/genome.ts';
import { parseGenome } from '../../genome/parse-genome.ts';
import { summarizeGenome } from '../../genome/summarize.ts';
import { toNetworkSpec } from '../../genome/to-network-spec.ts';
import { describeNetwork, runningStatisticsCount } from '../../network/describe.ts';
import { referenceNetwork } from '../../network/reference-network.ts';
import type { NetworkSpec } from '../../network/spec.ts';
import { openEngine } from '../../nn/engine.ts';
import { readSingleModel } from '../../nn/model-file.ts';
import { formatCount, formatShare } from '../../summary/format.ts';
import { formatTable } from '../../summary/table.ts';
import { ZOO, zooNetwork } from '../../zoo/zoo.ts';
import { defineCommand } from '../command.ts';
import { readFinishedRun } from '../runs/run-files.ts';

/** Networks that a command line can name: those of the zoo, for the classes that they were published with, and the reference. */
const NAMED_NETWORKS: Readonly<Record<string, () => NetworkSpec>> = {
  reference: referenceNetwork,
  ...Object.fromEntries(Object.keys(ZOO).map((name) => [name, () => zooNetwork(name)])),
};

/** The names as text; MicroExpNet has too many candidates to list each. */
const NAMED_NETWORKS_IN_WORDS = [
  ...Object.keys(NAMED_NETWORKS).filter((name) => !name.startsWith('microExpNet-')),
  'microExpNet-POOLS-SIZE (POOLS: v, p1, p2, p12; SIZE: m, s, xs, xxs)',
].join(', ');

/** The inspected network, with what else is known about it. */
interface Subject {
  readonly spec: NetworkSpec;
  readonly genome?: Genome;
  /** Further facts for the JSON. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** The same as text. */
  readonly lines: readonly string[];
}

export const inspectCommand = defineCommand({
  name: 'inspect',
  summary: 'Show the layers of a model, a run or a named network',
  description:
    'Prints the parameters, the multiply-accumulates per face, every layer and, where there is one, the genome of a model ' +
    'file, of the best genome of a run, or of a named network.',
  options: {
    model: { kind: 'text', placeholder: 'FILE', input: 'file', description: 'A model that evolve saved.' },
    run: { kind: 'text', placeholder: 'DIR', input: 'run', description: 'The folder of a run.' },
    network: {
      kind: 'text',
      placeholder: 'NAME',
      choices: Object.keys(NAMED_NETWORKS),
      description: `The name of a network: ${NAMED_NETWORKS_IN_WORDS}.`,
    },
  },
  examples: [
    'evopatch inspect --model runs/first/models/best.safetensors',
    'evopatch inspect --run runs/first --json',
    'evopatch inspect --network baseline',
    'evopatch inspect --network miniXception',
  ],
  run: async ({ model, run, network }) => {
    const subject = await openSubject(exactlyOne({ model, run, network }));
    const layers = describeNetwork(subject.spec).map(({ layer, output, parameters, macs }) => ({
      name: layer.name,
      kind: layer.kind,
      output: [output.channels, output.height, output.width],
      parameters,
      macs,
    }));
    const sum = (field: 'parameters' | 'macs') => layers.reduce((total, layer) => total + layer[field], 0);
    const { spec, genome } = subject;
    const report = {
      name: spec.name,
      parameters: sum('parameters'),
      macs: sum('macs'),
      runningStatistics: runningStatisticsCount(subject.spec),
      frameSize: spec.frameSize,
      classCount: spec.classes,
      layers,
      ...(genome === undefined ? {} : { genome, summary: summarizeGenome(genome) }),
      ...subject.facts,
    };
    const table = formatTable(
      [
        { title: 'layer', align: 'left' },
        { title: 'kind', align: 'left' },
        { title: 'output', align: 'left' },
        { title: 'parameters' },
        { title: 'MACs' },
      ],
      layers.map(({ name, kind, output, parameters, macs }) => [
        name,
        kind,
        output.join('×'),
        formatCount(parameters),
        formatCount(macs),
      ]),
    );
    const text = [
      `${spec.name}: ${formatCount(report.parameters)} parameters, ${formatCount(report.macs)} multiply-accumulates per face`,
      ...(genome === undefined ? [] : [`genome: ${summarizeGenome(genome)}`]),
      ...subject.lines,
      '',
      table,
    ].join('\n');
    return { json: report, text };
  },
});

async function openSubject({
  name,
  value,
}: {
  name: 'model' | 'run' | 'network';
  value: string;
}): Promise<Subject> {
  if (name === 'network') return namedSubject(value);
  if (name === 'model') return await openModel(value);
  const { best, baseline, dataset, seed, engine, numerics, status } = await readFinishedRun(value);
  const genome = parseGenome(best.genome);
  const { validationAccuracy } = best;
  return {
    spec: toNetworkSpec(genome, { classes: dataset.classes.length, frame: dataset.frame }),
    genome,
    facts: { status, seed, engine, numerics, dataset, baseline, validationAccuracy },
    lines: [
      `run: ${status}, seed '${seed}', ${engine} engine, data ${dataset.name}`,
      ...(validationAccuracy === null ? [] : [`accuracy: ${formatShare(validationAccuracy)} (validation)`]),
      ...(baseline === null
        ? []
        : [
            `baseline: ${formatShare(baseline.validationAccuracy)} with ${formatCount(baseline.parameters)} parameters`,
          ]),
    ],
  };
}

function namedSubject(name: string): Subject {
  const spec = NAMED_NETWORKS[name]();
  if (!Object.hasOwn(ZOO, name)) return { spec, facts: {}, lines: [] };
  const { title, citation, published } = ZOO[name];
  const { parameters, fer2013 } = published;
  const all = parameters?.all;
  return {
    spec,
    facts: { title, citation, published },
    lines: [
      `${title} (${citation})`,
      ...(parameters === undefined
        ? []
        : [
            `published: ${formatCount(parameters.trained)} parameters` +
              (all === undefined ? '' : `, ${formatCount(all)} with running statistics`),
          ]),
      ...(fer2013 === undefined
        ? []
        : [`published for FER2013: ${formatShare(fer2013.accuracy)} (${fer2013.note})`]),
    ],
  };
}

async function openModel(file: string): Promise<Subject> {
  const { network, classes, frame, genome, info } = await readSingleModel(file, await openEngine());
  return {
    spec: network.spec,
    genome: genome === undefined ? undefined : parseGenome(genome),
    facts: { classes, frame, info },
    lines: [`classes: ${classes.join(', ')}`],
  };
}

/**
 * Finds which of several options was given.
 *
 * @throws EvopatchError `INVALID_OPTION` where none was given, or more than one.
 */
function exactlyOne<Name extends string>(
  values: Readonly<Record<Name, string | undefined>>,
): { readonly name: Name; readonly value: string } {
  const names = Object.keys(values) as Name[];
  const given = names.flatMap((name) => {
    const value = values[name];
    return value === undefined ? [] : [{ name, value }];
  });
  if (given.length === 1) return given[0];
  const list = names.map((name) => `--${name}`).join(', ');
  const named = given.map(({ name }) => `--${name}`).join(' and ');
  throw new EvopatchError('INVALID_OPTION', `give exactly one of ${list}`, { given: named || 'none' });
}
