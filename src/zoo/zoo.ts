import { EvopatchError } from '../core/errors.ts';
import { suggest } from '../core/suggest.ts';
import type { NetworkTarget } from '../genome/to-network-spec.ts';
import { baselineSpec } from '../genome/whole-face.ts';
import { FACE_FRAME } from '../landmarks/frame-geometry.ts';
import type { NetworkSpec } from '../network/spec.ts';
import { agrawalMittal } from './agrawal-mittal.ts';
import { ferDeep, ferShallow } from './fer-cnns.ts';
import {
  MICRO_EXP_NET_POOLS,
  MICRO_EXP_NET_SIZES,
  type MicroExpNetPools,
  type MicroExpNetSize,
  microExpNet,
  microExpNetCandidate,
} from './micro-exp-net.ts';
import { simpleCnn, simplerCnn } from './sequential-cnns.ts';
import { bigXception, miniXception, tinyXception } from './xception.ts';

/** The published figures of a network. */
export interface PublishedFigures {
  /** Parameters: `trained` by gradients, and `all` with the running statistics (as Keras counts). */
  readonly parameters?: { readonly trained: number; readonly all?: number };
  /** Share of FER2013 faces recognised; `note` says which faces. */
  readonly fer2013?: { readonly accuracy: number; readonly note: string };
}

/** A network of the literature. */
export interface ZooEntry {
  readonly title: string;
  readonly citation: string;
  /** Classes of the published network. */
  readonly classes: number;
  readonly published: PublishedFigures;
  readonly build: (target: NetworkTarget) => NetworkSpec;
}

const ARRIAGA = 'Arriaga, Valdenegro-Toro & Plöger 2017, arXiv 1710.07557';
const CUGU = 'Cugu, Sener & Akbas 2019, IPTA, arXiv 1711.07011';
const SLIDES = 'Bokanyi & Meszegeto, slides of the course VITMAV45, BME';
const SELECTED = 'on PublicTest and PrivateTest together, the faces that the epoch was selected by';
const SLIDES_TEST = 'on a test split that the slides do not describe';

function arriaga(
  title: string,
  build: ZooEntry['build'],
  trained: number,
  all: number,
  accuracy?: number,
): ZooEntry {
  const fer2013 = accuracy === undefined ? {} : { fer2013: { accuracy, note: SELECTED } };
  const published = { parameters: { trained, all }, ...fer2013 };
  return { title, citation: ARRIAGA, classes: 7, published, build };
}

/** Parameters by size, without the second pool and with it. */
const MICRO_PARAMETERS: Readonly<Record<MicroExpNetSize, readonly [number, number]>> = {
  m: [1_002_808, 900_920],
  s: [257_656, 232_184],
  xs: [133_464, 120_728],
  xxs: [71_368, 65_000],
};

function micro(pools: MicroExpNetPools, size: MicroExpNetSize): ZooEntry {
  const count = MICRO_PARAMETERS[size][pools === 'p2' || pools === 'p12' ? 1 : 0];
  return {
    title: `MicroExpNet, candidate ${pools}, ${size.toUpperCase()}`,
    citation: CUGU,
    classes: 8,
    published: { parameters: { trained: count } },
    build: (target) => microExpNetCandidate(target, pools, size),
  };
}

function slides(title: string, build: ZooEntry['build'], accuracy: number): ZooEntry {
  const fer2013 = { accuracy, note: SLIDES_TEST };
  return { title, citation: SLIDES, classes: 7, published: { fer2013 }, build };
}

const keysOf = <Key extends string>(record: Readonly<Record<Key, unknown>>) => Object.keys(record) as Key[];

const candidates = keysOf(MICRO_EXP_NET_POOLS).flatMap((pools) =>
  keysOf(MICRO_EXP_NET_SIZES).map((size) => [`microExpNet-${pools}-${size}`, micro(pools, size)] as const),
);

/**
 * The networks of the literature by name, with their published figures. The published parameters are counted from the
 * authors' code.
 */
export const ZOO: Readonly<Record<string, ZooEntry>> = {
  miniXception: arriaga('mini-Xception', miniXception, 56_951, 58_423, 0.66),
  tinyXception: arriaga('tiny-Xception', tinyXception, 17_574, 18_314),
  bigXception: arriaga('big-Xception', bigXception, 206_375, 208_871, 0.66),
  simpleCnn: arriaga('simple CNN', simpleCnn, 641_463, 642_935, 0.66),
  simplerCnn: arriaga('simpler CNN', simplerCnn, 557_815, 559_671),
  microExpNet: { ...micro('p12', 'xxs'), title: 'MicroExpNet', build: microExpNet },
  ...Object.fromEntries(candidates),
  agrawalMittal: {
    title: 'Agrawal & Mittal',
    citation: 'Agrawal & Mittal 2020, The Visual Computer 36, 405–412, doi 10.1007/s00371-019-01630-9',
    classes: 7,
    published: {
      parameters: { trained: 464_183 },
      fer2013: { accuracy: 0.6336, note: `built anew for the slides of ${SLIDES.split(',')[0]}` },
    },
    build: agrawalMittal,
  },
  ferShallow: slides('shallow CNN', ferShallow, 0.606),
  ferDeep: slides('deep CNN', ferDeep, 0.665),
  baseline: {
    title: 'baseline on the whole face',
    citation: 'evopatch',
    classes: 7,
    published: {},
    build: baselineSpec,
  },
};

/**
 * Builds a network of the zoo for a number of classes, by default the published one, and for the frames of a data set. It
 * reads the frame's face, without the border, at the size that the published network reads.
 *
 * @throws EvopatchError `INVALID_OPTION` for a name that is not in `ZOO`, or a number of classes below 1.
 */
export function zooNetwork(
  name: string,
  { classes, frame = FACE_FRAME }: Partial<NetworkTarget> = {},
): NetworkSpec {
  const entry = Object.hasOwn(ZOO, name) ? ZOO[name] : undefined;
  if (entry === undefined) {
    const near = suggest(name, Object.keys(ZOO));
    const hint = near === undefined ? `Known: ${Object.keys(ZOO).join(', ')}` : `Did you mean '${near}'?`;
    throw new EvopatchError('INVALID_OPTION', 'there is no such network', {
      option: 'network',
      given: name,
      hint,
    });
  }
  const count = classes ?? entry.classes;
  if (!Number.isInteger(count) || count < 1) {
    throw new EvopatchError('INVALID_OPTION', 'must be a whole number from 1', {
      option: 'classes',
      given: count,
    });
  }
  return entry.build({ classes: count, frame });
}
