import type { Dataset } from '../../data/dataset.ts';
import type { EvolutionRun } from '../../evolution/start-run.ts';
import { type RunView, watchRun } from '../../report/watch-run.ts';
import type { EvolutionEvent } from '../../search/events.ts';
import { writeLine } from '../../summary/live-lines.ts';
import { RunProgress } from '../../summary/run-progress.ts';
import type { EvolveAnswer } from '../answers.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import { evolutionAnswer } from './evolution-answer.ts';

/** A run that is about to start or to be resumed. */
export interface ShownRun {
  readonly folder: string;
  /** The port of its page, 0 for any free one; `undefined` for no page. */
  readonly watch: number | undefined;
  readonly load: () => Promise<Dataset>;
  readonly start: (dataset: Dataset, onEvent: (event: EvolutionEvent) => void) => EvolutionRun;
}

/** Loads the data and runs the search; shows the progress as lines, and in a browser with `watch`. */
export async function showRun(
  shown: ShownRun,
  context: CommandContext,
): Promise<CommandResult<EvolveAnswer>> {
  let dataset: Dataset | undefined;
  const view = await openView(shown, () => dataset, context); // before loading, so that a port in use shows at once
  try {
    dataset = await shown.load();
    const progress = new RunProgress(context.progress);
    const run = shown.start(dataset, (event) => {
      progress.show(event);
      view?.show(event);
    });
    return await evolutionAnswer(await run.finally(progress.end), shown.folder);
  } finally {
    await view?.end();
  }
}

async function openView(
  { folder, watch }: ShownRun,
  dataset: () => Dataset | undefined,
  { progress }: CommandContext,
): Promise<RunView | undefined> {
  if (watch === undefined) return undefined;
  const view = await watchRun({ runFolder: folder, port: watch, dataset });
  writeLine(progress, `live view: ${view.url}`);
  return view;
}
