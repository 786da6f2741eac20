import { type Html, html } from '../../core/html.ts';
import { FACE_REGIONS } from '../../landmarks/face-regions.ts';
import type { FindingCheck } from '../../saliency/human-findings.ts';
import type { RegionShare } from '../../saliency/region-shares.ts';
import { formatPoints, formatShare } from '../../summary/format.ts';
import type { ReportData } from '../report-data.ts';
import { eachRun, runSuffix, section, table } from './parts.ts';

const VERDICTS = {
  agrees: 'agrees',
  disagrees: 'disagrees',
  undecided: 'too close to call',
} as const;

/** Shows which parts of the face the network uses, and whether people use the same. */
export function regionsSection(data: ReportData): Html | null {
  const content = eachRun(
    data,
    (run) => {
      const { attention } = run;
      if (attention === null) return null;
      const suffix = runSuffix(data, run);
      const { shares, perClass, findings } = attention;
      const rows = [{ class: 'all classes', shares }, ...perClass.filter(({ samples }) => samples > 0)];
      return html`${table(
        `Share of attention on each part of the face${suffix}`,
        [{ title: 'class', align: 'left' }, ...FACE_REGIONS.map((title) => ({ title }))],
        [
          ...rows.map((row) => [row.class, ...shareCells(row.shares)]),
          ['uniform map', ...areasOf(shares ?? rows.find((row) => row.shares !== null)?.shares ?? null)],
        ],
      )}
${findings.length > 0 && findingsTable(findings, suffix)}`;
    },
    html`<p>Shares of the rise in loss that hiding causes, by part of the mean face; the largest share of each class is in bold. The last row shows a uniform map.</p>`,
  );
  return content && section('regions', 'Which parts of the face', content);
}

/** Formats the share of each part of the face, the largest in bold. */
export function shareCells(shares: readonly RegionShare[] | null): (Html | string)[] {
  if (shares === null) return FACE_REGIONS.map(() => '–');
  const largest = Math.max(...shares.map(({ share }) => share));
  return shares.map(({ share }) => {
    const text = formatShare(share);
    return share === largest ? html`<strong>${text}</strong>` : text;
  });
}

function areasOf(shares: readonly RegionShare[] | null): string[] {
  return shares === null ? FACE_REGIONS.map(() => '–') : shares.map(({ area }) => formatShare(area));
}

function findingsTable(findings: readonly FindingCheck[], suffix: string): Html {
  const sources = [...new Set(findings.map(({ source }) => source))];
  return html`${table(
    `Parts of the face by which people and this network recognise an expression${suffix}`,
    [
      { title: 'class', align: 'left' },
      { title: 'people', align: 'left' },
      { title: 'lean towards the eyes, points' },
      { title: 'mean of classes' },
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
<p class="source">People: ${sources.join('; ')}. The lean is the share of eyes and brows minus that of the mouth; a class agrees if it leans at least five points further than the mean of the classes towards the part that people use.</p>`;
}
