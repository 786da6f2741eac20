import { join } from 'node:path';
import { writeFileAtomic } from '../core/atomic-file.ts';
import { decodeCheckedJson, encodeCheckedJson } from '../core/checked-json.ts';
import { makeFolder } from '../core/make-folder.ts';
import { readTextFile } from '../core/read-text.ts';
import { sweepInside } from '../core/temporary-file.ts';
import type { Evaluation } from './evaluation.ts';
import { evaluationFromJson, evaluationToJson } from './evaluation-record.ts';
import type { EvaluationStore } from './evaluation-store.ts';
import { readWeights, writeWeights } from './weights-file.ts';

/** Changes with the form of the files and with anything that changes what a training comes to. */
const FORMAT = 1;

/**
 * A folder of evaluations that runs share, also at the same time: a file for each, named by its key, with its weights
 * beside it. Files that are damaged count as missing. A failure to write is told of once, and stops nothing.
 *
 * @throws EvopatchError `FILE_SYSTEM` where the folder cannot be made.
 */
export async function openEvaluationFolder(
  folder: string,
  onWarning: (message: string) => void,
): Promise<EvaluationStore> {
  await makeFolder(folder);
  await sweepInside(folder, { recursive: true });
  let warned = false;
  const fileOf = (key: string, ending: string) => join(folder, key.slice(0, 2), `${key}.${ending}`);
  const write = async (key: string, evaluation: Evaluation) => {
    if (evaluation.status === 'ok' && evaluation.weights !== undefined) {
      await writeWeights(fileOf(key, 'safetensors'), evaluation.weights);
    }
    const content = { format: FORMAT, key, ...evaluationToJson(evaluation) };
    await writeFileAtomic(fileOf(key, 'json'), encodeCheckedJson(content));
  };
  return {
    async get(key) {
      try {
        const content = decodeCheckedJson(await readTextFile(fileOf(key, 'json')));
        if (content.format !== FORMAT || content.key !== key) return undefined;
        const { evaluation, hasWeights } = evaluationFromJson(content);
        if (!hasWeights || evaluation.status === 'failed') return evaluation;
        const weights = await readWeights(fileOf(key, 'safetensors'));
        return weights && { ...evaluation, weights };
      } catch {
        return undefined; // missing or damaged
      }
    },
    async put(key, evaluation) {
      // What was refused or thrown may have been the fault of this machine.
      if (evaluation.status === 'failed' && evaluation.reason !== 'diverged') return;
      try {
        await write(key, evaluation);
      } catch (cause) {
        if (!warned) onWarning(`evaluations are not kept for other runs: ${(cause as Error).message}`);
        warned = true;
      }
    },
  };
}
