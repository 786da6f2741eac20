import { exp, log } from '../../core/portable-math.ts';

/** The value that a Gaussian process expects at a point. */
export type GaussianProcess = (point: readonly number[]) => number;

/** Weight of the linear part of the covariance beside the squared-exponential one, whose weight is 1. */
const LINEAR = 0.03;
const LENGTHS = [0.75, 1.5, 3];
const NOISES = [0.01, 0.03, 0.1];

/**
 * Gaussian-process regression (Rasmussen & Williams 2006, algorithm 2.1) with a covariance of a squared exponential and a
 * linear part. Of a small grid of length scales and noise variances it takes those of the largest marginal likelihood
 * (equation 2.30). O(n³) for n points; the same bits everywhere.
 *
 * @param points equally long vectors, at least two, scaled so that a step of 1 in any direction matters about alike
 * @param values one for each point
 */
export function fitGaussianProcess(
  points: readonly (readonly number[])[],
  values: readonly number[],
): GaussianProcess {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) || 1;
  const targets = values.map((value) => (value - mean) / spread);
  const pairs = points.map((a, i) => comparedWith(a, points, i + 1));
  const fits = LENGTHS.flatMap((length) => {
    const covariances = pairs.map((row) => covarianceOf(row, length));
    return NOISES.map((noise) => posterior(covariances, targets, length, noise));
  });
  const best = fits.reduce((a, b) => (b.evidence > a.evidence ? b : a));
  return (point) => {
    const shared = covarianceOf(comparedWith(point, points, points.length), best.length);
    return mean + spread * dot(shared, best.weights);
  };
}

interface Posterior {
  readonly length: number;
  /** Logarithm of the marginal likelihood, except for a constant. */
  readonly evidence: number;
  readonly factor: readonly Float64Array[];
  readonly weights: Float64Array;
}

/** @param covariances of all pairs of points, as a lower triangle */
function posterior(
  covariances: readonly Float64Array[],
  targets: readonly number[],
  length: number,
  noise: number,
): Posterior {
  const factor = choleskyFactor(covariances, noise);
  const reduced = solveLower(factor, targets);
  const halfDeterminant = factor.reduce((sum, row, i) => sum + log(row[i]), 0);
  const evidence = -0.5 * dot(reduced, reduced) - halfDeterminant;
  return { length, evidence, factor, weights: solveUpper(factor, reduced) };
}

/** Squared distances of a point from the first of others, and its products with them: all that a covariance depends on. */
interface Pairs {
  readonly squares: Float64Array;
  readonly products: Float64Array;
}

function comparedWith(
  point: readonly number[],
  others: readonly (readonly number[])[],
  count: number,
): Pairs {
  const squares = new Float64Array(count);
  const products = new Float64Array(count);
  for (let j = 0; j < count; j++) {
    const other = others[j];
    let square = 0;
    let product = 0;
    for (let i = 0; i < point.length; i++) {
      square += (point[i] - other[i]) ** 2;
      product += point[i] * other[i];
    }
    squares[j] = square;
    products[j] = product;
  }
  return { squares, products };
}

function covarianceOf({ squares, products }: Pairs, length: number): Float64Array {
  const covariances = new Float64Array(squares.length);
  for (let j = 0; j < squares.length; j++) {
    covariances[j] = exp(-squares[j] / (2 * length * length)) + LINEAR * products[j];
  }
  return covariances;
}

/**
 * The lower triangle L with L·Lᵀ equal to a matrix, given by its lower triangle, whose diagonal is raised by `noise` and
 * which is positive definite by that.
 */
function choleskyFactor(rows: readonly Float64Array[], noise: number): Float64Array[] {
  const factor: Float64Array[] = [];
  for (const [i, row] of rows.entries()) {
    const next = Float64Array.from(row);
    next[i] += noise;
    for (let j = 0; j <= i; j++) {
      const other = j === i ? next : factor[j];
      let rest = next[j];
      for (let k = 0; k < j; k++) rest -= next[k] * other[k];
      next[j] = j === i ? Math.sqrt(rest) : rest / other[j];
    }
    factor.push(next);
  }
  return factor;
}

function solveLower(factor: readonly Float64Array[], right: ArrayLike<number>): Float64Array {
  const solution = new Float64Array(right.length);
  for (const [i, row] of factor.entries()) {
    let rest = right[i];
    for (let k = 0; k < i; k++) rest -= row[k] * solution[k];
    solution[i] = rest / row[i];
  }
  return solution;
}

function solveUpper(factor: readonly Float64Array[], right: ArrayLike<number>): Float64Array {
  const solution = new Float64Array(right.length);
  for (let i = right.length - 1; i >= 0; i--) {
    let rest = right[i];
    for (let k = i + 1; k < right.length; k++) rest -= factor[k][i] * solution[k];
    solution[i] = rest / factor[i][i];
  }
  return solution;
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
