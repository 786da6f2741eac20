/** The hypervolume of the last generation that ended within so many samples; 0 before the first. */
export function valueAt({ points }, samples) {
  return points.findLast(({ samplesSeen }) => samplesSeen <= samples)?.hypervolume ?? 0;
}

/** Samples after which a generation ended with at least this hypervolume; `null` where none did. */
export function reachedAt({ points }, hypervolume) {
  return points.find((point) => point.hypervolume >= hypervolume)?.samplesSeen ?? null;
}

/**
 * What a method came to over several seeds, against the plain GA on the same seeds.
 *
 * @typedef {object} MethodSummary
 * @property {MethodName} method
 * @property {string[]} seeds
 * @property {{ mean: number; deviation: number | null }} hypervolume Hypervolume at the plain GA's final compute: mean and sample standard deviation (`null` of one seed).
 * @property {(number | null)[]} shares Compute after which the plain GA's final hypervolume was reached, as a share of the plain GA's compute, of each seed;
 * `null` where that was not within as much.
 * @property {number | null} share Their mean; `null` where a seed did not reach it.
 */

/** Summaries of all methods that have curves, on the seeds that the plain GA has finished. */
export function summarizeSearches(curves) {
  const plain = new Map(
    curves.filter(({ method }) => method === 'plain').map((curve) => [curve.seed, curve]),
  );
  const methods = [...new Set(curves.map(({ method }) => method))];
  return methods.flatMap((method) => {
    const compared = curves.flatMap((curve) => {
      const end = plain.get(curve.seed)?.points.at(-1);
      return curve.method === method && end !== undefined ? [{ curve, end }] : [];
    });
    if (compared.length === 0) return [];
    const shares = compared.map(({ curve, end }) => {
      const reached = reachedAt(curve, end.hypervolume);
      return reached === null || reached > end.samplesSeen ? null : reached / end.samplesSeen;
    });
    const known = shares.filter((share) => share !== null);
    return [
      {
        method,
        seeds: compared.map(({ curve }) => curve.seed),
        hypervolume: meanAndDeviation(compared.map(({ curve, end }) => valueAt(curve, end.samplesSeen))),
        shares,
        share: known.length < shares.length ? null : meanAndDeviation(known).mean,
      },
    ];
  });
}

/** @param values at least one */
export function meanAndDeviation(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: values.length < 2 ? null : Math.sqrt(squares / (values.length - 1)) };
}

/** From where all curves have begun up to `samples`. */
export function bandOf(curves, samples, steps = 400) {
  const begun = Math.max(...curves.map(({ points }) => points[0].samplesSeen));
  const places = Array.from({ length: steps + 1 }, (_, step) => begun + ((samples - begun) * step) / steps);
  const values = places.map((place) => curves.map((curve) => valueAt(curve, place)));
  return {
    samples: places,
    mean: values.map((list) => meanAndDeviation(list).mean),
    least: values.map((list) => Math.min(...list)),
    most: values.map((list) => Math.max(...list)),
  };
}
