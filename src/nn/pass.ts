import type { NetworkSpec } from '../network/spec.ts';
import { type Inputs, type Pass, VIEW_WORDS } from './forward-steps.ts';
import type { LayerGraph } from './layer-graph.ts';
import { LANES, type Layout, type Tensor } from './layout.ts';
import type { ParameterPlan } from './parameters.ts';
import { outputHalo, Placement } from './placement.ts';

/** Reserves the memory of a network's inputs. */
export function placeInputs(spec: NetworkSpec, layout: Layout, batchSize: number): Inputs {
  return {
    frameSize: spec.frameSize,
    frames: layout.reserve(Math.ceil((batchSize * spec.frameSize ** 2) / 4)),
    samples: layout.reserve(VIEW_WORDS * batchSize),
    statistics: layout.reserve(2 * batchSize),
    dropoutSeed: layout.reserve(1),
  };
}

/**
 * Prepares a pass of a graph over an arena. Each output has a tensor for every block if `perBlock`, one for all if not.
 *
 * @param shared whether threads share the pass
 * @param gradient whether a gradient follows
 */
export function makePass(
  graph: LayerGraph,
  layout: Layout,
  parameters: ParameterPlan,
  inputs: Inputs,
  training: boolean,
  { perBlock = false, shared = false, gradient = training } = {},
): Pass {
  const statistics = new Map<string, Tensor>();
  return {
    graph,
    outputs: new Placement(graph, layout, perBlock, (name) => outputHalo(graph, name)),
    parameters,
    inputs,
    training,
    perBlock,
    shared,
    padded: new Map(),
    choices: gradient ? new Map() : undefined,
    statisticsOf: (name) => {
      const known = statistics.get(name);
      if (known) return known;
      // Rows of one number per channel, as in kernels/normalization.c; a position is LANES floats.
      const { layer, output } = graph.get(name);
      const positions = Math.ceil(((training ? 5 : 2) * output.channels) / LANES);
      const ofBlocks = layer.kind === 'batch-normalization' && layer.statistics === 'block';
      const placed = layout.tensor({ channels: 1, height: 1, width: positions }, perBlock && ofBlocks);
      statistics.set(name, placed);
      return placed;
    },
  };
}

/** Whether a layer waits for statistics of the whole batch, so that the pass must keep the values of every block. */
export function hasBatchStatistics(graph: LayerGraph): boolean {
  return graph.layers.some(
    ({ layer }) => layer.kind === 'batch-normalization' && layer.statistics === 'batch',
  );
}
