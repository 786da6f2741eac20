/** Starts a clock. @returns a function that gives the seconds since then, plus `before` */
export function stopwatch(before = 0): () => number {
  const start = performance.now();
  return () => before + (performance.now() - start) / 1000;
}
