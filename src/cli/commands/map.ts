import { extname } from 'node:path';
import { EvopatchError } from '../../core/errors.ts';
import { canonicalGenome } from '../../genome/canonical.ts';
import { parseGenome } from '../../genome/parse-genome.ts';
import type { AlignmentMethod } from '../../landmarks/alignment.ts';
import type { FaceSearch } from '../../landmarks/face-search.ts';
import type { Consistency } from '../../maps/consistency.ts';
import { MAP_COLORS, MAP_STYLES, type MapLook } from '../../maps/content.ts';
import { SCALES } from '../../maps/look.ts';
import { formatOf } from '../../maps/map-file.ts';
import { meanFace } from '../../maps/mean-face.ts';
import { type PatchMapOptions, patchMap } from '../../maps/patch-map.ts';
import type { Settling } from '../../maps/settling.ts';
import { WEIGHTINGS, type Weighting } from '../../maps/weights.ts';
import { openEngine } from '../../nn/engine.ts';
import { readModel } from '../../nn/model-file.ts';
import { formatShare } from '../../summary/format.ts';
import { type CommandContext, DATA_OPTIONS, defineCommand } from '../command.ts';
import { loadData } from '../load-data.ts';
import { type MapPhoto, photoToJson, readMapPhoto } from '../map-photo.ts';
import { MAP_SUBJECTS, type MapSubject, readRuns, readSettling } from '../map-runs.ts';
import { alignOf } from '../model-align.ts';
import { readRun } from '../run-files.ts';

