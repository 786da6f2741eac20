import type { EvaluationRecord, EvolutionEvent, GenerationRecord } from '../search/events.ts';
import { formatCount, formatShare } from './format.ts';

/**
 * Describes a milestone of a run in one line; `undefined` for other events.
 *
 * @param live whether a display already shows generations and checkpoints
 */
export function describeEvent(event: EvolutionEvent, live: boolean): string | undefined {
  switch (event.type) {
    case 'start': {
      const { completed, total } = event.progress;
      return completed > 0
        ? `${total - completed} of ${total} networks left to train`
        : `${total} networks to train`;
    }
    case 'generation':
      return live ? undefined : describeGeneration(event.generation);
    case 'checkpoint':
      return live ? undefined : `checkpoint after generation ${event.generation + 1}`;
    case 'warning':
      return `warning: ${event.message}`;
    case 'baseline': {
      const { parameters, validationAccuracy } = event.baseline;
      return `full-face baseline, trained in full: ${formatShare(validationAccuracy)} with ${formatCount(parameters)} parameters`;
    }
    case 'final': {
      const best = event.finalists.map(({ validationAccuracy }) => formatShare(validationAccuracy));
      return best.length > 0 ? `finalists, trained in full: ${best.join(', ')}` : undefined;
    }
    case 'evaluation':
      return event.evaluation.purpose === 'control' ? describeControl(event.evaluation) : undefined;
    case 'promotion':
      return undefined;
  }
}

function describeGeneration({ index, front, failures, hypervolume }: GenerationRecord): string {
  const number = `generation ${index + 1}`;
  const failed = failures > 0 ? `, ${failures} failed` : '';
  if (front.length === 0) return `${number}: no genome has completed the short training yet${failed}`;
  const [best] = front.toSorted((a, b) => a.loss - b.loss);
  const smallest = Math.min(...front.map(({ parameters }) => parameters));
  return (
    `${number}: best ${formatShare(best.accuracy)} after short training, with ${formatCount(best.parameters)} parameters, ` +
    `smallest ${formatCount(smallest)}, ${front.length} on the front, hypervolume ${hypervolume.toFixed(4)}${failed}`
  );
}

function describeControl({ network, accuracy, parameters, message }: EvaluationRecord): string {
  if (accuracy === undefined || parameters === undefined) return `control ${network}: failed (${message})`;
  return `control ${network}: ${formatShare(accuracy)} with ${formatCount(parameters)} parameters`;
}
