import type { FrameGeometry } from '../landmarks/frame-geometry.ts';
import type { BatchNormalizationLayer, LayerSpec, NetworkSpec } from '../network/spec.ts';
import { canonicalGenome, genomeHash } from './canonical.ts';
import type { Genome, NetworkGenes } from './genome.ts';
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
  /** Name of the earlier branch whose weights this one uses. */
  readonly shares?: string;
}

/** Over each block of 16 samples, so that a block of samples runs through the network on its own. */
const STATISTICS: BatchNormalizationLayer['statistics'] = 'block';

/**
 * The network that a genome describes. Each patch gets a branch of blocks (one or two convolutions, each with
 * batch normalisation and ReLU, then a max-pool); what they end in is put together and read by a dense layer and one logit a class. Layers are named after
 * what they do: `patch1.conv2`, `patch1-mirror.conv2` (which shares the weights of the former), `dense`, `logits`.
 */
export function toNetworkSpec(genome: Genome, target: NetworkTarget): NetworkSpec {
  const branches = canonicalGenome(genome).patches.flatMap((patch, index): Branch[] => {
    const name = `patch${index + 1}`;
    const own = { name, rectangle: rectangleOf(patch, target.frame), mirror: false };
    if (!patch.mirrored) return [own];
    const rectangle = rectangleOf(mirrorImage(patch), target.frame);
    return [own, { name: `${name}-mirror`, rectangle, mirror: true, shares: name }];
  });
  return branchedNetwork(`patches-${genomeHash(genome).slice(0, 8)}`, branches, genome.network, target);
}

/** The network of the patch family on any branches. */
export function branchedNetwork(
  name: string,
  branches: readonly Branch[],
  network: Omit<NetworkGenes, 'dropout'> & { readonly dropout: number },
  target: NetworkTarget,
): NetworkSpec {
  const layers = branches.flatMap((branch) => branchLayers(branch, network));
  const ends = branches.map((branch) => endOf(branch, network.head));
  let input = ends[0];
  if (ends.length > 1) {
    input = 'features';
    layers.push({ kind: 'concatenate', name: input, inputs: ends });
  }
  layers.push(
    { kind: 'dense', name: 'dense', input, units: network.denseUnits, bias: false },
    { kind: 'batch-normalization', name: 'dense.norm', input: 'dense', statistics: STATISTICS },
    { kind: 'relu', name: 'dense.relu', input: 'dense.norm' },
  );
  input = 'dense.relu';
  if (network.dropout > 0) {
    layers.push({ kind: 'dropout', name: 'dense.dropout', input, rate: network.dropout });
    input = 'dense.dropout';
  }
  layers.push({ kind: 'dense', name: 'logits', input, units: target.classes, bias: true });
  return { name, frameSize: target.frame.size, classes: target.classes, layers };
}

function branchLayers(
  branch: Branch,
  network: Pick<NetworkGenes, 'filters' | 'convolutions' | 'kernel' | 'head'>,
): LayerSpec[] {
  const { name, rectangle, mirror } = branch;
  const layers: LayerSpec[] = [{ kind: 'crop', name, ...rectangle, mirror }];
  let input = name;
  let shorterSide = Math.min(rectangle.width, rectangle.height);
  for (const [index, filters] of network.filters.entries()) {
    const block = `${index + 1}`;
    for (const part of [block, `${block}b`].slice(0, network.convolutions)) {
      layers.push(...convolutionLayers(branch, part, input, filters, network.kernel));
      input = `${name}.relu${part}`;
    }
    // A map of one row or column cannot be halved: what is too small for a pool goes on as it is.
    if (shorterSide < 2) continue;
    shorterSide = Math.floor(shorterSide / 2);
    const pool = `${name}.pool${block}`;
    layers.push({ kind: 'max-pool', name: pool, input, size: [2, 2], stride: 2, padding: 'valid' });
    input = pool;
  }
  const end = endOf(branch, network.head);
  layers.push({ kind: network.head === 'flatten' ? 'flatten' : 'global-average-pool', name: end, input });
  return layers;
}

/** A convolution with its normalisation and ReLU, sharing the weights of the branch that this one mirrors. */
function convolutionLayers(
  { name, shares }: Branch,
  part: string,
  input: string,
  filters: number,
  kernel: number,
): LayerSpec[] {
  const [conv, norm] = [`conv${part}`, `norm${part}`];
  const sharing = (layer: string) => (shares === undefined ? {} : { shares: `${shares}.${layer}` });
  const form = { filters, kernel: [kernel, kernel], stride: 1, padding: 'same', bias: false } as const;
  return [
    { kind: 'conv2d', name: `${name}.${conv}`, input, ...form, ...sharing(conv) },
    {
      kind: 'batch-normalization',
      name: `${name}.${norm}`,
      input: `${name}.${conv}`,
      statistics: STATISTICS,
      ...sharing(norm),
    },
    { kind: 'relu', name: `${name}.relu${part}`, input: `${name}.${norm}` },
  ];
}

/** Name of the last layer of a branch. */
function endOf(branch: Branch, head: NetworkGenes['head']): string {
  return `${branch.name}.${head === 'flatten' ? 'flatten' : 'mean'}`;
}
