import { EvopatchError } from '../../core/errors.ts';
import { parseClassChoice } from '../../data/class-choice.ts';
import { costOf, Ensemble, singleNetwork } from '../../ensemble/ensemble.ts';
import { saveEnsemble } from '../../ensemble/ensemble-file.ts';
import type { AlignmentMethod } from '../../landmarks/alignment.ts';
import { openEngine } from '../../nn/engine.ts';
import { saveModel } from '../../nn/model-file.ts';
import { formatCount } from '../../summary/format.ts';
import { modelFromTfjs } from '../../tfjs/model-from-tfjs.ts';
import { readTfjs } from '../../tfjs/tfjs-folder.ts';
import type { ImportAnswer } from '../answers.ts';
import { DATA_OPTIONS, defineCommand } from '../command.ts';
import { IMPORTED } from '../outputs/output-forms.ts';

export const importCommand = defineCommand({
  name: 'import',
  summary: 'Make a model of one from TensorFlow.js',
  description:
    "Reads a layers model of TensorFlow.js, model.json with its weights, and writes it as a model of evopatch. One that 'evopatch export " +
    "--tfjs' wrote becomes the same model again, with the weights that it has now: it may have been trained further. Of others, a " +
    'chain of layers can be read that goes from grey faces, N×48×48×1 or in frames of 64×64, levels 0 to 255, to a softmax over ' +
    'classes; what cannot be read is named with its layer.',
  options: {
    tfjs: {
      kind: 'text',
      placeholder: 'DIR',
      input: 'run',
      description: 'The folder with model.json and the files of the weights.',
      required: true,
    },
    out: {
      kind: 'text',
      placeholder: 'FILE',
      output: IMPORTED,
      description: 'The .safetensors file of the model; it replaces an earlier one that was imported.',
      required: true,
    },
    classes: {
      kind: 'text',
      placeholder: 'LIST',
      description:
        'The names of the classes, comma-separated, in the order of the outputs; only for models that evopatch did not write.',
    },
    align: {
      ...DATA_OPTIONS.align,
      description:
        'How the faces were aligned that the model learnt from (see evolve); only for models that evopatch did not write.',
    },
  },
  examples: [
    'evopatch import --tfjs best-tfjs --out best.safetensors',
    'evopatch import --tfjs smiles --classes neutral,smiling --align none --out smiles.safetensors',
  ],
  run: async ({ tfjs, out, classes, align }) => {
    const artifacts = await readTfjs(tfjs);
    const options = {
      classes: classes === undefined ? undefined : namesOf(classes),
      align: align as AlignmentMethod | undefined,
    };
    const engine = await openEngine();
    const model = naming(tfjs, () => modelFromTfjs(artifacts, engine, options));
    const { network } = model;
    if (network instanceof Ensemble) await saveEnsemble(out, { ...model, network });
    else await saveModel(out, singleNetwork(model));
    const { parameters, macs } = costOf(network);
    const answer: ImportAnswer = {
      folder: tfjs,
      file: out,
      classes: model.classes,
      frame: model.frame,
      align: String(model.info.align ?? 'similarity'),
      parameters,
      macs,
    };
    return {
      json: answer,
      text: `${out}: ${formatCount(parameters)} parameters, ${model.classes.length} classes (${model.classes.join(', ')})`,
    };
  },
});

function namesOf(list: string): string[] {
  return parseClassChoice(list).map((entry) => {
    const [from, to] = typeof entry === 'string' ? [entry, entry] : entry;
    if (from === to) return to;
    const hint = "Write the names alone; a '\\\\' makes an equals sign part of a name";
    throw new EvopatchError('INVALID_OPTION', 'classes cannot be renamed here', {
      option: 'classes',
      given: list,
      hint,
    });
  });
}

/** Adds the folder to the errors of a model. */
function naming<Result>(folder: string, run: () => Result): Result {
  try {
    return run();
  } catch (cause) {
    if (!(cause instanceof EvopatchError) || cause.code === 'INVALID_OPTION') throw cause;
    throw new EvopatchError(cause.code, cause.problem, { ...cause.data, file: folder }, cause);
  }
}
