import { EvopatchError } from '../../core/errors.ts';
import { canonicalGenome } from '../../genome/canonical.ts';
import { parseGenome } from '../../genome/parse-genome.ts';
import { summarizePatch } from '../../genome/summarize.ts';
import type { AlignmentMethod } from '../../landmarks/alignment.ts';
import type { FaceSearch } from '../../landmarks/face-search.ts';
import { type ConsensusMap, consensusMap } from '../../maps/consensus.ts';
import type { Consistency } from '../../maps/consistency.ts';
import { MAP_COLORS, MAP_STYLES } from '../../maps/content.ts';
import type { Convergence } from '../../maps/convergence.ts';
import { SCALES } from '../../maps/look.ts';
import { meanFace } from '../../maps/mean-face.ts';
import { type PatchMapOptions, patchMap } from '../../maps/patch-map.ts';
import { WEIGHTINGS } from '../../maps/weights.ts';
import { openEngine } from '../../nn/engine.ts';
import { readSingleModel } from '../../nn/model-file.ts';
import { formatInterval, formatShare } from '../../summary/format.ts';
import { type CommandContext, DATA_OPTIONS, defineCommand } from '../command.ts';
import { loadData } from '../data/load-data.ts';
import { type MapPhoto, photoToJson, readMapPhoto } from '../maps/map-photo.ts';
import { type MapPlan, mapPlan } from '../maps/map-plan.ts';
import { MAP_SUBJECTS, readConvergence, readRuns } from '../maps/map-runs.ts';
import { alignOf } from '../models/model-align.ts';
import { MAP } from '../outputs/output-forms.ts';
import { readRun } from '../runs/run-files.ts';

const options = {
  model: { kind: 'text', placeholder: 'FILE', input: 'file', description: 'A model that evolve saved.' },
  run: {
    kind: 'text',
    placeholder: 'DIR',
    input: 'run',
    many: true,
    description:
      'The folder of a run; may be given several times, to map all of them and measure their consistency.',
  },
  of: {
    kind: 'text',
    placeholder: 'SET',
    choices: MAP_SUBJECTS,
    description:
      "The genomes of a run to map: the 'best', the 'front', the last 'population', or the fronts of all " +
      "'generations', one after another; of several runs the 'consensus': what most of their best read.",
    default: 'best',
  },
  weights: {
    kind: 'text',
    placeholder: 'BY',
    choices: WEIGHTINGS,
    description:
      "The weight of each network: by the 'rank' of its front (1, 1/2, 1/3, …), by its 'error' (1 for none, 0 for " +
      "that of guessing), or equal ('count').",
    default: 'rank for a population, else count',
  },
  out: {
    kind: 'text',
    placeholder: 'FILE',
    output: MAP,
    description:
      'The file to write; its ending chooses the format: .png, .svg, .csv (the grid) or .json; for generations also .apng ' +
      'or .gif (animated), while .png and .svg show some of them side by side. It replaces an earlier map.',
    required: true,
  },
  style: {
    kind: 'text',
    placeholder: 'STYLE',
    choices: MAP_STYLES,
    description:
      "'heat' colours pixels by the share of networks that read them, 'outlines' frames the patches.",
    default: 'outlines for one genome, heat for several',
  },
  colors: {
    kind: 'text',
    placeholder: 'SCALE',
    choices: MAP_COLORS,
    description: 'The colour scale.',
    default: 'viridis',
  },
  overlay: {
    kind: 'flag',
    description: 'Leave out face and legend, for a transparent picture to lay over a face or a photo.',
  },
  scale: {
    kind: 'integer',
    placeholder: 'N',
    ...SCALES,
    description: 'Picture pixels for each pixel of a face',
    default: '10; 8 for generations',
  },
  on: {
    kind: 'text',
    placeholder: 'PHOTO',
    input: 'file',
    description:
      'A photo to draw on instead of the mean face: on each of its faces, aligned as the data were.',
  },
  data: {
    ...DATA_OPTIONS.data,
    description: `Faces whose mean is drawn below the patches. ${DATA_OPTIONS.data.description}`,
    default: "the run's own mean face; for a model a drawing",
  },
  points: DATA_OPTIONS.points,
  align: { ...DATA_OPTIONS.align, default: "the model's, or the run's" },
  faces: DATA_OPTIONS.faces,
  cache: DATA_OPTIONS.cache,
  classes: DATA_OPTIONS.classes,
  votes: DATA_OPTIONS.votes,
  encoding: DATA_OPTIONS.encoding,
  'on-bad-image': DATA_OPTIONS['on-bad-image'],
} as const;

