/**
 * The weights of linear interpolation along one axis, [from][to], as a `resize` layer interpolates: pixel centres on pixel
 * centres, the border repeated.
 */
export function resampling(from: number, to: number): Float32Array {
  const weights = new Float32Array(from * to);
  for (let i = 0; i < to; i++) {
    const position = Math.min(Math.max(((i + 0.5) * from) / to - 0.5, 0), from - 1);
    const first = Math.floor(position);
    weights[first * to + i] += 1 - (position - first);
    if (first + 1 < from) weights[(first + 1) * to + i] += position - first;
  }
  return weights;
}
