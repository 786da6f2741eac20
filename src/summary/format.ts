/** 1941075 as `1,941,075`. */
export function formatCount(count: number): string {
  return Math.round(count)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',');
}

/** 24100000 as `24.1 M`; below ten thousand as it is. */
export function formatMillions(count: number): string {
  if (count < 1e4) return formatCount(count);
  return count < 1e6 ? `${(count / 1e3).toFixed(0)} k` : `${(count / 1e6).toFixed(2)} M`;
}

/** A share as `61.8 %`. */
export function formatShare(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** A difference of shares as `+0.7`, in points of per cent. */
export function formatPoints(difference: number): string {
  const points = (100 * difference).toFixed(1).replace(/^-0\.0$/, '0.0');
  return Number(points) > 0 ? `+${points}` : points.replace('-', '−');
}

/** Seconds as `42 s`, `3 min 05 s`, `1 h 12 min`. */
export function formatSeconds(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (part: number) => part.toString().padStart(2, '0');
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
}

/** A probability as `p = 0.03`; small ones as `p < 0.001`. */
export function formatProbability(probability: number): string {
  return probability < 0.001 ? 'p < 0.001' : `p = ${Number(probability.toPrecision(2))}`;
}

/** The same text with a capital letter first. */
export function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
