import { join } from 'node:path';
import { genomeParts } from '../../genome/patch-parts.ts';
import { mapFile, runFile } from '../../run/file-names.ts';
import type { EvolutionResult } from '../../run/result.ts';
import { compareNetworks, formatComparison } from '../../summary/compare-networks.ts';
import type { EvolveAnswer } from '../answers.ts';
import type { CommandResult } from '../command.ts';
import { sizesAnswer } from './sizes-answer.ts';

/** Describes the result of a run, new or resumed. */
export async function evolutionAnswer(
  result: EvolutionResult,
  folder: string,
): Promise<CommandResult<EvolveAnswer>> {
  const networks = await compareNetworks(result);
  const interrupted = result.status === 'aborted';
  return {
    interrupted,
    json: { ...result, folder, networks, sizes: sizesAnswer(result) },
    text: [
      ...(interrupted
        ? [`Interrupted: this is the best so far. To continue: evopatch resume ${folder}`, '']
        : []),
      formatComparison(networks, result),
      '',
      `best genome: ${result.best.summary}`,
      `it reads:    ${genomeParts(result.best.genome, result.dataset.frame)}`,
      `picture:     ${mapFile(folder, 'best', 'png')}`,
      ...(result.best.model === null ? [] : [`model:       ${join(folder, result.best.model)}`]),
      `result:      ${runFile(folder, 'result')}`,
    ].join('\n'),
  };
}