export const mapCommand = defineCommand({
  name: 'map',
  summary: 'Draw where a model, or the networks of a run, look',
  description:
    'Draws the patches of a genome over the mean face or on a photo; or the share of the networks of a front, a population ' +
    'or several runs that read each pixel; or how this share converges over the generations of a run. --json prints the ' +
    'numbers of the picture. In JSON and csv, generations count from 0.',
  options,
  headings: {
    'The picture': ['style', 'colors', 'overlay', 'scale'],
    'The background': [
      'on',
      'data',
      'points',
      'align',
      'faces',
      'cache',
      'classes',
      'votes',
      'encoding',
      'on-bad-image',
    ],
  },
  examples: [
    'evopatch map --run runs/first --out best.png',
    'evopatch map --run runs/first --of population --colors magma --out population.svg',
    'evopatch map --run runs/first --run runs/second --run runs/third --out consistency.png --json',
    'evopatch map --run runs/first --run runs/second --run runs/third --of consensus --out consensus.png',
    'evopatch map --run runs/first --of generations --out convergence.apng',
    'evopatch map --run runs/first --on photo.jpg --style heat --out photo.png',
    'evopatch map --model best.safetensors --overlay --scale 16 --out slide.png',
    'evopatch map --model best.safetensors --data synthetic:700 --out best.csv',
  ],
  run: async (values, context) => {
    const plan = mapPlan(values);
    const { subject, weighting, look, file } = plan;
    const source = await openSource(plan);
    const align = (values.align as AlignmentMethod | undefined) ?? source.align;
    const photo =
      values.on === undefined
        ? undefined
        : await readMapPhoto(values.on, align, (values.faces ?? 'auto') as FaceSearch, source.frame);
    const face = await readBelow({ ...values, align }, context);
    const below = { ...(face && { face }), ...(photo && { photo }) };
    if (subject === 'generations') {
      const convergence = await readConvergence(plan.runs[0], weighting, below);
      await convergence.save(file, look);
      return { json: { file, ...convergence.toJson() }, text: describeConvergence(file, convergence) };
    }
    const { content, consistency, warnings } =
      source.content === undefined
        ? await readRuns(plan.runs, subject, weighting)
        : { content: source.content, consistency: undefined, warnings: [] };
    if (subject === 'consensus') {
      const { frame, genomes, notes } = content;
      const consensus = consensusMap({ frame, genomes, face: content.face, notes, ...below });
      await consensus.save(file, look);
      const json = { file, ...consensus.toJson(), ...(consistency && { consistency }) };
      return { json, text: describeConsensus(file, consensus, consistency) };
    }
    const map = patchMap({ ...content, ...below });
    await map.save(file, look);
    return {
      json: {
        file,
        ...map.toJson(),
        ...(consistency && { consistency }),
        ...(photo && {
          photo: photoToJson(photo, { ...content, genomes: content.genomes.map(canonicalGenome) }),
        }),
      },
      text: [
        `file: ${file}`,
        ...describePhoto(photo),
        ...describeConsistency(consistency),
        ...warnings.map((warning) => `note: ${warning}`),
      ].join('\n'),
    };
  },
});

/** Reads frame and alignment of a model or a run, and the genome of a model. */
async function openSource({ model, runs }: MapPlan) {
  if (model === undefined) {
    const { frame, align } = (await readRun(runs[0])).dataset;
    return { frame, align, content: undefined };
  }
  const opened = await readSingleModel(model, await openEngine());
  const { genome, frame } = opened;
  if (genome === undefined) {
    throw new EvopatchError('INVALID_MODEL', 'the model has no genome, so no patches to draw', {
      file: model,
    });
  }
  const content: PatchMapOptions = { genomes: [parseGenome(genome)], frame };
  return { frame, align: alignOf(opened, model), content };
}

/** Loads the given faces and averages them. */
async function readBelow(
  values: Omit<Parameters<typeof loadData>[0], 'data'> & { readonly data?: string },
  context: CommandContext,
): Promise<Uint8Array | undefined> {
  const { data } = values;
  return data === undefined ? undefined : meanFace(await loadData({ ...values, data }, context));
}

function describeConvergence(file: string, { steps, convergedAt }: Convergence): string {
  const { generation: last } = steps[steps.length - 1];
  const convergence =
    convergedAt === last
      ? 'no: until the last generation the map of the front changed by more than a tenth'
      : `from generation ${convergedAt + 1} on the map of the front overlaps the last one by 90 % or more`;
  return [`file: ${file}`, `generations: ${steps.length}`, `convergence: ${convergence}`].join('\n');
}

function describeConsensus(file: string, map: ConsensusMap, consistency: Consistency | undefined): string {
  const { runs, patches, faceShare } = map.toJson();
  return [
    `file: ${file}`,
    `read by more than half of ${runs} runs: ${formatShare(faceShare)} of the face`,
    ...patches.map(
      ({ name, genomes, patch }) => `  ${genomes} of ${runs}: ${name} (${summarizePatch(patch)})`,
    ),
    ...describeConsistency(consistency),
  ].join('\n');
}

function describePhoto(photo: MapPhoto | undefined): string[] {
  if (photo === undefined) return [];
  const unaligned = photo.faces.filter(({ aligned }) => !aligned).length;
  return [`faces: ${photo.faces.length}${unaligned > 0 ? `, ${unaligned} of them not aligned` : ''}`];
}

function describeConsistency(consistency: Consistency | undefined): string[] {
  if (consistency === undefined) return [];
  const { score, spearman, overlap, random } = consistency;
  const fixed = (value: number | null) => (value === null ? 'unknown' : value.toFixed(2));
  return [
    `consistency: ${fixed(score)} (1: identical pixels, 0: like random layouts)`,
    `  rank correlation ${fixed(spearman)}; random layouts ${fixed(random.spearman.mean)} (${random.spearman.interval95.map(fixed).join(' to ')}; 99th percentile ${fixed(random.spearman.percentile99)})`,
    `  overlap ${formatShare(overlap)}; random layouts ${formatShare(random.overlap.mean)} (${formatInterval(random.overlap.interval95)})`,
  ];
}
