import type { FrameGeometry } from '../landmarks/frame-geometry.ts';
import {
  add,
  blocks,
  concatenate,
  conv2d,
  crop,
  type Drafts,
  dense,
  depthwise,
  flatten,
  globalPool,
  normalization,
  pool,
  relu,
  resize,
  writeNetwork,
} from '../network/notation.ts';
import type { BatchNormalizationLayer, NetworkSpec, PoolLayer } from '../network/spec.ts';
import { canonicalGenome } from './canonical.ts';
import type { Size } from './face-parts.ts';
import type { Genome } from './genome.ts';
import { genomeHash } from './genome-hash.ts';
import { NETWORK, type NetworkGenes } from './network-genes.ts';
import { mirrorImage, type Rectangle, rectangleOf } from './patches.ts';

/** Says what input and output a network is built for. */
export interface NetworkTarget {
  readonly classes: number;
  readonly frame: FrameGeometry;
}

/** A rectangle and the convolutions that read it. */
export interface Branch {
  readonly name: string;
  readonly rectangle: Rectangle;
  /** Whether the columns are reversed. */
  readonly mirror: boolean;
  /** Side of the squares of frame pixels that are averaged for the convolutions. */
  readonly scale: number;
  /** Size that the averages are then interpolated to. @defaultValue as they are */
  readonly size?: Size;
  /** Name of the earlier branch whose kernels this one uses. */
  readonly kernels?: string;
  /** Name of the earlier branch whose normalisation this one uses. */
  readonly normalization?: string;
}

/** Statistics over blocks of 16 samples let each block run through the network independently. */
const STATISTICS: BatchNormalizationLayer['statistics'] = 'block';

/**
 * Lists the branches that the dense layer reads: once, or for the face and again for its mirror image, where the halves of
 * each pair swap.
 */
export type Readings = readonly [readonly Branch[]] | readonly [readonly Branch[], readonly Branch[]];

/**
 * Builds the network that a genome describes. Each patch gets a branch of blocks (one convolution, or two with a residual
 * connection, each with batch normalisation and ReLU, then a pool). A dense layer reads the concatenated ends of the
 * branches, and the logits read the dense layer. If there are pairs, the dense layer reads the branches twice, with the
 * halves of each pair swapped the second time, and the two outputs are added, because the mirror image of a face shows the
 * same expression. A network of pairs alone gives a face and its mirror image exactly the same answer (pooling over a
 * group, Cohen & Welling 2016, section 6).
 *
 * Names say what layers do: `patch1.scale` (halves the resolution), `patch1.conv2`, `patch1-mirror.conv2` (shares the
 * weights of `patch1.conv2`), `dense`, `dense-mirror` (the second reading), `logits`. In a separable convolution
 * `patch1.depthwise2` comes before `patch1.conv2`.
 */
export function toNetworkSpec(genome: Genome, target: NetworkTarget): NetworkSpec {
  const { patches, network } = canonicalGenome(genome);
  const halves = patches.map((patch, index): Branch[] => {
    const name = `patch${index + 1}`;
    const kernels = network.branches === 'shared' && index > 0 ? 'patch1' : undefined;
    const { scale } = patch;
    const own = { name, rectangle: rectangleOf(patch, target.frame), mirror: false, scale, kernels };
    if (!patch.mirrored) return [own];
    const rectangle = rectangleOf(mirrorImage(patch), target.frame);
    const weights = { kernels: kernels ?? name, normalization: name };
    return [own, { name: `${name}-mirror`, rectangle, mirror: true, scale, ...weights }];
  });
  const readings: Readings = patches.some(({ mirrored }) => mirrored)
    ? [halves.flat(), halves.flatMap((branches) => branches.toReversed())]
    : [halves.flat()];
  return branchedNetwork(`patches-${genomeHash(genome).slice(0, 8)}`, readings, network, target);
}

/** Builds a network like those of genomes on any branches. */
export function branchedNetwork(
  name: string,
  readings: Readings,
  network: NetworkGenes,
  { classes, frame }: NetworkTarget,
): NetworkSpec {
  const branches = [...new Set(readings.flat())];
  return writeNetwork(name, frame.size, classes, {
    ...blocks(branches, (branch) => branchLayers(branch, network)),
    ...blocks(readings, (reading, number) => denseLayers(reading, number > 1, network)),
    ...(readings.length > 1 ? { 'dense.sum': add('dense.relu', 'dense-mirror.relu') } : {}),
    ...NETWORK.layers(network),
    logits: dense(classes),
  });
}

