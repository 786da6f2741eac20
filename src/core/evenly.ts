/** Picks at most `maximum` items, from 1, evenly spaced, including the first and, of two or more, the last. */
export function evenly<Item>(list: readonly Item[], maximum: number): Item[] {
  if (list.length <= maximum) return [...list];
  const last = list.length - 1;
  const steps = Math.max(1, maximum - 1);
  return Array.from({ length: maximum }, (_, index) => list[Math.round((index * last) / steps)]);
}
