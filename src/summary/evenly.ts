/** At most so many of a list, the first and the last among them. */
export function evenly<Item>(list: readonly Item[], most: number): Item[] {
  if (list.length <= most) return [...list];
  return Array.from(
    { length: most },
    (_, place) => list[Math.round((place * (list.length - 1)) / (most - 1))],
  );
}
