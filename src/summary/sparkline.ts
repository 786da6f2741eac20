const LEVELS = '▁▂▃▄▅▆▇█';

/**
 * Values as a row of bars from the smallest to the largest, evenly picked (the last always among them) where there are
 * more than the width.
 *
 * @param width most characters, from 1
 */
export function sparkline(values: readonly number[], width: number): string {
  const count = Math.min(values.length, width);
  const picked = Array.from({ length: count }, (_, place) => {
    return values[Math.ceil(((place + 1) * values.length) / count) - 1];
  });
  const least = Math.min(...picked);
  const range = Math.max(...picked) - least;
  return picked
    .map((value) => LEVELS[range === 0 ? 0 : Math.round(((value - least) / range) * (LEVELS.length - 1))])
    .join('');
}
