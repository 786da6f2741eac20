import { type Html, html } from '../../core/html.ts';
import { flatOptions } from '../../options/flat-options.ts';
import { formatCount, formatSeconds } from '../../summary/format.ts';
import type { ReportData, ReportRun } from '../report-data.ts';
import { reproduceCommand } from '../reproduce.ts';
import { eachRun, facts, runSuffix, section, table } from './parts.ts';

/** Lists the settings of each run and the command that repeats it. */
export function settingsSection(data: ReportData): Html {
  return section(
    'settings',
    'Settings and reproduction',
    eachRun(
      data,
      (run) => html`${reproduction(run)}
${facts(provenance(run))}
<details><summary>All options</summary>
${table(
  `Options${runSuffix(data, run)}`,
  [
    { title: 'option', align: 'left' },
    { title: 'value', align: 'left' },
  ],
  flatOptions(run.settings.options),
)}
</details>`,
    ),
  );
}

function reproduction(run: ReportRun): Html {
  const { command, complete, caveats } = reproduceCommand(run);
  const claim = complete
    ? 'makes the same networks, bit for bit'
    : 'comes as close to the run as a command can';
  return html`<p>With the same data, release and numerics, this command ${claim}:</p>
<pre tabindex="0" aria-label="Command"><code>${command}</code></pre>
${caveats.map((caveat) => html`<p>${caveat}</p>`)}`;
}

function provenance({ dataset, settings, evaluations, failures, timing }: ReportRun) {
  const { engine, evopatch, node, platform, started, ladder, teacher } = settings;
  const entries: (readonly [string, string | Html | null])[] = [
    ['data', dataset.name],
    ['SHA-256 of the data', html`<code>${dataset.hash}</code>`],
    [
      'faces',
      dataset.training === null || dataset.validation === null
        ? null
        : `${formatCount(dataset.training)} to train on, ${formatCount(dataset.validation)} to validate`,
    ],
    ['classes', dataset.classes.join(', ')],
    ['alignment', dataset.align],
    ['evopatch', evopatch],
    ['engine', engine && `${engine.name}, ${engine.variant}`],
    ['numerics', engine?.numerics ?? null],
    ['platform', [node && `Node ${node}`, platform].filter(Boolean).join(', ')],
    ['started', started && `${started.slice(0, 16).replace('T', ' ')} UTC`],
    [
      'short trainings',
      ladder
        .map(({ rows, epochs }) => `${formatCount(rows)} faces × ${epochs} epochs`)
        .join(', the better ones continue with '),
    ],
    ['teacher', teacher && html`${teacher.file}, SHA-256 <code>${teacher.hash}</code>`],
    ['trainings', `${formatCount(evaluations)}, ${formatCount(failures)} failed`],
    ['time', timing && `${formatSeconds(timing.totalSeconds)} with ${timing.workers} workers`],
  ];
  return entries.filter(([, value]) => value !== null && value !== '');
}
