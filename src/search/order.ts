/** Order by the first objective, ties by the next. Whatever dominates a vector stands before it. */
export function lexicographic(a: readonly number[], b: readonly number[]): number {
  for (let m = 0; m < a.length; m++) if (a[m] !== b[m]) return a[m] - b[m];
  return 0;
}

/** Places of the vectors in lexicographic order; equal ones keep their order. */
export function lexicographicOrder(vectors: readonly (readonly number[])[]): Uint32Array {
  const firsts = new Float64Array(vectors.length);
  for (let place = 0; place < vectors.length; place++) firsts[place] = vectors[place][0];
  const order = ascendingOrder(firsts);
  for (let from = 0, to = 1; to <= order.length; to++) {
    if (to < order.length && firsts[order[to]] === firsts[order[from]]) continue;
    if (to - from > 1)
      order.subarray(from, to).sort((a, b) => lexicographic(vectors[a], vectors[b]) || a - b);
    from = to;
  }
  return order;
}

/**
 * Places of finite values in ascending order; equal ones keep their order. Numbers alone sort many times as fast as with a comparison
 * function, so this sorts them and then looks up where each one went.
 */
export function ascendingOrder(values: Float64Array): Uint32Array {
  const sorted = values.toSorted();
  const taken = new Uint32Array(values.length);
  const order = new Uint32Array(values.length);
  for (let index = 0; index < values.length; index++) {
    const first = countBelow(sorted, values[index]);
    order[first + taken[first]++] = index;
  }
  return order;
}

/** Number of sorted values below a value. */
function countBelow(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
