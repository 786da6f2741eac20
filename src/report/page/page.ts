import { type Html, html, scriptJson, trusted } from '../../core/html.ts';
import type { ReportData, ReportRun } from '../report-data.ts';
import { ablationSection } from './ablation-section.ts';
import { attentionSection } from './attention-section.ts';
import { classesSection } from './classes-section.ts';
import { comparisonSection } from './comparison-section.ts';
import { controlsSection } from './controls-section.ts';
import { faceSymbols } from './face-map.ts';
import { frontSection } from './front-section.ts';
import { groupsSection } from './groups-section.ts';
import { mapsSection } from './maps-section.ts';
import { networkSection } from './network-section.ts';
import { liveScript, pagePolicy, pageScript } from './page-script.ts';
import { progressSection } from './progress-section.ts';
import { regionsSection } from './regions-section.ts';
import { runsSection } from './runs-section.ts';
import { settingsSection } from './settings-section.ts';
import { sizesSection } from './sizes-section.ts';
import { pageStyles } from './styles.ts';
import { summarySection } from './summary-section.ts';

const SECTIONS = [
  { id: 'summary', name: 'Summary', of: summarySection },
  { id: 'sizes', name: 'Sizes', of: sizesSection },
  { id: 'runs', name: 'Runs', of: runsSection },
  { id: 'comparison', name: 'Comparison', of: comparisonSection },
  { id: 'controls', name: 'Controls', of: controlsSection },
  { id: 'attention', name: 'What it uses', of: attentionSection },
  { id: 'regions', name: 'Face parts', of: regionsSection },
  { id: 'ablation', name: 'Patches', of: ablationSection },
  { id: 'classes', name: 'Classes', of: classesSection },
  { id: 'groups', name: 'Groups', of: groupsSection },
  { id: 'front', name: 'Front', of: frontSection },
  { id: 'maps', name: 'Convergence', of: mapsSection },
  { id: 'progress', name: 'Search', of: progressSection },
  { id: 'network', name: 'Network', of: networkSection },
  { id: 'settings', name: 'Settings', of: settingsSection },
] as const;

export interface PageOptions {
  /** Whether the page is served during its run, so that its script may fetch the next state. */
  readonly live?: boolean;
}

/** Renders the page as one self-contained HTML document, which may load nothing unless it is live. */
export function reportPage(data: ReportData, { live = false }: PageOptions = {}): string {
  const script = live ? liveScript() : pageScript();
  const title = `evopatch report: ${data.runs.map(({ name }) => name).join(', ')}`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${pagePolicy(live)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="evopatch">
<title>${title}</title>
<style>${trusted(pageStyles())}</style>
</head>
<body>
${pageBody(data, live)}
<script type="application/json" id="report-data">${scriptJson(embedded(data))}</script>
<script>${trusted(script)}</script>
</body>
</html>
`.text;
}

function pageBody(data: ReportData, live: boolean): Html {
  const sections = SECTIONS.flatMap(({ id, name, of }) => {
    const content = of(data);
    return content === null ? [] : [{ id, name, content }];
  });
  return html`<a class="skip" href="#main">Skip to the content</a>
<header>
<p class="eyebrow">evopatch report</p>
<h1>${headline(data)}</h1>
<p class="lead">${data.runs.length === 1 ? subtitle(data.runs[0]) : `${data.runs.length} runs: ${data.runs.map(({ name }) => name).join(', ')}`}</p>
</header>
<main id="main" tabindex="-1">
<nav aria-label="Parts of the report"><ul>${sections.map(({ id, name }) => html`<li><a href="#${id}">${name}</a></li>`)}</ul></nav>
${faceSymbols(data)}
${sections.map(({ content }) => content)}
</main>
<footer><p>Made by evopatch ${data.runs[0].settings.evopatch}. ${live ? 'The run serves this page on this machine and keeps it up to date; it loads nothing from anywhere else.' : 'This file loads nothing from anywhere.'}</p></footer>`;
}

function headline({ runs }: ReportData): string {
  const names = [...new Set(runs.map(({ dataset }) => dataset.name.split('/').at(-1) ?? dataset.name))];
  return `Face patches for ${names.join(', ')}`;
}

function subtitle(run: ReportRun): string {
  const { name, settings } = run;
  const seed = settings.options.seed === undefined ? '' : `, seed ${settings.options.seed}`;
  return `Run ${name}${seed}, ${run.status}`;
}

/** Leaves out pixels and genomes, which the page already shows as pictures. */
function embedded({ format, runs }: ReportData) {
  return {
    format,
    runs: runs.map(({ face: _face, attention, frames, ...run }) => ({
      ...run,
      attention: attention && {
        ...attention,
        grid: undefined,
        perClass: attention.perClass.map(({ grid: _grid, ...one }) => one),
        gradients: undefined,
      },
      frames: frames.map(({ generation, frontSize }) => ({ generation, frontSize })),
    })),
  };
}
