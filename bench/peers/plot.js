// The measurements as bars: a panel for each network, task and number of threads.
import { writeFileSync } from 'node:fs';
import { FAINT, INK } from '../../dist/charts/colors.js';
import { drawText } from '../../dist/charts/text.js';
import { CHART, chartPng, chartSvg, LINE_COLORS, SMALL } from '../../research/charts/chart-frame.js';
import { speedsOf } from './table.js';

const TOP = 76;
const COLUMNS = 2;
const PANEL = CHART.width / COLUMNS;
const ROW = 18;
/** Of a panel: above its bars, and between it and the next. */
const HEAD = 26;
const GAP = 26;
/** Of a bar, from the left of its panel. */
const BAR = { left: 228, longest: 178, height: 11 };

/** Writes an SVG, or a PNG if the name of the file ends so. */
export function writePlot(file, measurements) {
  const panels = speedsOf(measurements).map(({ name, rows }) => ({
    name,
    rows: rows.filter(({ median }) => median !== undefined),
  }));
  const rowCount = Math.max(...panels.map(({ rows }) => rows.length));
  const height = HEAD + ROW * rowCount + GAP;
  const sheet = TOP + height * Math.ceil(panels.length / COLUMNS);
  const draw = (context) => {
    context.fillStyle = '#ffffff';
    context.fillRect(0, 0, CHART.width, sheet);
    drawText(context, 'Samples a second', 20, 34, { size: 20, color: INK, bold: true });
    const subtitle = 'median, with a line from the slowest to the fastest round';
    drawText(context, subtitle, 20, 56, { size: SMALL, color: FAINT });
    for (const [index, panel] of panels.entries()) {
      const left = 20 + PANEL * (index % COLUMNS);
      drawPanel(context, panel, left, TOP + height * Math.floor(index / COLUMNS));
    }
  };
  writeFileSync(file, file.endsWith('.png') ? chartPng(draw, 2, sheet) : chartSvg(draw, sheet));
}

function drawPanel(context, { name, rows }, left, top) {
  drawText(context, name, left, top + 14, { size: SMALL, color: INK, bold: true });
  const most = Math.max(...rows.map(({ maximum }) => maximum));
  const at = (value) => left + BAR.left + (BAR.longest * value) / most;
  for (const [row, { contender, median, minimum, maximum }] of rows.entries()) {
    const y = top + HEAD + ROW * row + ROW / 2;
    const isOurs = contender.startsWith('evopatch');
    drawText(context, contender, left, y + 4, { size: SMALL, color: INK, bold: isOurs });
    context.fillStyle = isOurs ? LINE_COLORS[0] : '#b9b9bf';
    context.fillRect(at(0), y - BAR.height / 2, at(median) - at(0), BAR.height);
    context.fillStyle = INK;
    context.fillRect(at(minimum), y - 0.5, at(maximum) - at(minimum), 1);
    const text = Math.round(median).toLocaleString('en-US');
    drawText(context, text, at(maximum) + 6, y + 4, { size: SMALL, color: INK });
  }
}
