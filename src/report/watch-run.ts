import { z } from 'zod';
import { html, trusted } from '../core/html.ts';
import { parse } from '../core/parse.ts';
import type { Dataset } from '../data/dataset.ts';
import type { EvolutionEvent } from '../search/events.ts';
import { formatCount, formatSeconds } from '../summary/format.ts';
import { initialStatus, paceOf, type RunStatus, statusAfter } from '../summary/run-status.ts';
import { type LiveProgress, serveReport } from './live-server.ts';
import { reportPage } from './page/page.ts';
import { liveScript } from './page/page-script.ts';
import { PAGE_STYLES } from './page/styles.ts';
import { readReport } from './read-report.ts';

/** How often those who look are told how far the run is. */
const TELL_MILLISECONDS = 500;

export interface WatchOptions {
  /** The folder of the run, there already or to come. */
  readonly runFolder: string;
  /** 1 to 65535, or 0 for any free one. @defaultValue 0 */
  readonly port?: number;
  /** The data of the run, by which the page tells classes apart. Asked for whenever the page is drawn, since the view may
   * begin before the data are loaded. */
  readonly dataset?: () => Dataset | undefined;
}

/** A run under view. */
export interface RunView {
  /**
   * Where it can be seen, on this machine alone and by nobody who is not told: as in `http://127.0.0.1:40213/kXo3…/`.
   */
  readonly url: string;
  /** Takes in an event of the run. */
  readonly show: (event: EvolutionEvent) => void;
  /** Gives those who look the last state, and ends. */
  readonly end: () => Promise<void>;
}

const optionsSchema = z.strictObject({
  runFolder: z.string().min(1),
  port: z.int().min(0).max(65_535).optional(),
  dataset: z.custom<WatchOptions['dataset']>((value) => typeof value === 'function').optional(),
});

/**
 * Serves the report of a run while the run goes on: at 127.0.0.1, read-only. The page follows the run by itself. It is drawn
 * from the files of the run, when somebody looks at it.
 *
 * ```ts
 * const view = await watchRun({ runFolder: 'runs/first' });
 * console.log(view.url);
 * const run = evolvePatches({ dataset, runFolder: 'runs/first', onEvent: view.show });
 * const result = await run.finally(view.end);
 * ```
 *
 * @throws EvopatchError `INVALID_OPTION`, also where the port is in use.
 */
export async function watchRun(options: WatchOptions): Promise<RunView> {
  const { runFolder, port, dataset } = parse(optionsSchema, options, 'INVALID_OPTION');
  const begin = performance.now();
  const now = () => (performance.now() - begin) / 1000;
  let status: RunStatus | undefined; // as soon as there is a folder to read
  let isTold = true;
  const server = await serveReport(async () => {
    if (status === undefined) return waitingPage();
    const data = await readReport({ runs: [runFolder], dataset: dataset?.() });
    return reportPage(data, { live: true });
  }, port);
  const tell = () => {
    if (status !== undefined && !isTold) server.progress(liveProgress(status, now()));
    isTold = true;
  };
  const timer = setInterval(tell, TELL_MILLISECONDS).unref();
  return {
    url: server.url,
    show: (event) => {
      status = statusAfter(status ?? initialStatus, event, now());
      isTold = false;
      if (CHANGES.has(event.type)) server.changed();
    },
    end: async () => {
      clearInterval(timer);
      server.changed(); // by now the result is written
      await server.close();
    },
  };
}

/** Events after which the files of a run tell more than before. */
const CHANGES: ReadonlySet<EvolutionEvent['type']> = new Set(['start', 'checkpoint', 'baseline', 'final']);

/** As in `Generation 3 of 20: 45 of 200 networks trained, about 40 s left.` */
function liveProgress(status: RunStatus, now: number): LiveProgress {
  const { phase, history, generations, progress } = status;
  const { left } = paceOf(status, now);
  const current = Math.min(history.length + 1, generations);
  const place = phase === 'search' ? `Generation ${current} of ${generations}` : PHASES[phase];
  const rest = left === undefined || left <= 0 ? '' : `, about ${formatSeconds(left)} left`;
  const counts = `${formatCount(progress.completed)} of ${formatCount(progress.total)} networks trained`;
  return { text: `${place}: ${counts}${rest}.`, ...progress };
}

const PHASES = { finalists: 'Finalists', 'random search': 'Random search', controls: 'Controls' } as const;

/** What there is to see before the first network is trained. */
function waitingPage(): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>evopatch: a run begins</title>
<style>${trusted(PAGE_STYLES)}</style>
</head>
<body>
<main id="main"><header><h1>The run begins</h1><p class="lead">The data are being loaded. The page goes on by itself.</p></header></main>
<script>${trusted(liveScript())}</script>
</body>
</html>
`.text;
}
