import { inferenceSpeed } from '../bench/benchmark.ts';
import type { Interval } from '../core/comparison.ts';
import { toNetworkSpec } from '../genome/to-network-spec.ts';
import { baselineSpec } from '../genome/whole-face.ts';
import { parameterCount, runningStatisticsCount } from '../network/describe.ts';
import type { NetworkSpec } from '../network/spec.ts';
import { type Engine, openEngine } from '../nn/engine.ts';
import type { EvolutionReport } from '../run/result.ts';
import { formatControls } from './controls.ts';
import { describeDifference, describeSaving } from './difference.ts';
import { describeFinding } from './finding.ts';
import { formatAccuracy, formatCount, formatMillions, NETWORK_NAMES } from './format.ts';
import { formatFront } from './front-table.ts';
import { formatSizes } from './size-table.ts';
import { formatTable } from './table.ts';

/** The baseline or the evolved network of a run. */
export interface ComparedNetwork {
  readonly role: 'baseline' | 'evolved';
  readonly parameters: number;
  readonly macs: number;
  /** Pixels of the face that it reads. */
  readonly coveredPixels: number;
  /** On the run's validation rows, 0 to 1; `null` where the run ended before it was measured. */
  readonly validationAccuracy: number | null;
  readonly interval95: Interval | null;
  /** Size of all numbers that the network needs, as 32-bit floats. */
  readonly bytes: number;
  /** Faces that one core of this machine classifies per second. */
  readonly facesPerSecond: number;
}

/**
 * Compares the baseline and the evolved network; each is timed for a second or two.
 *
 * @param engine what to time them on. @defaultValue the engine of the run
 * @throws EvopatchError `ENGINE_UNAVAILABLE`
 */
export async function compareNetworks(report: EvolutionReport, engine?: Engine): Promise<ComparedNetwork[]> {
  const { baseline, best, dataset } = report;
  const target = { classes: dataset.classes.length, frame: dataset.frame };
  const runBy = engine ?? (await openEngine(report.engine));
  const sized = (spec: NetworkSpec) => ({
    bytes: weightBytes(spec),
    facesPerSecond: inferenceSpeed(runBy, spec),
  });
  return [
    ...(baseline ? [{ role: 'baseline', ...picked(baseline), ...sized(baselineSpec(target)) } as const] : []),
    { role: 'evolved', ...picked(best), ...sized(toNetworkSpec(best.genome, target)) },
  ];
}

/** Formats the comparison as a table with a verdict, then the controls with the finding, the ladder of sizes, and the front of the search. */
export function formatComparison(networks: readonly ComparedNetwork[], report: EvolutionReport): string {
  const table = formatTable(
    [
      { title: '', align: 'left' },
      { title: 'parameters' },
      { title: 'MACs' },
      { title: 'pixels' },
      { title: 'accuracy (95 %)' },
      { title: 'size' },
      { title: 'faces/s' },
    ],
    networks.map((network) => [
      NETWORK_NAMES[network.role],
      formatCount(network.parameters),
      formatMillions(network.macs),
      formatCount(network.coveredPixels),
      formatAccuracy(network),
      `${formatCount(Math.ceil(network.bytes / 1024))} KB`,
      formatCount(network.facesPerSecond),
    ]),
  );
  const isMeasured = report.best.validationAccuracy !== null;
  const sections = [
    table,
    describeBest(report),
    formatControls(report),
    isMeasured ? describeFinding(report.controls) : undefined,
    formatSizes(report),
    formatFront(report.front),
  ];
  return sections.filter((section) => section !== undefined).join('\n\n');
}

function picked({
  parameters,
  macs,
  coveredPixels,
  validationAccuracy,
  interval95,
}: Pick<ComparedNetwork, 'parameters' | 'macs' | 'coveredPixels' | 'validationAccuracy' | 'interval95'>) {
  return { parameters, macs, coveredPixels, validationAccuracy, interval95 };
}

function weightBytes(spec: NetworkSpec): number {
  return 4 * (parameterCount(spec) + runningStatisticsCount(spec));
}

function describeBest({ baseline, best, margin }: EvolutionReport): string | undefined {
  if (baseline === null || best.difference === null) return undefined;
  const saving = describeSaving(best.parameters, baseline.parameters);
  return `${saving} than the baseline. ${describeDifference(best.difference, margin)}`;
}
