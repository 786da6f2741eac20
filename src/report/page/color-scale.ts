import type { Color } from '../../charts/colors.ts';
import { type Html, html } from '../../core/html.ts';

const STEPS = 40;
const WIDTH = 300;

/** Draws a colour scale as a bar with the values at its ends. @param id unique on the page */
export function colorScale(
  id: string,
  scale: (share: number) => Color,
  unit: string,
  first: string,
  last: string,
): Html {
  return html`<svg class="scale" viewBox="0 0 ${WIDTH} 34" role="img" aria-labelledby="${id}"><title id="${id}">Colour scale: ${unit}, from ${first} (dark) to ${last} (bright)</title>
${Array.from({ length: STEPS }, (_, step) => {
  const [red, green, blue] = scale(step / (STEPS - 1));
  return html`<rect x="${(WIDTH / STEPS) * step}" y="0" width="${WIDTH / STEPS + 0.3}" height="12" fill="rgb(${red},${green},${blue})"/>`;
})}
<g aria-hidden="true"><text x="0" y="28">${first}</text><text x="${WIDTH / 2}" y="28" text-anchor="middle">${unit}</text><text x="${WIDTH}" y="28" text-anchor="end">${last}</text></g></svg>`;
}