/** Makes the dense layer on the ends of some branches; the one of the mirror image shares the weights of the other. */
function denseLayers(
  branches: readonly Branch[],
  ofMirror: boolean,
  { head, denseUnits }: Pick<NetworkGenes, 'head' | 'denseUnits'>,
): Drafts {
  const suffix = ofMirror ? '-mirror' : '';
  const sharing = (shares: string) => (ofMirror ? { shares } : {});
  const ends = branches.map((branch) => endOf(branch, head));
  const input = ends.length > 1 ? `features${suffix}` : ends[0];
  return {
    ...(ends.length > 1 ? { [input]: concatenate(...ends) } : {}),
    [`dense${suffix}`]: dense(denseUnits, { input, bias: false, ...sharing('dense') }),
    [`dense${suffix}.norm`]: normalization(STATISTICS, sharing('dense.norm')),
    [`dense${suffix}.relu`]: relu(),
  };
}

function branchLayers(
  branch: Branch,
  network: Pick<NetworkGenes, 'filters' | 'convolutions' | 'convolution' | 'kernel' | 'head' | 'pooling'>,
): Drafts {
  const { name, rectangle, mirror, scale, size } = branch;
  const { kernel, head } = network;
  const separable = network.convolution === 'separable';
  const { x, y, width, height } = rectangle;
  const read = size ?? { width: Math.floor(width / scale), height: Math.floor(height / scale) };
  const shorterSide = Math.min(read.width, read.height);
  return {
    [name]: crop(width, height, { x, y, mirror }),
    ...(scale > 1
      ? { [`${name}.scale`]: pool('average-pool', scale, { stride: scale, padding: 'valid' }) }
      : {}),
    ...(size === undefined ? {} : { [`${name}.size`]: resize(size.width, size.height) }),
    ...blocks(network.filters, (filters, block) => ({
      ...convolutionLayers(branch, `${block}`, { filters, kernel, separable: separable && block > 1 }),
      ...(network.convolutions === 2
        ? convolutionLayers(branch, `${block}b`, { filters, kernel, separable }, `${name}.relu${block}`)
        : {}),
      // A map of one row or column cannot be halved, so blocks on small maps have no pool.
      ...(shorterSide >= 2 ** block ? poolLayers(`${name}.pool${block}`, network.pooling) : {}),
    })),
    [endOf(branch, head)]: head === 'flatten' ? flatten() : globalPool(),
  };
}

/** Makes a convolution with its normalisation and ReLU; the output of the layer `residual` is added before the ReLU. */
function convolutionLayers(
  branch: Branch,
  part: string,
  { filters, kernel, separable }: { filters: number; kernel: number; separable: boolean },
  residual?: string,
): Drafts {
  const layer = (kind: string) => `${branch.name}.${kind}${part}`;
  const sharing = (owner: string | undefined, kind: string) =>
    owner === undefined ? {} : { shares: `${owner}.${kind}${part}` };
  const options = (kind: string) => ({ bias: false, ...sharing(branch.kernels, kind) });
  return {
    ...(separable ? { [layer('depthwise')]: depthwise(kernel, options('depthwise')) } : {}),
    [layer('conv')]: conv2d(filters, separable ? 1 : kernel, options('conv')),
    [layer('norm')]: normalization(STATISTICS, sharing(branch.normalization, 'norm')),
    ...(residual === undefined ? {} : { [layer('add')]: add(layer('norm'), residual) }),
    [layer('relu')]: relu(),
  };
}

/** Halves a map. */
function poolLayers(name: string, pooling: NetworkGenes['pooling']): Drafts {
  const halve = (kind: PoolLayer['kind']) => pool(kind, 2, { padding: 'valid' });
  if (pooling === 'max') return { [name]: halve('max-pool') };
  return { [`${name}.maxima`]: pool('max-pool', 2, { stride: 1 }), [name]: halve('average-pool') };
}

/** Names the last layer of a branch. */
function endOf(branch: Branch, head: NetworkGenes['head']): string {
  return `${branch.name}.${head === 'flatten' ? 'flatten' : 'mean'}`;
}
