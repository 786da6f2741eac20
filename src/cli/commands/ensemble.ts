import { costOf, ensembleOf } from '../../ensemble/ensemble.ts';
import { saveEnsemble } from '../../ensemble/ensemble-file.ts';
import { openEngine } from '../../nn/engine.ts';
import { readModel } from '../../nn/model-file.ts';
import { formatCount, formatMillions } from '../../summary/format.ts';
import { defineCommand, ENGINE_OPTION } from '../command.ts';

export const ensembleCommand = defineCommand({
  name: 'ensemble',
  summary: 'Make one model of several that answer together',
  description:
    'Puts saved models together in one file that evaluate and predict take: the mean of their probabilities.',
  options: {
    model: {
      kind: 'text',
      many: true,
      placeholder: 'FILE',
      description: 'A model to become a member; give several.',
      required: true,
    },
    out: { kind: 'text', placeholder: 'FILE', description: 'The file of the ensemble.', required: true },
    engine: ENGINE_OPTION,
  },
  examples: ['evopatch ensemble --model a.safetensors --model b.safetensors --out together.safetensors'],
  run: async (values) => {
    const engine = await openEngine(values.engine);
    const models = await Promise.all(
      values.model.map(async (name) => ({ name, model: await readModel(name, engine) })),
    );
    const ensemble = ensembleOf(models);
    await saveEnsemble(values.out, ensemble);
    const cost = costOf(ensemble.network);
    return {
      json: { ensemble: values.out, members: models.map(({ name }) => ({ model: name })), ...cost },
      text: [
        `${formatCount(models.length)} models, ${formatCount(cost.parameters)} parameters, ` +
          `${formatMillions(cost.macs)} multiply-accumulates a face in all`,
        `model: ${values.out}`,
      ].join('\n'),
    };
  },
});
