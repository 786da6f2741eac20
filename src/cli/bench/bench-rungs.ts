import { type RankCorrelation, type RungsReport, rungsBenchmark } from '../../bench/rungs.ts';
import { EvopatchError } from '../../core/errors.ts';
import { formatCount, formatShare } from '../../summary/format.ts';
import { LiveLines } from '../../summary/live-lines.ts';
import { formatTable } from '../../summary/table.ts';
import type { CommandContext, CommandResult, DATA_OPTIONS, OptionValues } from '../command.ts';
import { loadData } from '../data/load-data.ts';

/** Enough faces for three rungs, few enough for about a minute on two cores. */
export const RUNGS_DATA = 'synthetic:4000';
export const RUNGS_NETWORKS = 20;

interface RungsValues extends OptionValues<typeof DATA_OPTIONS> {
  readonly engine?: string;
  readonly workers?: number;
  readonly networks?: number;
  readonly seeds?: string;
}

/** Measures how faithfully the rungs of the fitness training rank networks. */
export async function benchRungs(
  values: RungsValues,
  context: CommandContext,
): Promise<CommandResult<RungsReport>> {
  const { data = RUNGS_DATA, networks = RUNGS_NETWORKS, seeds = 'a', engine, workers } = values;
  if (engine === 'all') {
    const hint = 'Rankings do not depend on the engine';
    throw new EvopatchError('INVALID_OPTION', "'rungs' takes one engine, not 'all'", {
      option: '--engine',
      hint,
    });
  }
  const dataset = await loadData({ ...values, data }, context);
  const line = new LiveLines(context.progress);
  const report = await rungsBenchmark({
    dataset,
    networks,
    seeds: seeds.split(',').map((seed) => seed.trim()),
    engine,
    workers,
    signal: context.signal,
    onProgress: (completed, total) => line.draw([`${completed} of ${total} trainings`.slice(0, line.width)]),
  }).finally(() => line.clear());
  return { json: report, text: describe(report) };
}

function describe({ dataset, engine, seeds, networks, failures, rungs }: RungsReport): string {
  const table = formatTable(
    [
      { title: 'rung' },
      { title: 'faces × epochs' },
      { title: 'samples seen' },
      { title: 'cost' },
      { title: 'random layouts' },
      { title: 'mutations' },
    ],
    rungs.map((rung, index) => [
      `${rung.rung + 1}`,
      `${index === 0 ? '' : '+ '}${formatCount(rung.rows)} × ${rung.epochs}`,
      formatCount(rung.samplesSeen),
      formatShare(rung.share),
      formatCorrelation(rung.random),
      formatCorrelation(rung.mutations),
    ]),
  );
  const failed = failures > 0 ? `; ${failures} failed and are left out` : '';
  const range = seeds.length > 1 ? ', means over the seeds (minimum to maximum)' : '';
  return [
    `${dataset}, ${engine}, ${networks} networks of each kind, seeds ${seeds.join(', ')}${failed}`,
    '',
    table,
    '',
    `Spearman's correlation of the losses on each rung with those on the top rung${range}: 1 means the same ranking, 0 chance.`,
  ].join('\n');
}

function formatCorrelation({ mean, perSeed }: RankCorrelation): string {
  if (mean === null) return 'none';
  const known = perSeed.filter((value) => value !== null);
  if (known.length === 1) return mean.toFixed(2);
  return `${mean.toFixed(2)} (${Math.min(...known).toFixed(2)} to ${Math.max(...known).toFixed(2)})`;
}
