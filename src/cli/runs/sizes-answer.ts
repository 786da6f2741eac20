import type { EvolutionReport } from '../../run/result.ts';
import { type SizeStep, sizeLadder } from '../../summary/size-ladder.ts';
import type { SizeStepAnswer, SizesAnswer } from '../answers.ts';

type Sized = Pick<EvolutionReport, 'finalists'> & {
  readonly best: { readonly hash: string } | null;
  readonly dataset: Pick<EvolutionReport['dataset'], 'frame'>;
};

/** Lists the most accurate networks by size, without their genomes, which the result holds. */
export function sizesAnswer({ finalists, best, dataset }: Sized): SizesAnswer {
  const answer = ({ limit, finalist, holds }: SizeStep): SizeStepAnswer => {
    if (finalist === null) return { limit, holds, isChosen: false, network: null };
    const { hash, validationAccuracy, interval95, coveredPixels, parameters } = finalist;
    const network = { hash, validationAccuracy, interval95, coveredPixels, parameters };
    return { limit, holds, isChosen: hash === best?.hash, network };
  };
  const { pixels, parameters } = sizeLadder(finalists, dataset.frame);
  return { pixels: pixels.map(answer), parameters: parameters.map(answer) };
}
