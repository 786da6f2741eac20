import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { reportPage } from '../../src/report/page/page.ts';
import { readReport } from '../../src/report/read-report.ts';
import type { ReportData, ReportRun } from '../../src/report/report-data.ts';
import { writeReport } from '../../src/report/write-report.ts';
import { formatShare } from '../../src/summary/format.ts';
import { temporaryFolder } from '../data/temporary-folder.ts';
import { ATTRIBUTE, recordedRun, SCRIPT } from './recorded-run.ts';

/** Removes a page's own script, styles and data. */
function markupOf(page: string): string {
  return page.replace(/<(script|style)\b[^>]*>[\s\S]*?<\/\1>/g, '');
}

describe('the page of a report', () => {
  const recorded = recordedRun();

  it('is written in full, with the same bytes each time', async () => {
    const { folder, dataset } = recorded();
    const out = join(temporaryFolder(), 'report.html');
    const written = await writeReport({ runs: [folder], dataset, out });
    const page = readFileSync(out, 'utf8');
    expect(written).toMatchObject({ file: out, bytes: statSync(out).size });
    expect(page).toBe(reportPage(written.data));
    await writeReport({ runs: [folder], dataset, out });
    expect(readFileSync(out, 'utf8')).toBe(page);
  });

  it('opens the most accurate network of each size to its patches, figures and model', async () => {
    const { folder, copy } = recorded();
    const data = await readReport({ runs: [folder] });
    const [run] = data.runs;
    const [, section] = reportPage(data).match(/<section id="sizes"([\s\S]*?)<\/section>/) ?? [];
    const steps = section?.match(/<summary class="size/g) ?? [];
    const missing = section?.match(/no network as small/g) ?? [];
    expect(steps.length + missing.length).toBe(11);
    expect(steps.length).toBeGreaterThan(0);
    const best = run.finalists.toSorted(
      (a, b) =>
        b.validationAccuracy - a.validationAccuracy ||
        a.coveredPixels - b.coveredPixels ||
        a.parameters - b.parameters,
    )[0];
    expect(section).toContain(formatShare(best.validationAccuracy));
    const model = `models/${best.hash.slice(0, 8)}.safetensors`;
    expect(section).toContain(model);
    const targets = [...(section ?? '').matchAll(/<a href="#([^"]*)"/g)].map(([, target]) => target);
    expect(targets.length).toBeGreaterThan(0);
    for (const target of targets) expect(reportPage(data)).toContain(`id="${target}"`);
    const early = copy();
    rmSync(join(early, 'models', `${best.hash.slice(0, 8)}.safetensors`));
    expect(reportPage(await readReport({ runs: [early] }))).not.toContain(model);
    expect(reportPage({ ...data, runs: [{ ...run, finalists: [] }] })).not.toContain('id="sizes"');
  });

  it('shows names as text everywhere', async () => {
    const { folder, dataset } = recorded();
    const page = reportPage(await readReport({ runs: [folder, folder], dataset }));
    const markup = markupOf(page);
    expect(markup).not.toContain('<script');
    expect(markup).not.toMatch(/\son\w+="/);
    expect(markup).not.toContain('" onmouseover');
    const text = '&#60;script&#62;alert(1)&#60;/script&#62;';
    expect(markup.split(text).length).toBeGreaterThan(10);
    expect(page.match(/<script/g)?.length).toBe(2);
    expect(page.match(/<\/title>/g)?.length).toBe(page.match(/<title/g)?.length);
  });

  it('shows the names of runs as text, alone and compared', async () => {
    const { folder } = recorded();
    const data = await readReport({ runs: [folder, folder] });
    const [first, second] = data.runs;
    const runs = [
      { ...first, name: SCRIPT },
      { ...second, name: ATTRIBUTE },
    ];
    for (const shown of [runs, runs.slice(0, 1), runs.slice(1)]) {
      const page = reportPage({ ...data, runs: shown });
      const markup = markupOf(page);
      expect(markup).not.toContain('<script');
      expect(markup).not.toMatch(/\son\w+="/);
      expect(page.match(/<script/g)?.length).toBe(2);
      expect(page).toContain(shown[0].name === SCRIPT ? '&#60;script&#62;alert(1)' : '&#34; onmouseover=');
    }
  });

  it('says in the first section whether the places matter, and calls nothing else a finding', async () => {
    const { folder } = recorded();
    const { runs, ...data } = await readReport({ runs: [folder] });
    const [run] = runs;
    const summaryWith = (low: number) => {
      const controls = run.controls.map((control) => ({
        ...control,
        lead: {
          estimate: low + 0.01,
          interval95: [low, low + 0.02],
          gained: 9,
          lost: 1,
          pValue: 0.02,
        } as const,
      }));
      const page = markupOf(reportPage({ ...data, runs: [{ ...run, controls }] }));
      return /<section id="summary".*?<\/section>/s.exec(page)?.[0] ?? '';
    };
    expect(summaryWith(0.01)).toContain('<strong>The places matter:</strong> at as many pixels, the patches');
    expect(summaryWith(-0.01)).toContain('<strong>Not a finding:</strong> at as many pixels');
    expect(summaryWith(-0.01)).not.toMatch(/places matter|[Ff]ound/);
    expect(summaryWith(-0.01)).toContain('Lead over the whole face at as many parameters: 0.0 points');
  });

  it('does not compare a short training with a full one', async () => {
    const { copy, result } = recorded();
    const folder = copy();
    for (const name of ['result.json', 'maps', 'models']) rmSync(join(folder, name), { recursive: true });
    const page = markupOf(reportPage(await readReport({ runs: [folder] }), { live: true }));
    const [, figure = ''] = /<dt>accuracy in the search<\/dt><dd>(.*?)<\/dd>/s.exec(page) ?? [];
    expect(figure).toContain(formatShare(result.front[0].accuracy));
    expect(figure).toContain('not to be compared with a baseline trained in full');
    expect(figure).not.toMatch(/baseline \d/);
  });

  it('explains a fall of the hypervolume by trainings with further seeds', async () => {
    const { folder } = recorded();
    const { runs, ...data } = await readReport({ runs: [folder] });
    const [run] = runs;
    const falling = (values: number[]) => {
      const history = values.map((hypervolume, index) => ({ ...run.history[0], index, hypervolume }));
      return markupOf(reportPage({ ...data, runs: [{ ...run, history }] }));
    };
    expect(falling([0.3, 0.4, 0.35])).toContain('It falls after generation 3: in the last third');
    expect(falling([0.3, 0.4, 0.4])).not.toContain('It falls');
    expect(falling([0.3, 0.2, 0.4])).not.toContain('It falls'); // too early for further seeds
  });

  it('folds the sections of several runs, and shows each explanation once', async () => {
    const { folder, dataset } = recorded();
    const one = markupOf(reportPage(await readReport({ runs: [folder], dataset })));
    const two = markupOf(reportPage(await readReport({ runs: [folder, folder], dataset })));
    expect(one).not.toContain('<details class="run">');
    expect(two.match(/<details class="run">/g)?.length).toBeGreaterThan(10);
    for (const words of ['slides over', 'Hiding a patch replaces', 'Shares of the rise in loss']) {
      expect([one, two].map((page) => page.split(words).length - 1)).toEqual([1, 1]);
    }
    expect(two.match(/<div class="plot">/g)?.length).toBe(7); // two of sizes for each run; the others have legends
    expect(two.match(/class="legend"/g)?.length).toBe(3);
  });

  it('fetches nothing', async () => {
    const { folder, dataset } = recorded();
    const page = reportPage(await readReport({ runs: [folder], dataset }));
    const links = [...markupOf(page).matchAll(/\s(?:href|src|action|srcset|poster)="([^"]*)"/g)];
    expect(links.length).toBeGreaterThan(20);
    for (const [, address] of links) expect(address).toMatch(/^(#|data:image\/png;base64,)/);
    expect(page).not.toMatch(/https?:\/\/|@import|url\((?!#|data:)/);
    expect(page).toContain('default-src &#39;none&#39;');
    expect(page).toContain('connect-src &#39;none&#39;');
    expect(page).toContain('This file loads nothing from anywhere.');
    expect(page).not.toContain('EventSource');
    const live = reportPage(await readReport({ runs: [folder] }), { live: true });
    expect(live).toContain('connect-src &#39;self&#39;');
    expect(live).toContain('it loads nothing from anywhere else');
    expect(live).toContain('EventSource');
  });

  it('is complete without scripts', async () => {
    const { folder, dataset, result } = recorded();
    const page = reportPage(await readReport({ runs: [folder], dataset }));
    for (const { hash } of result.front) {
      expect(page).toContain(`data-genome="${hash}" href="#genome-${hash}"`);
      expect(page).toContain(`id="genome-${hash}"`);
    }
    const figures = [...page.matchAll(/<figure data-generation="(\d+)">/g)].map(([, number]) =>
      Number(number),
    );
    expect(figures).toEqual(
      result.history.filter(({ front }) => front.length > 0).map(({ index }) => index + 1),
    );
    expect(page).toContain('<input type="range" id="generation"');
    for (const id of [
      'summary',
      'comparison',
      'front',
      'maps',
      'attention',
      'regions',
      'ablation',
      'classes',
    ])
      expect(page).toContain(`<section id="${id}"`);
    expect(page).toContain('score of the true class most, on 32 validation faces');
    for (const id of ['groups', 'progress', 'controls', 'network', 'settings'])
      expect(page).toContain(`<section id="${id}"`);
  });

  it('has unique ids and headings in order', async () => {
    const { folder, dataset } = recorded();
    const page = markupOf(reportPage(await readReport({ runs: [folder, folder], dataset })));
    const ids = [...page.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const referred = [...page.matchAll(/\saria-labelledby="([^"]*)"/g)].flatMap(([, list]) =>
      list.split(' '),
    );
    for (const id of referred) expect(ids).toContain(id);
    const levels = [...page.matchAll(/<h(\d)/g)].map(([, level]) => Number(level));
    expect(levels.filter((level) => level === 1).length).toBe(1);
    for (const [index, level] of levels.entries())
      if (index > 0) expect(level - levels[index - 1]).toBeLessThan(2);
  });

  it('embeds its data for programs', async () => {
    const { folder, result } = recorded();
    const page = reportPage(await readReport({ runs: [folder] }));
    const json = /<script type="application\/json" id="report-data">(.*?)<\/script>/s.exec(page)?.[1] ?? '';
    const { runs } = JSON.parse(json);
    expect(runs[0].front).toEqual(result.front);
    expect(runs[0].dataset.classes[0]).toBe(SCRIPT);
  });

  it('shows a run that is not complete', async () => {
    const { copy } = recorded();
    const folder = copy();
    for (const name of ['result.json', 'maps', 'models']) rmSync(join(folder, name), { recursive: true });
    const page = reportPage(await readReport({ runs: [folder] }));
    expect(page).toContain('The run was interrupted after 3 of 3 generations and can be resumed.');
    expect(page).not.toContain('<section id="classes"');
    rmSync(join(folder, 'checkpoint.json'));
    rmSync(join(folder, 'checkpoint.previous.json'));
    expect(reportPage(await readReport({ runs: [folder] }))).toContain(
      'No genome has completed a short training yet.',
    );
  });

  it('stays below 5 MB for many long runs with large fronts', async () => {
    const { folder, dataset } = recorded();
    const page = reportPage(enlarged(await readReport({ runs: [folder], dataset })));
    expect(page.length).toBeGreaterThan(1e6);
    expect(Buffer.byteLength(page)).toBeLessThan(5e6);
  });
});

/** Makes ten runs of 200 generations, each with a front of 60. */
function enlarged({ runs: [run], ...data }: ReportData): ReportData {
  const grown = (number: number): ReportRun => ({
    ...run,
    name: `run ${number}`,
    front: Array.from({ length: 60 }, (_, index) => ({
      ...run.front[0],
      hash: `${number}`.padStart(4, '0') + `${index}`.padStart(60, '0'),
      parameters: 100 * index,
    })),
    history: Array.from({ length: 200 }, (_, index) => ({ ...run.history[run.history.length - 1], index })),
    frames: Array.from({ length: 20 }, (_, index) => ({ ...run.frames[0], generation: 10 * index })),
  });
  return { ...data, runs: Array.from({ length: 10 }, (_, number) => grown(number)) };
}
