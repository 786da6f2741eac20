import type { Ensemble } from '../ensemble/ensemble.ts';
import type { Graph } from './graph.ts';

/**
 * Adds what `combine` does to the answers of an ensemble's members.
 *
 * @param logits of each member, [N][classes]
 * @param output the name of the combined probabilities, [N][classes]
 */
export function addCombination(
  graph: Graph,
  logits: readonly string[],
  { combination, weights }: Ensemble,
  output: string,
): void {
  const add = combination === 'mean' ? addWeighted : addVotes;
  const parts = logits.map((name, member) => {
    const probabilities = graph.node('Softmax', [name], `member${member}/probabilities`, { axis: 1 });
    return add(graph, probabilities, { weights: weights[member], members: logits.length });
  });
  const sum = graph.node('Sum', parts, 'sum');
  const total = graph.node('ReduceSum', [sum, graph.integers('class-axis', [1])], 'total');
  graph.node('Div', [sum, total], output);
}

interface Member {
  readonly weights: readonly number[];
  /** Number of members. */
  readonly members: number;
}

function addWeighted(graph: Graph, probabilities: string, { weights }: Member): string {
  const factors = graph.constant(`${probabilities}/weights`, Float32Array.from(weights), [1, weights.length]);
  return graph.node('Mul', [probabilities, factors], `${probabilities}/weighted`);
}

function addVotes(graph: Graph, probabilities: string, { weights, members }: Member): string {
  const best = graph.node('ArgMax', [probabilities], `${probabilities}/best`, { axis: 1, keepdims: 0 });
  const classes = graph.integers('class-count', [weights.length]);
  const noneAndOne = graph.constant('none-and-one', Float32Array.of(0, 1));
  const vote = graph.node('OneHot', [best, classes, noneAndOne], `${probabilities}/vote`);
  const tieBreak = graph.constant('tie-break', Float32Array.of(1 / (members + 1)), []);
  const breaking = graph.node('Mul', [probabilities, tieBreak], `${probabilities}/tie-break`);
  return graph.node('Sum', [vote, breaking], `${probabilities}/votes`);
}
