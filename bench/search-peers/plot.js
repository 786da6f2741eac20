// Hypervolume against compute of the searches of one data set.
import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { chartPng, chartSvg } from '../../research/charts/chart-frame.js';
import { drawCurves } from '../../research/charts/draw-curves.js';
import { bandOf } from '../../research/search/curves.js';
import { METHODS } from './methods.js';

const MILLION = 1e6;
const MAIN = 'evopatch';

/** @param searches finished ones with the same data and budget, at least one */
export function writePlot(file, searches) {
  const [{ data, samples }] = searches;
  const seeds = new Set(searches.map(({ seed }) => seed)).size;
  const methods = Object.keys(METHODS).filter((name) => searches.some(({ method }) => method === name));
  const lines = methods.map((method) => {
    const band = bandOf(
      searches.filter((one) => one.method === method),
      samples,
    );
    const millions = band.samples.map((value) => value / MILLION);
    const main = method === MAIN;
    const range = main ? band : { least: band.mean, most: band.mean }; // eight ranges would hide each other
    return { ...band, ...range, samples: millions, title: method, main };
  });
  const chart = {
    title: 'What each optimiser finds for the same compute',
    subtitle: `${basename(data)}; ${seeds === 1 ? 'one seed' : `means of ${seeds} seeds; ${MAIN} shaded from the least to the most`}`,
    xTitle: 'compute: samples that all trainings saw, millions',
    yTitle:
      'hypervolume of the front (loss × parameters × pixels), share of the box below the reference point',
    lines,
  };
  const drawing = (context) => drawCurves(context, chart);
  writeFileSync(file, file.endsWith('.svg') ? chartSvg(drawing) : chartPng(drawing));
}
