// What grows, and what stays as it is meanwhile.

/** What a point does unless its axis says otherwise. Filters are those of each block; the work is a training or a search. */
const USUAL = { faces: 2100, patches: 2, filters: [8, 16, 16], population: 4, workers: 1, work: 'training' };

const powers = (base, from, to) => Array.from({ length: to - from + 1 }, (_, i) => base ** (from + i));

/** Axes by name: the points, those of --quick, and the words of the table. A point is what differs from the usual. */
export const AXES = {
  samples: axis(
    'faces',
    'one network on all faces',
    [1000, 4000, 16_000, 64_000, 256_000, 1_000_000],
    [140, 560],
    (faces) => {
      return { faces, population: 1 };
    },
  ),
  patches: axis('patches', 'four networks, 2,100 faces', powers(2, 0, 4), [1, 2], (patches) => ({ patches })),
  parameters: axis(
    'filters of the last block',
    'four networks, 2,100 faces',
    [4, 8, 16, 32, 48],
    [4, 8],
    (filters) => ({ filters: [filters, filters, filters] }),
  ),
  population: axis(
    'population',
    'a search of three generations, 700 faces, two workers',
    powers(2, 2, 7),
    [4, 8],
    (population) => ({ faces: 700, population, workers: 2, work: 'search' }),
  ),
  workers: axis('workers', 'sixteen networks, 2,100 faces', powers(2, 0, 4), [1, 2], (workers) => {
    return { population: 16, workers };
  }),
};

function axis(unit, about, values, quick, differenceOf) {
  const pointsOf = (all) => all.map((value) => ({ value, ...USUAL, ...differenceOf(value) }));
  return { unit, about, points: pointsOf(values), quick: pointsOf(quick) };
}
