import { EvopatchError } from '../../core/errors.ts';
import { parseGenome } from '../../genome/parse-genome.ts';
import { meanFace } from '../../maps/mean-face.ts';
import { type PatchMapOptions, patchMap } from '../../maps/patch-map.ts';
import { rankWeight } from '../../maps/weights.ts';
import { openEngine } from '../../nn/engine.ts';
import { readModel } from '../../nn/model-file.ts';
import { DATA_OPTIONS, defineCommand } from '../command.ts';
import { loadData } from '../load-data.ts';
import { readFace, readRun } from '../run-files.ts';
import { exactlyOne } from '../sources.ts';

export const mapCommand = defineCommand({
  name: 'map',
  summary: 'Draw where a model, or the networks of a run, look',
  description:
    'Draws the patches of a genome over the mean face, or with --population the share of the networks of a whole ' +
    'run that read each pixel. --json prints the numbers behind the picture.',
  options: {
    model: { kind: 'text', placeholder: 'FILE', description: 'A model that evolve saved.' },
    run: { kind: 'text', placeholder: 'DIR', description: 'The folder of a run.' },
    population: {
      kind: 'flag',
      description: 'With --run: all networks of the last population, weighted by rank.',
    },
    data: {
      ...DATA_OPTIONS.data,
      description: `Faces whose mean is drawn below the patches. ${DATA_OPTIONS.data.description}`,
      default: "the run's own mean face; for a model a drawing",
    },
    points: DATA_OPTIONS.points,
    align: DATA_OPTIONS.align,
    faces: DATA_OPTIONS.faces,
    cache: DATA_OPTIONS.cache,
    'on-bad-image': DATA_OPTIONS['on-bad-image'],
    out: { kind: 'text', placeholder: 'PNG', description: 'The picture to write.', required: true },
    scale: {
      kind: 'integer',
      placeholder: 'N',
      minimum: 4,
      maximum: 32,
      description: 'Picture pixels for each pixel of a face',
      default: '10',
    },
  },
  examples: [
    'evopatch map --run runs/first --out best.png',
    'evopatch map --run runs/first --population --scale 16 --out population.png',
    'evopatch map --model best.safetensors --data synthetic:700 --out best.png --json',
  ],
  run: async (values, context) => {
    const { model, run, population, data, points } = values;
    const source = exactlyOne({ model, run });
    if (population && source.name === 'model') {
      const hint = 'A model is one network; give --run DIR';
      throw new EvopatchError('INVALID_OPTION', 'only a run has a population', {
        option: '--population',
        hint,
      });
    }
    if (points !== undefined && data === undefined) {
      throw new EvopatchError('INVALID_OPTION', 'points need the faces that they are on', {
        option: '--points',
        hint: 'Give --data PATH too',
      });
    }
    const content =
      source.name === 'model' ? await fromModel(source.value) : await fromRun(source.value, population);
    const face = data === undefined ? content.face : meanFace(await loadData({ ...values, data }, context));
    const map = patchMap({ ...content, face });
    await map.savePng(values.out, { scale: values.scale });
    return { json: { picture: values.out, ...map.toJson() }, text: `picture: ${values.out}` };
  },
});

async function fromModel(file: string): Promise<PatchMapOptions> {
  const { genome, frame } = await readModel(file, await openEngine());
  if (genome === undefined) {
    throw new EvopatchError('INVALID_MODEL', 'the model has no genome, so no patches to draw', { file });
  }
  return { genomes: [parseGenome(genome)], frame };
}

async function fromRun(folder: string, wholePopulation: boolean): Promise<PatchMapOptions> {
  const { best, population, dataset } = await readRun(folder);
  const over = { frame: dataset.frame, face: await readFace(folder) };
  if (!wholePopulation) return { ...over, title: 'Best genome', genomes: [best.genome] };
  return {
    ...over,
    genomes: population.map(({ genome }) => genome),
    weights: population.map(({ rank }) => rankWeight(rank)),
  };
}
