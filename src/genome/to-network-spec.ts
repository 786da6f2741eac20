import type { FrameGeometry } from '../landmarks/frame-geometry.ts';
import type { BatchNormalizationLayer, LayerSpec, NetworkSpec, Size } from '../network/spec.ts';
import { canonicalGenome, genomeHash } from './canonical.ts';
import type { Genome, PatchGene } from './genome.ts';
import { NETWORK, type NetworkGenes } from './network-genes.ts';
import { mirrorImage, type Rectangle, rectangleOf } from './patches.ts';

/** What a network is built for. */
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
  /** Pixels of the frame along each side of one that the convolutions see. */
  readonly scale: PatchGene['scale'];
  /** Name of the earlier branch whose kernels this one uses. */
  readonly kernels?: string;
  /** Name of the earlier branch whose normalisation this one uses. */
  readonly normalization?: string;
}

/** Over each block of 16 samples, so that a block of samples runs through the network on its own. */
const STATISTICS: BatchNormalizationLayer['statistics'] = 'block';

/**
 * What the dense layer reads, branch by branch: once, or first the face and then its mirror image, in which every branch
 * gives way to the one that sees there what it saw here.
 */
export type Readings = readonly [readonly Branch[]] | readonly [readonly Branch[], readonly Branch[]];

/**
 * The network that a genome describes. Each patch gets a branch of blocks (one convolution, or two with a residual
 * connection, each with batch normalisation and ReLU, then a max-pool); what they end in is put together and read by a
 * dense layer and one logit a class. Where there are pairs the dense layer reads the face in both orders, each pair the other
 * way round the second time, and what it finds is added: the mirror image of a face shows the same expression, and of
 * pairs alone the network gives it exactly the same answer (pooling over a group, Cohen & Welling 2016, section 6).
 *
 * Layers are named after what they do: `patch1.scale` (which halves the resolution), `patch1.conv2`,
 * `patch1-mirror.conv2` (which shares the weights of the former), `dense`, `dense-mirror` (the second reading), `logits`; of a
 * separable convolution `patch1.depthwise2` comes before `patch1.conv2`.
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

/** The network of the patch family on any branches. */
export function branchedNetwork(
  name: string,
  readings: Readings,
  network: NetworkGenes,
  target: NetworkTarget,
): NetworkSpec {
  const branches = new Set(readings.flat());
  const layers = Array.from(branches).flatMap((branch) => branchLayers(branch, network));
  for (const [index, reading] of readings.entries()) layers.push(...denseLayers(reading, index > 0, network));
  let input = 'dense.relu';
  if (readings.length > 1) {
    layers.push({ kind: 'add', name: 'dense.sum', inputs: [input, 'dense-mirror.relu'] });
    input = 'dense.sum';
  }
  layers.push(...NETWORK.layers(network, input));
  input = layers[layers.length - 1].name;
  layers.push({ kind: 'dense', name: 'logits', input, units: target.classes, bias: true });
  return { name, frameSize: target.frame.size, classes: target.classes, layers };
}

/** The dense layer on what some branches end in; of the mirror image it shares its weights with the one of the face. */
function denseLayers(
  branches: readonly Branch[],
  ofMirror: boolean,
  { head, denseUnits }: Pick<NetworkGenes, 'head' | 'denseUnits'>,
): LayerSpec[] {
  const suffix = ofMirror ? '-mirror' : '';
  const sharing = (shares: string) => (ofMirror ? { shares } : {});
  const ends = branches.map((branch) => endOf(branch, head));
  const dense = `dense${suffix}`;
  const layers: LayerSpec[] = [];
  let input = ends[0];
  if (ends.length > 1) {
    input = `features${suffix}`;
    layers.push({ kind: 'concatenate', name: input, inputs: ends });
  }
  layers.push(
    { kind: 'dense', name: dense, input, units: denseUnits, bias: false, ...sharing('dense') },
    {
      kind: 'batch-normalization',
      name: `${dense}.norm`,
      input: dense,
      statistics: STATISTICS,
      ...sharing('dense.norm'),
    },
    { kind: 'relu', name: `${dense}.relu`, input: `${dense}.norm` },
  );
  return layers;
}

