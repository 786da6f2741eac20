import { colorOf } from '../../charts/colors.ts';
import { type Html, html } from '../../core/html.ts';
import type { PatchGene } from '../../genome/genome.ts';
import { faceSquare, rectanglesOf } from '../../genome/patches.ts';
import { faceUri } from '../pictures.ts';
import type { ReportData, ReportRun } from '../report-data.ts';

/** Defines the mean face of each run once; maps refer to it. */
export function faceSymbols({ runs }: ReportData): Html {
  return html`<svg class="symbols" width="0" height="0" aria-hidden="true" focusable="false">${runs.map(
    (run, index) => {
      const { width, height } = faceSquare(run.dataset.frame);
      return html`<symbol id="face-${index + 1}" viewBox="0 0 ${width} ${height}"><image href="${faceUri(run)}" width="${width}" height="${height}"/></symbol>`;
    },
  )}</svg>`;
}

/** Draws numbered patches over the face of the run at `index`; pixels that they do not read are faded. */
export function patchPicture(
  { dataset }: ReportRun,
  index: number,
  patches: readonly PatchGene[],
  id: string,
  title: string,
): Html {
  const { x, y, width, height } = faceSquare(dataset.frame);
  const numbered = patches.map((patch, number) => ({
    number,
    rectangles: rectanglesOf(patch, dataset.frame).map((one) => ({ ...one, x: one.x - x, y: one.y - y })),
  }));
  const all = numbered.flatMap(({ rectangles }) => rectangles);
  return html`<svg class="face" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${id}">
<title id="${id}">${title}</title>
<use href="#face-${index + 1}" width="${width}" height="${height}"/>
<mask id="${id}-unread"><rect width="${width}" height="${height}" fill="#fff"/>${all.map(
    (one) => html`<rect x="${one.x}" y="${one.y}" width="${one.width}" height="${one.height}" fill="#000"/>`,
  )}</mask>
<rect width="${width}" height="${height}" fill="#fff" fill-opacity="0.66" mask="url(#${id}-unread)"/>
${numbered.map(({ number, rectangles }) =>
  rectangles.map((one, half) => {
    const color = colorOf(number);
    const badge = half === 0 ? one.x : one.x + one.width - 3;
    return html`<rect x="${one.x + 0.25}" y="${one.y + 0.25}" width="${one.width - 0.5}" height="${one.height - 0.5}" fill="${color}" fill-opacity="0.08" stroke="${color}" stroke-width="0.5"/><rect x="${badge}" y="${one.y}" width="3" height="3" fill="${color}"/><text x="${badge + 1.5}" y="${one.y + 2.3}" text-anchor="middle" fill="${inkOn(color)}">${number + 1}</text>`;
  }),
)}
${nose(dataset.frame.noseX - x, dataset.frame.noseY - y)}
</svg>`;
}

/** Draws a heat map over the face of the run at `index`. @param uri of its colours, as from `heatUri` */
export function heatPicture(
  { dataset }: ReportRun,
  index: number,
  uri: string,
  id: string,
  title: string,
): Html {
  const { x, y, width, height } = faceSquare(dataset.frame);
  return html`<svg class="face" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${id}">
<title id="${id}">${title}</title>
<use href="#face-${index + 1}" width="${width}" height="${height}"/>
<image class="heat" href="${uri}" width="${width}" height="${height}"/>
${nose(dataset.frame.noseX - x, dataset.frame.noseY - y)}
</svg>`;
}

/** Chooses black or white, whichever is easier to read on a colour `#rrggbb`. */
function inkOn(color: string): string {
  const [red, green, blue] = [1, 3, 5].map((start) => Number.parseInt(color.slice(start, start + 2), 16));
  return 0.299 * red + 0.587 * green + 0.114 * blue > 115 ? '#000' : '#fff';
}

function nose(x: number, y: number): Html {
  const cross = `M${x - 1.2} ${y}h2.4M${x} ${y - 1.2}v2.4`;
  return html`<path d="${cross}" stroke="#fff" stroke-width="0.55" stroke-linecap="round"/><path d="${cross}" stroke="#1d1d1f" stroke-width="0.22"/>`;
}
