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

/** Increase it whenever the form of the files or the outcome of a training changes. */
const FORMAT = 1;

/**
 * Opens a folder of evaluations that runs share, also at the same time: a file for each, named by its key, with its
 * weights beside it. Damaged files count as missing. A write failure is reported once and stops nothing.
 *
 * @throws EvopatchError `FILE_SYSTEM` if the folder cannot be made.
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
      // Any other failure may have been the fault of this machine.
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
