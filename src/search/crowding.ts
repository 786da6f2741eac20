import { ascendingOrder, lexicographic, lexicographicOrder } from './order.ts';

/**
 * The crowding distance of Deb et al. (2002), section III-B, of the members of a front, or of each of several: for each objective
 * the gap between the two neighbours, as a share of the front's range, summed. The ends of each objective get Infinity.
 *
 * Equal vectors crowd each other wholly: the first of them gets the distance of the one point that they are, the others
 * get 0. Ties in one objective keep the lexicographic order, so the distances do not depend on the order of the input
 * (except for which of equal vectors counts as the first). An objective that is the same for all adds nothing.
 *
 * @param vectors vectors of one length with finite values, none of which dominates another of its front
 * @param ranks the front of each, from 0; equal vectors share theirs. All fronts at once take a fraction of the time.
 * @defaultValue one front
 * @returns the distance of each vector, in the order of the input
 */
export function crowdingDistances(
  vectors: readonly (readonly number[])[],
  ranks: readonly number[] = vectors.map(() => 0),
): number[] {
  const distinct = distinctPlaces(vectors);
  const frontOf = new Uint32Array(distinct.length);
  for (let point = 0; point < distinct.length; point++) frontOf[point] = ranks[distinct[point]];
  const sizes: number[] = [];
  for (const front of frontOf) sizes[front] = (sizes[front] ?? 0) + 1;
  const gaps = new Float64Array(distinct.length);
  const values = new Float64Array(distinct.length);
  const inOrder = new Uint32Array(distinct.keys()); // by the first objective
  for (let m = 0; m < (vectors[0]?.length ?? 0); m++) {
    for (let point = 0; point < distinct.length; point++) values[point] = vectors[distinct[point]][m];
    addGaps(gaps, values, m === 0 ? inOrder : ascendingOrder(values), frontOf, sizes.length);
  }
  const distances = vectors.map(() => 0);
  for (let point = 0; point < distinct.length; point++) {
    distances[distinct[point]] = sizes[frontOf[point]] === 1 ? Number.POSITIVE_INFINITY : gaps[point];
  }
  return distances;
}

/** Places of the vectors in lexicographic order, without those that equal an earlier one. */
function distinctPlaces(vectors: readonly (readonly number[])[]): Uint32Array {
  const order = lexicographicOrder(vectors);
  let count = 0;
  for (let position = 0; position < order.length; position++) {
    const place = order[position];
    if (count > 0 && lexicographic(vectors[order[count - 1]], vectors[place]) === 0) continue;
    order[count++] = place;
  }
  return order.subarray(0, count);
}

/** Adds, to the gaps of points, those between their neighbours in one objective. */
function addGaps(
  gaps: Float64Array,
  values: Float64Array,
  order: Uint32Array,
  frontOf: Uint32Array,
  fronts: number,
): void {
  const lowest = new Float64Array(fronts).fill(Number.POSITIVE_INFINITY);
  const highest = new Float64Array(fronts).fill(Number.NEGATIVE_INFINITY);
  for (let point = 0; point < values.length; point++) {
    const front = frontOf[point];
    lowest[front] = Math.min(lowest[front], values[point]);
    highest[front] = Math.max(highest[front], values[point]);
  }
  const last = new Int32Array(fronts).fill(-1); // of each front, so far
  const lastButOne = new Int32Array(fronts).fill(-1);
  for (let position = 0; position < order.length; position++) {
    const point = order[position];
    const front = frontOf[point];
    const range = highest[front] - lowest[front];
    if (range === 0) continue;
    if (last[front] < 0) gaps[point] = Number.POSITIVE_INFINITY;
    else if (lastButOne[front] >= 0) gaps[last[front]] += (values[point] - values[lastButOne[front]]) / range;
    lastButOne[front] = last[front];
    last[front] = point;
  }
  for (const point of last) if (point >= 0) gaps[point] = Number.POSITIVE_INFINITY;
}
