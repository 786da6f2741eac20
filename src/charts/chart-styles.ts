/** Styles of charts; the page sets their custom properties `--ink`, `--faint`, `--rule`, `--track`, `--series-0` to 5 and others. */
export const CHART_STYLES = `
.chart { display: block; width: 100%; height: auto; max-width: 720px; font: 12.5px/1.2 var(--font); font-variant-numeric: tabular-nums; overflow: visible; }
.chart text { fill: var(--faint); }
.chart .axis-title, .chart .bars-title { fill: var(--ink); }
.chart .grid { stroke: var(--rule); }
.chart .axis { stroke: var(--faint); fill: none; }
.line { fill: none; stroke: var(--series); stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
.staircase { stroke-width: 1.25; opacity: 0.6; }
.mark { fill: var(--series); stroke: var(--paper); stroke-width: 1; }
.target { fill: transparent; }
.ring { fill: none; stroke: var(--series); stroke-width: 1.5; }
.series-0 { --series: var(--series-0); }
.series-1 { --series: var(--series-1); }
.series-1 .line { stroke-dasharray: 7 4; }
.series-2 { --series: var(--series-2); }
.series-2 .line { stroke-dasharray: 2 4; }
.series-3 { --series: var(--series-3); }
.series-3 .line { stroke-dasharray: 10 4 2 4; }
.series-4 { --series: var(--series-4); }
.series-4 .line { stroke-dasharray: 5 3; }
.series-5 { --series: var(--series-5); }
.series-5 .line { stroke-dasharray: 1 3; }
.chart a { cursor: pointer; outline: none; }
.chart a:hover .target, .chart a:focus-visible .target, .chart a[aria-current='true'] .target { fill: var(--series); fill-opacity: 0.18; }
.chart a:focus-visible .target { stroke: var(--focus); stroke-width: 2; }
.chart .band { fill: var(--track); }
.chart .reference { stroke: var(--faint); stroke-width: 1.25; stroke-dasharray: 5 4; fill: none; }
.chart .spread { stroke: var(--series); stroke-width: 3; opacity: 0.35; fill: none; }
.chart .other { fill: var(--quiet); opacity: 0.7; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 20px; margin: 8px 0 0; padding: 0; color: var(--faint); font-size: 0.875rem; }
.legend svg { vertical-align: -1px; overflow: visible; }
.bars { max-width: 400px; font-size: 13px; }
.bars .bars-title { font-weight: 600; }
.bars .value, .bars .main text { fill: var(--ink); }
.bars .track { fill: var(--track); }
.bars .fill { fill: var(--quiet); }
.bars .main .fill { fill: var(--series-0); }
.intervals .whisker { stroke: var(--faint); stroke-width: 2; fill: none; }
.intervals .mark { fill: var(--faint); }
.intervals .main text { fill: var(--ink); }
.intervals .main .whisker { stroke: var(--series); }
.intervals .main .mark { fill: var(--series); }
.bars .whisker { stroke: var(--ink); stroke-width: 1.25; fill: none; }
@media (max-width: 480px) { .chart { font-size: 15px; } .bars { font-size: 13px; } }
`;
