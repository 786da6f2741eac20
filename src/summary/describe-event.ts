import type { EvolutionEvent } from '../evolution/events.ts';
import { formatCount, formatShare } from './format.ts';

/** What a milestone of a run is, in one line; `undefined` for what happens all the time. */
export function describeEvent(event: EvolutionEvent): string | undefined {
  switch (event.type) {
    case 'start':
      return `${event.progress.total} networks to train`;
    case 'generation': {
      const { index, front, failures } = event.generation;
      const [best] = front.toSorted((a, b) => a.loss - b.loss);
      const smallest = Math.min(...front.map(({ parameters }) => parameters));
      const failed = failures > 0 ? `, ${failures} failed` : '';
      return (
        `generation ${index + 1}: best ${formatShare(best.accuracy)} with ${formatCount(best.parameters)} parameters, ` +
        `smallest ${formatCount(smallest)}, ${front.length} on the front${failed}`
      );
    }
    case 'baseline': {
      const { parameters, validationAccuracy } = event.baseline;
      return `full-face baseline: ${formatShare(validationAccuracy)} with ${formatCount(parameters)} parameters`;
    }
    case 'final': {
      const best = event.finalists.map(({ validationAccuracy }) => formatShare(validationAccuracy));
      return best.length > 0 ? `finalists, trained in full: ${best.join(', ')}` : undefined;
    }
    case 'warning':
      return `warning: ${event.message}`;
    case 'evaluation':
    case 'promotion':
    case 'checkpoint':
      return undefined;
  }
}
