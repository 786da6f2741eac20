/** Starts a clock. @returns seconds since then, and `before` */
export function stopwatch(before = 0): () => number {
  const start = performance.now();
  return () => before + (performance.now() - start) / 1000;
}
