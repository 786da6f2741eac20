/**
 * exp, log, cos and atan2 from additions, multiplications, divisions and square roots only. `Math.exp` and the like may differ in
 * the last bits between versions of V8 and platforms; these functions give the same bits on every machine with IEEE double
 * arithmetic. Their relative error is about 1e-15.
 */

const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;

/** Computes e^x. Underflows to 0 below −745 and overflows to Infinity above 709.78. */
export function exp(x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  if (x > 709.782712893384) return Number.POSITIVE_INFINITY;
  if (x < -745.2) return 0;
  const exponent = Math.round(x / Math.LN2);
  const rest = x - exponent * LN2_HIGH - exponent * LN2_LOW;
  let sum = 1;
  for (let n = 14; n >= 1; n--) sum = 1 + (sum * rest) / n;
  const half = Math.trunc(exponent / 2); // two factors, so that neither leaves the range of a double
  return sum * powerOfTwo(half) * powerOfTwo(exponent - half);
}

/** Computes the natural logarithm of x ≥ 0. */
export function log(x: number): number {
  if (Number.isNaN(x) || x < 0) return Number.NaN;
  if (x === 0) return Number.NEGATIVE_INFINITY;
  if (x === Number.POSITIVE_INFINITY) return x;
  let exponent = 0;
  let mantissa = x;
  for (; mantissa > Math.SQRT2; exponent++) mantissa /= 2;
  for (; mantissa < Math.SQRT1_2; exponent--) mantissa *= 2;
  const s = (mantissa - 1) / (mantissa + 1);
  const square = s * s;
  let sum = 0;
  for (let n = 23; n >= 1; n -= 2) sum = sum * square + 1 / n;
  return 2 * s * sum + exponent * LN2_LOW + exponent * LN2_HIGH;
}

/** Computes cos(x) for |x| ≤ 2π. */
export function cos(x: number): number {
  const quarter = x / 4; // |quarter| ≤ π/2, then the double-angle formula twice
  const square = quarter * quarter;
  let sum = 1;
  for (let n = 22; n >= 2; n -= 2) sum = 1 - (sum * square) / (n * (n - 1));
  const half = 2 * sum * sum - 1;
  return 2 * half * half - 1;
}

/** Computes the angle of (x, y) from the x axis towards the y axis, radians in (−π, π]; 0 for the origin. */
export function atan2(y: number, x: number): number {
  if (x < 0) {
    const rest = atan2(Math.abs(y), -x);
    return y < 0 ? rest - Math.PI : Math.PI - rest;
  }
  const length = Math.sqrt(x * x + y * y);
  if (length === 0) return 0;
  let tangent = y / (length + x); // of half the angle
  let doublings = 2;
  for (; Math.abs(tangent) > 0.2; doublings *= 2) tangent /= 1 + Math.sqrt(1 + tangent * tangent);
  const square = tangent * tangent;
  let sum = 0;
  for (let n = 25; n >= 1; n -= 2) sum = 1 / n - square * sum;
  return doublings * tangent * sum;
}

function powerOfTwo(exponent: number): number {
  let power = 1;
  const factor = exponent < 0 ? 0.5 : 2;
  for (let n = Math.abs(exponent); n > 0; n--) power *= factor;
  return power;
}
