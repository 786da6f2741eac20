import { CHART_STYLES } from '../../charts/chart-styles.ts';
import { fontFaces } from '../../charts/fonts.ts';

/** Shades of a confusion matrix, one for each tenth. */
const LEVELS = Array.from({ length: 10 }, (_, level) => {
  return `.level-${level} { background: color-mix(in srgb, var(--series-0) ${level === 0 ? 0 : 6 + 6 * level}%, transparent); }`;
}).join('\n');

/** Styles of the page: light or dark as the reader's system, plain on paper, its font embedded. */
export function pageStyles(): string {
  return `${fontFaces()}
${STYLES}`;
}

const STYLES = `
:root {
  color-scheme: light dark;
  --font: Inter, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "Liberation Mono", monospace;
  --paper: #ffffff; --surface: #f6f6f4; --ink: #1c1c1e; --faint: #5c5c63; --rule: #e2e2df; --track: #ecece9; --quiet: #9a9aa1; --shade: rgb(0 0 0 / 0.22);
  --accent: #0b5fa5; --focus: #0b5fa5;
  --series-0: #0b6bb8; --series-1: #b84a00; --series-2: #007a5a; --series-3: #a0447c; --series-4: #8a6a00; --series-5: #4a4a52;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #141517; --surface: #1d1f22; --ink: #ededee; --faint: #a8a8b0; --rule: #303238; --track: #2a2c31; --quiet: #74757d; --shade: rgb(255 255 255 / 0.2);
    --accent: #7cbcff; --focus: #7cbcff;
    --series-0: #5aa9f0; --series-1: #f08a4b; --series-2: #3dbb94; --series-3: #e08bbf; --series-4: #d9b23c; --series-5: #b9bac2;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 var(--font); font-variant-numeric: tabular-nums; overflow-wrap: break-word; }
header, main, footer { max-width: 1080px; margin: 0 auto; padding: 0 24px; }
header { padding-top: 56px; }
.eyebrow { margin: 0; color: var(--faint); font-size: 0.8125rem; letter-spacing: 0.06em; text-transform: uppercase; }
h1 { margin: 4px 0 0; font-size: clamp(1.75rem, 1.2rem + 2vw, 2.5rem); line-height: 1.15; letter-spacing: -0.02em; font-weight: 600; text-wrap: balance; }
.lead { margin: 10px 0 0; color: var(--faint); }
h2 { margin: 0 0 12px; font-size: 1.375rem; line-height: 1.25; letter-spacing: -0.01em; font-weight: 600; }
h3 { margin: 32px 0 8px; font-size: 1.0625rem; line-height: 1.3; font-weight: 600; }
h4 { margin: 16px 0 8px; font-size: 0.9375rem; font-weight: 600; color: var(--faint); }
p { margin: 0 0 12px; max-width: 70ch; text-wrap: pretty; }
a { color: var(--accent); }
code, pre { font: 0.875em/1.5 var(--mono); overflow-wrap: anywhere; }
pre { margin: 0 0 16px; padding: 14px 16px; background: var(--surface); border-radius: 8px; white-space: pre-wrap; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 3px; border-radius: 3px; }
main:focus, .genome:focus { outline: none; }
.skip { position: absolute; left: 16px; top: -60px; padding: 8px 14px; background: var(--accent); color: var(--paper); border-radius: 6px; z-index: 1; }
.skip:focus { top: 12px; }
nav { margin: 28px 0 0; padding: 10px 0; border-top: 1px solid var(--rule); border-bottom: 1px solid var(--rule); }
nav ul { display: flex; flex-wrap: wrap; gap: 2px 20px; margin: 0; padding: 0; list-style: none; }
nav a { display: inline-block; padding: 4px 0; color: var(--ink); text-decoration: none; font-size: 0.9375rem; }
nav a:hover { text-decoration: underline; text-underline-offset: 4px; }
main > section { padding: 44px 0 0; scroll-margin-top: 8px; }
.verdict { font-size: 1.1875rem; line-height: 1.5; max-width: 62ch; }
.finding { display: grid; grid-template-columns: minmax(0, 300px) minmax(0, 1fr); gap: 24px 40px; align-items: start; }
.finding + .finding { margin-top: 36px; padding-top: 28px; border-top: 1px solid var(--rule); }
.finding h3 { grid-column: 1 / -1; margin: 0 0 -12px; }
.finding > div:first-child, .finding > h3 + div { grid-column: 1 / -1; }
.best-map figcaption { font-size: 0.875rem; }
.patches { list-style: none; margin: 6px 0 0; padding: 0; }
.patches li { padding: 2px 0; }
.patches strong { color: var(--ink); font-weight: 600; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 1px; margin: 24px 0 0; background: var(--rule); border-block: 1px solid var(--rule); }
.figures div { padding: 16px 16px 16px 20px; background: var(--paper); }
.figures div:first-child { padding-left: 0; }
.figures dt { color: var(--faint); font-size: 0.875rem; }
.figures dd { margin: 2px 0 0; font-size: 1.75rem; line-height: 1.2; letter-spacing: -0.02em; font-weight: 600; }
.figures small { display: block; margin-top: 2px; color: var(--faint); font-size: 0.8125rem; letter-spacing: 0; font-weight: 400; }
.notes { margin-top: 20px; padding: 12px 16px; border-left: 3px solid var(--series-1); background: var(--surface); font-size: 0.9375rem; }
.notes p { margin: 0; }
.notes ul { margin: 4px 0 0; padding-left: 18px; }
/* A shadow marks an end with more to scroll to: covers move with the content, shadows do not. */
.scroll { overflow-x: auto; margin: 16px 0; background:
  linear-gradient(to right, var(--paper) 40%, transparent) left / 40px 100% no-repeat local,
  linear-gradient(to left, var(--paper) 40%, transparent) right / 40px 100% no-repeat local,
  linear-gradient(to right, var(--shade), transparent) left / 12px 100% no-repeat scroll,
  linear-gradient(to left, var(--shade), transparent) right / 12px 100% no-repeat scroll; }
.scroll tbody th, .scroll thead th:first-child { position: sticky; left: 0; z-index: 1; background: var(--paper); }
table { border-collapse: collapse; font-size: 0.9375rem; }
caption { padding: 0 0 8px; color: var(--faint); font-size: 0.875rem; text-align: left; }
th, td { padding: 6px 14px 6px 0; border-bottom: 1px solid var(--rule); font-weight: 400; vertical-align: baseline; }
th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--faint); font-size: 0.8125rem; white-space: nowrap; }
caption span { position: sticky; left: 0; display: inline-block; max-width: min(80ch, calc(100vw - 32px)); }
tbody th { min-width: 8.5rem; font-weight: 500; }
.left { text-align: left; }
.right { text-align: right; white-space: nowrap; }
.bar-charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(210px, 1fr)); gap: 28px 32px; margin: 20px 0 28px; }
.groups { display: grid; grid-template-columns: minmax(0, 240px) minmax(0, 1fr); gap: 0 40px; align-items: start; margin-top: 24px; }
.groups .bar-charts { margin-top: 4px; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)); gap: 28px 40px; }
.front { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)); gap: 28px 40px; align-items: start; margin-top: 20px; }
.genome { display: none; scroll-margin-top: 24px; }
.genome:target, .panels:not(:has(.genome:target)) .chosen-genome, .live-script .genome { display: block; }
.sizes { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)); gap: 0 56px; align-items: start; }
.sizes h3 { margin-top: 16px; }
.size { display: grid; grid-template-columns: 10.5rem minmax(0, 1fr) 3.75rem; gap: 12px; align-items: center; margin: 0; max-width: none; border-top: 1px solid var(--rule); font-size: 0.9375rem; line-height: 36px; cursor: pointer; list-style: none; }
p.size { cursor: auto; color: var(--faint); }
.size::-webkit-details-marker { display: none; }
.size .none { grid-column: 2 / -1; }
.size .value { text-align: right; }
.size.chosen { font-weight: 600; }
.size > span { white-space: nowrap; }
.size small { margin-left: 4px; color: var(--faint); }
.size.chosen small { color: var(--accent); font-weight: 600; }
.sizes .plot { margin-bottom: 16px; }
details:not([open]) > .size:hover { background: var(--surface); }
.dot-plot { display: block; width: 100%; height: 36px; }
.dot-plot .band { fill: var(--track); }
.dot-plot .whisker { stroke: var(--quiet); stroke-width: 2; }
.dot-plot .dot { fill: var(--faint); }
.chosen .dot, [open] > .size .dot { fill: var(--series-0); }
.sizes details { margin: 0; }
.network-of-size { display: grid; grid-template-columns: minmax(0, 180px) minmax(0, 1fr); gap: 8px 20px; padding: 12px 0 20px; align-items: start; }
.network-of-size .facts { margin: 0; }
.network-of-size .facts > div { display: block; }
.network-of-size pre { grid-column: 1 / -1; margin: 0; }
.live { display: flex; flex-wrap: wrap; gap: 8px 20px; align-items: center; padding: 10px 24px; background: var(--surface); font-size: 0.9375rem; }
.live p { margin: 0; }
.genome h3 { margin-top: 0; }
.genome .face { max-width: 340px; }
.genome p { margin: 12px 0; font-size: 0.9375rem; }
.facts { margin: 12px 0; font-size: 0.9375rem; }
.facts div { display: grid; grid-template-columns: minmax(120px, 190px) 1fr; gap: 16px; padding: 5px 0; border-bottom: 1px solid var(--rule); }
.facts dt { color: var(--faint); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.symbols { position: absolute; }
.face { display: block; width: 100%; height: auto; border-radius: 4px; background: #d9d9d6; font: 600 2.1px/1 var(--font); }
.heat { image-rendering: pixelated; }
figure { margin: 0; }
figcaption { margin-top: 6px; color: var(--faint); font-size: 0.8125rem; line-height: 1.45; }
.slider { display: none; align-items: center; gap: 16px; max-width: 400px; margin: 16px 0; }
[hidden] { display: none !important; }
button { padding: 4px 14px; border: 1px solid var(--rule); border-radius: 6px; background: var(--surface); color: var(--ink); font: inherit; font-size: 0.875rem; cursor: pointer; }
button:hover { border-color: var(--faint); }
.live-script .slider { display: flex; }
.slider label { white-space: nowrap; }
.slider output { display: inline-block; min-width: 2ch; font-weight: 600; text-align: right; }
.slider input { flex: 1; min-width: 0; height: 28px; accent-color: var(--accent); }
.frames { display: grid; grid-template-columns: repeat(auto-fill, minmax(132px, 1fr)); gap: 16px; }
.live-script .timelines { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 220px), 1fr)); gap: 20px 28px; max-width: 520px; }
.live-script .frames { display: block; }
.scale { display: block; width: 100%; max-width: 400px; height: auto; margin-top: 16px; font: 10.5px/1 var(--font); }
.scale text { fill: var(--faint); }
.class-maps { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(44%, 200px), 1fr)); gap: 20px; margin-top: 16px; }
.source { color: var(--faint); font-size: 0.875rem; }
.swatch { vertical-align: -1px; }
.confusions { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 440px), 1fr)); gap: 8px 40px; }
.confusion th, .confusion td { padding: 6px 4px; border: 0; text-align: right; font-size: 0.875rem; }
.confusion thead th { font-size: 0.75rem; text-align: center; }
.confusion thead th:first-child { text-align: right; }
.confusion tbody th { min-width: 0; padding-right: 10px; }
.confusion td { min-width: 36px; text-align: center; }
.right-answer { font-weight: 600; box-shadow: inset 0 0 0 1px var(--series-0); }
${LEVELS}
.network { margin: 20px 0; font-size: 0.8125rem; line-height: 1.35; text-align: center; }
.network ol { list-style: none; margin: 0; padding: 0; }
.branches { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(46%, 112px), 1fr)); gap: 24px 12px; }
.network li { padding: 7px 6px; border: 1px solid var(--rule); border-radius: 6px; background: var(--surface); }
.network li + li, .network .branches + ol li:first-child { position: relative; margin-top: 14px; }
.network li + li::before { content: ""; position: absolute; left: 50%; bottom: 100%; height: 14px; border-left: 1.5px solid var(--quiet); }
.network .branches + ol li:first-child { border-top: 2px solid var(--quiet); }
.network strong, .network span { display: block; }
.network span { color: var(--faint); }
.network .branches + ol li + li { width: min(100%, 240px); margin-inline: auto; }
details { margin: 16px 0; }
summary { cursor: pointer; color: var(--accent); font-size: 0.9375rem; }
.run { margin: 0; padding: 10px 0; border-top: 1px solid var(--rule); }
.run:last-of-type { border-bottom: 1px solid var(--rule); }
.run > summary { font-size: 1.0625rem; font-weight: 600; }
.run > summary + * { margin-top: 12px; }
footer { padding-top: 56px; padding-bottom: 48px; color: var(--faint); font-size: 0.875rem; }
${CHART_STYLES}
@media (max-width: 600px) {
  header, main, footer { padding-left: 16px; padding-right: 16px; }
  header { padding-top: 32px; }
  .verdict { font-size: 1.0625rem; }
  .bars { max-width: 310px; }
  .groups, .finding, .network-of-size { grid-template-columns: minmax(0, 1fr); }
  .figures { grid-template-columns: 1fr 1fr; }
  .figures div:nth-child(odd) { padding-left: 0; }
  .figures dd { font-size: 1.375rem; }
  .facts div { grid-template-columns: 1fr; gap: 0; }
  .frames { grid-template-columns: repeat(auto-fill, minmax(104px, 1fr)); }
}
@media print {
  :root { --paper: #fff; --surface: #f6f6f4; --ink: #000; --faint: #444; --rule: #ccc; --track: #e8e8e8; --quiet: #888; --accent: #000; --series-0: #0b6bb8; --series-1: #b84a00; --series-2: #007a5a; --series-3: #a0447c; --series-4: #8a6a00; --series-5: #4a4a52; }
  body { font-size: 10.5pt; }
  header, main, footer { max-width: none; padding-left: 0; padding-right: 0; }
  nav, .skip, .slider { display: none !important; }
  .scroll { overflow: visible; background: none; }
  table { font-size: 8.5pt; }
  th, td { padding-right: 8px; }
  thead th, .right { white-space: normal; }
  tbody th { min-width: 0; }
  .scroll tbody th, .scroll thead th:first-child { position: static; }
  .run::details-content { content-visibility: visible; block-size: auto; }
  .run > summary { list-style: none; color: var(--ink); }
  .live, button { display: none !important; }
  .live-script .timelines { display: block; }
  .live-script .frames { display: grid; grid-template-columns: repeat(6, 1fr); }
  .live-script .frames figure[hidden] { display: block !important; }
  figure, tr, .chart, .genome, .network, .figures { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  .bar, .face, .confusion td, .scale { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