function branchLayers(
  branch: Branch,
  network: Pick<NetworkGenes, 'filters' | 'convolutions' | 'convolution' | 'kernel' | 'head'>,
): LayerSpec[] {
  const { name, rectangle, mirror, scale } = branch;
  const layers: LayerSpec[] = [{ kind: 'crop', name, ...rectangle, mirror }];
  const pool = { size: [2, 2], stride: 2, padding: 'valid' } as const;
  let input = name;
  if (scale === 2) {
    input = `${name}.scale`;
    layers.push({ kind: 'average-pool', name: input, input: name, ...pool });
  }
  let shorterSide = Math.floor(Math.min(rectangle.width, rectangle.height) / scale);
  for (const [index, filters] of network.filters.entries()) {
    const block = `${index + 1}`;
    const form = { filters, kernel: network.kernel, separable: network.convolution === 'separable' };
    const first = { ...form, separable: form.separable && index > 0 };
    layers.push(...convolutionLayers(branch, block, input, first));
    input = `${name}.relu${block}`;
    if (network.convolutions === 2) {
      layers.push(...convolutionLayers(branch, `${block}b`, input, form, input));
      input = `${name}.relu${block}b`;
    }
    // A map of one row or column cannot be halved: what is too small for a pool goes on as it is.
    if (shorterSide < 2) continue;
    shorterSide = Math.floor(shorterSide / 2);
    layers.push({ kind: 'max-pool', name: `${name}.pool${block}`, input, ...pool });
    input = `${name}.pool${block}`;
  }
  const end = endOf(branch, network.head);
  layers.push({ kind: network.head === 'flatten' ? 'flatten' : 'global-average-pool', name: end, input });
  return layers;
}

/** A convolution with its normalisation and ReLU; what the layer `residual` gives is added before the ReLU. */
function convolutionLayers(
  branch: Branch,
  part: string,
  input: string,
  { filters, kernel, separable }: { filters: number; kernel: number; separable: boolean },
  residual?: string,
): LayerSpec[] {
  const layer = (kind: string) => `${branch.name}.${kind}${part}`;
  const sharing = (owner: string | undefined, kind: string) =>
    owner === undefined ? {} : { shares: `${owner}.${kind}${part}` };
  const window = { stride: 1, padding: 'same', bias: false } as const;
  const places: Size = [kernel, kernel];
  const layers: LayerSpec[] = [];
  if (separable) {
    const shares = sharing(branch.kernels, 'depthwise');
    layers.push({
      kind: 'depthwise-conv2d',
      name: layer('depthwise'),
      input,
      kernel: places,
      ...window,
      ...shares,
    });
  }
  layers.push(
    {
      kind: 'conv2d',
      name: layer('conv'),
      input: separable ? layer('depthwise') : input,
      filters,
      kernel: separable ? [1, 1] : places,
      ...window,
      ...sharing(branch.kernels, 'conv'),
    },
    {
      kind: 'batch-normalization',
      name: layer('norm'),
      input: layer('conv'),
      statistics: STATISTICS,
      ...sharing(branch.normalization, 'norm'),
    },
  );
  if (residual !== undefined) {
    layers.push({ kind: 'add', name: layer('add'), inputs: [layer('norm'), residual] });
  }
  layers.push({
    kind: 'relu',
    name: layer('relu'),
    input: residual === undefined ? layer('norm') : layer('add'),
  });
  return layers;
}

/** Name of the last layer of a branch. */
function endOf(branch: Branch, head: NetworkGenes['head']): string {
  return `${branch.name}.${head === 'flatten' ? 'flatten' : 'mean'}`;
}
