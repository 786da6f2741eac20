import { type Html, html } from '../../core/html.ts';
import { FACE_REGIONS } from '../../landmarks/face-regions.ts';
import type { FindingCheck } from '../../saliency/human-findings.ts';
import type { RegionShare } from '../../saliency/region-shares.ts';
import { formatPoints, formatShare } from '../../summary/format.ts';
import type { ReportData } from '../report-data.ts';
import { eachRun, section, table } from './parts.ts';

const VERDICTS = {
  agrees: 'agrees',
  disagrees: 'disagrees',
  undecided: 'too close to call',
} as const;

/** On which parts of the face attention lies, and whether people look there too. */
export function regionsSection(data: ReportData): Html | null {
  const content = eachRun(data, ({ attention, name }) => {
    if (attention === null) return null;
    const suffix = data.runs.length > 1 ? `, ${name}` : '';
    const { shares, perClass, findings } = attention;
    const rows = [{ class: 'all classes', shares }, ...perClass.filter(({ samples }) => samples > 0)];
    return html`<p>Shares of what hiding costs, by the part of the mean face that it lies on; a class's largest share is in bold. The last row is what an even map would have.</p>
${table(
  `Share of attention on each part of the face${suffix}`,
  [{ title: 'class', align: 'left' }, ...FACE_REGIONS.map((title) => ({ title }))],
  [
    ...rows.map((row) => [row.class, ...shareCells(row.shares)]),
    ['share of the frame', ...areasOf(shares ?? rows.find((row) => row.shares !== null)?.shares ?? null)],
  ],
)}
${findings.length > 0 && findingsTable(findings, suffix)}`;
  });
  return content && section('regions', 'Which parts of the face', content);
}

/** A share for each part of the face, the largest in bold. */
export function shareCells(shares: readonly RegionShare[] | null): (Html | string)[] {
  if (shares === null) return FACE_REGIONS.map(() => '–');
  const most = Math.max(...shares.map(({ share }) => share));
  return shares.map(({ share }) => {
    const text = formatShare(share);
    return share === most ? html`<strong>${text}</strong>` : text;
  });
}

function areasOf(shares: readonly RegionShare[] | null): string[] {
  return shares === null ? FACE_REGIONS.map(() => '–') : shares.map(({ area }) => formatShare(area));
}

function findingsTable(findings: readonly FindingCheck[], suffix: string): Html {
  const sources = [...new Set(findings.map(({ source }) => source))];
  return html`${table(
    `By what people know an expression, and by what this network does${suffix}`,
    [
      { title: 'class', align: 'left' },
      { title: 'people', align: 'left' },
      { title: 'network: eyes and brows − mouth, points' },
      { title: 'mean class' },
      { title: 'the network', align: 'left' },
    ],
    findings.map(({ class: name, by, contrast, meanContrast, verdict }) => [
      name,
      `by the ${by}`,
      formatPoints(contrast),
      formatPoints(meanContrast),
      VERDICTS[verdict],
    ]),
  )}
<p class="source">People: ${sources.join('; ')}. A class agrees where it leans from the mean class towards the same part by at least five points.</p>`;
}