const options = {
  model: { kind: 'text', placeholder: 'FILE', description: 'A model that evolve saved.' },
  run: {
    kind: 'text',
    placeholder: 'DIR',
    many: true,
    description: 'The folder of a run; given several times, all of them, with how consistent they are.',
  },
  of: {
    kind: 'text',
    placeholder: 'WHOM',
    choices: MAP_SUBJECTS,
    description:
      "Whose patches of a run: those of the 'best' genome, of the 'front', of the last 'population', or of the " +
      "fronts of all 'generations', one after the other.",
    default: 'best',
  },
  weights: {
    kind: 'text',
    placeholder: 'BY',
    choices: WEIGHTINGS,
    description:
      "How much each network counts: by the 'rank' of its front (1, 1/2, 1/3, …), by its 'error' (1 for none, 0 for " +
      "that of guessing), or all the same ('count').",
    default: 'rank for a population, else count',
  },
  out: {
    kind: 'text',
    placeholder: 'FILE',
    description:
      'The file to write, of the kind that its name ends in: .png or .svg, .csv (the grid) or .json; of generations ' +
      '.apng or .gif (animated) too, while .png and .svg show some side by side.',
    required: true,
  },
  style: {
    kind: 'text',
    placeholder: 'STYLE',
    choices: MAP_STYLES,
    description: "'heat' colours pixels by how much they are read, 'outlines' frames the patches.",
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
    description: 'Leave out face and legend: a transparent picture to be laid over a face or a photo.',
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
    description:
      'A photo to draw on, in place of the mean face: on each of its faces, aligned as the data were.',
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
  'on-bad-image': DATA_OPTIONS['on-bad-image'],
} as const;

export const mapCommand = defineCommand({
  name: 'map',
  summary: 'Draw where a model, or the networks of a run, look',
  description:
    'Draws the patches of a genome over the mean face or on a photo, or the share of the networks of a front, a ' +
    'population or several runs that read each pixel, or how that settles over the generations of a run. --json ' +
    'prints the numbers behind the picture.',
  options,
  headings: {
    'The picture': ['style', 'colors', 'overlay', 'scale'],
    'What it is drawn on': ['on', 'data', 'points', 'align', 'faces', 'cache', 'on-bad-image'],
  },
  examples: [
    'evopatch map --run runs/first --out best.png',
    'evopatch map --run runs/first --of population --colors magma --out population.svg',
    'evopatch map --run runs/first --run runs/second --run runs/third --out consistency.png --json',
    'evopatch map --run runs/first --of generations --out settling.apng',
    'evopatch map --run runs/first --on photo.jpg --style heat --out photo.png',
    'evopatch map --model best.safetensors --overlay --scale 16 --out slide.png',
    'evopatch map --model best.safetensors --data synthetic:700 --out best.csv',
  ],
  run: async (values, context) => {
    const plan = checkValues(values);
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
      const settling = await readSettling(plan.runs[0], weighting, below);
      await settling.save(file, look);
      return { json: { file, ...settling.toJson() }, text: describeSettling(file, settling) };
    }
    const { content, consistency, warnings } =
      source.content === undefined
        ? await readRuns(plan.runs, subject, weighting)
        : { content: source.content, consistency: undefined, warnings: [] };
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

/** What a command line asks for, once it makes sense. */
interface Plan {
  readonly model?: string;
  readonly runs: readonly string[];
  readonly subject: MapSubject;
  readonly weighting?: Weighting;
  readonly look: MapLook;
  readonly file: string;
}

/** @throws EvopatchError `INVALID_OPTION` for options that do not go together; it says what to do. */
function checkValues(values: {
  readonly model?: string;
  readonly run?: readonly string[];
  readonly of?: string;
  readonly weights?: string;
  readonly out: string;
  readonly style?: string;
  readonly colors?: string;
  readonly overlay: boolean;
  readonly scale?: number;
  readonly on?: string;
  readonly data?: string;
  readonly points?: string;
}): Plan {
  const { model, run: runs = [], out: file, on, data, points, overlay } = values;
  const { of = 'best', weights, style, colors, scale } = values;
  const refuse = (option: string, problem: string, hint: string) => {
    throw new EvopatchError('INVALID_OPTION', problem, { option, hint });
  };
  if ((model === undefined) === (runs.length === 0)) {
    const given = model === undefined ? 'none' : '--model and --run';
    throw new EvopatchError('INVALID_OPTION', 'give exactly one of --model, --run', { given });
  }
  if (model !== undefined && of !== 'best') {
    refuse(
      '--of',
      `only a run has ${of === 'generations' ? '' : 'a '}${of}`,
      'A model is one network; give --run DIR',
    );
  }
  if (of === 'generations' && runs.length > 1) {
    refuse('--of', 'generations are those of one run', 'Give one --run, or another --of for all of them');
  }
  if (weights !== undefined && of === 'best') {
    const hint = 'Give --of front, population or generations, or leave out --weights';
    refuse('--weights', 'a best genome has nothing to be weighed against', hint);
  }
  if (weights === 'rank' && of !== 'population') {
    refuse('--weights', 'all of a front have the same rank', 'Give --weights error or count');
  }
  const format = formatOf(
    file,
    of === 'generations' ? ['apng', 'gif', 'png', 'svg', 'csv', 'json'] : ['png', 'svg', 'csv', 'json'],
  );
  const asked = Object.entries({ style, colors, scale, on, overlay: overlay || undefined });
  const [picture] = asked.flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`]));
  if (picture !== undefined && (format === 'csv' || format === 'json')) {
    refuse(
      picture,
      `${extname(file)} holds numbers, no picture`,
      'Leave it out, or give --out another ending',
    );
  }
  if (of === 'generations' && (format === 'png' || format === 'svg') && (overlay || on !== undefined)) {
    const hint = 'Give --out a name that ends in .apng';
    refuse(overlay ? '--overlay' : '--on', 'maps side by side are on mean faces', hint);
  }
  if (overlay && format === 'gif') {
    refuse('--overlay', 'a GIF knows no half-transparent pixels', 'Give --out a name that ends in .apng');
  }
  if (scale !== undefined && on !== undefined) {
    refuse('--scale', 'a photo keeps its own pixels', 'Leave out --scale, or --on');
  }
  if (data !== undefined && (on !== undefined || overlay)) {
    const below = on === undefined ? 'an overlay has no face below it' : 'the map is drawn on the photo';
    refuse('--data', below, `Leave out --data, or ${on === undefined ? '--overlay' : '--on'}`);
  }
  if (points !== undefined && data === undefined) {
    refuse('--points', 'points need the faces that they are on', 'Give --data PATH too');
  }
  return {
    model,
    runs,
    subject: of as MapSubject,
    weighting: weights as Weighting | undefined,
    look: {
      ...(scale === undefined ? {} : { scale }),
      ...(style === undefined ? {} : { style: style as MapLook['style'] }),
      ...(colors === undefined ? {} : { colors: colors as MapLook['colors'] }),
      overlay,
    },
    file,
  };
}

/** Frame and alignment of what is drawn, and, of a model, its genome. */
async function openSource({ model, runs }: Plan) {
  if (model === undefined) {
    const { frame, align } = (await readRun(runs[0])).dataset;
    return { frame, align, content: undefined };
  }
  const opened = await readModel(model, await openEngine());
  const { genome, frame } = opened;
  if (genome === undefined) {
    throw new EvopatchError('INVALID_MODEL', 'the model has no genome, so no patches to draw', {
      file: model,
    });
  }
  const content: PatchMapOptions = { genomes: [parseGenome(genome)], frame };
  return { frame, align: alignOf(opened, model), content };
}

/** The mean of the faces that are given. */
async function readBelow(
  values: Omit<Parameters<typeof loadData>[0], 'data'> & { readonly data?: string },
  context: CommandContext,
): Promise<Uint8Array | undefined> {
  const { data } = values;
  return data === undefined ? undefined : meanFace(await loadData({ ...values, data }, context));
}

function describeSettling(file: string, { steps, settledAt }: Settling): string {
  const { generation: last } = steps[steps.length - 1];
  const settled =
    settledAt === last
      ? 'no: until the last generation the map of the front changed by more than a tenth'
      : `from generation ${settledAt} on the map of the front overlaps the last one by 90 % or more`;
  return [`file: ${file}`, `generations: ${steps.length}`, `settled: ${settled}`].join('\n');
}

function describePhoto(photo: MapPhoto | undefined): string[] {
  if (photo === undefined) return [];
  const loose = photo.faces.filter(({ aligned }) => !aligned).length;
  return [`faces: ${photo.faces.length}${loose > 0 ? `, ${loose} of them not aligned` : ''}`];
}

function describeConsistency(consistency: Consistency | undefined): string[] {
  if (consistency === undefined) return [];
  const { score, spearman, overlap, random } = consistency;
  const fixed = (value: number | null) => (value === null ? 'unknown' : value.toFixed(2));
  return [
    `consistency: ${fixed(score)} (1: the same pixels, 0: no more alike than random genomes)`,
    `  rank correlation ${fixed(spearman)}; random genomes ${fixed(random.spearman.mean)} (${random.spearman.interval95.map(fixed).join(' to ')})`,
    `  overlap ${formatShare(overlap)}; random genomes ${formatShare(random.overlap.mean)} (${random.overlap.interval95.map((one) => formatShare(one)).join(' to ')})`,
  ];
}
