import type { Tensor } from '../../nn/layout.ts';
import type { Step } from '../../nn/program.ts';

/**
 * Describes what a step works on, as in `16×16×16 → 32×16×16, 3×3, stride 2`: its tensors as channels×height×width, of one sample,
 * and its window; of a weight gradient, the input and the output's gradient; of other steps, how many numbers.
 */
export function shapeOf({ values }: Step): string {
  const first = tensorOf(values.dx) ? values.dy : (values.in ?? values.a ?? values.logits);
  const second = values.dx ?? values.out ?? values.dy;
  const [from, to] = [first, second].map(tensorOf);
  if (from !== undefined && to !== undefined) {
    const sign = values.dx === undefined && values.out === undefined ? '·' : '→';
    return `${sidesOf(from)} ${sign} ${sidesOf(to)}${windowOf(values)}`;
  }
  const only = from ?? to;
  if (only !== undefined) return sidesOf(only);
  const { count, filters, channels, height, width } = values;
  if (filters !== undefined)
    return [filters, channels, height, width].filter((side) => side !== undefined).join('×');
  return `${count ?? channels}`;
}

function tensorOf(value: Tensor | boolean | number | undefined): Tensor | undefined {
  return typeof value === 'object' ? value : undefined;
}

function sidesOf({ channels, height, width }: Tensor): string {
  return height * width === 1 ? `${channels}` : `${channels}×${height}×${width}`;
}

function windowOf({ height, width, stride }: Step['values']): string {
  if (height === undefined) return '';
  return `, ${height}×${width}${stride === 1 ? '' : `, stride ${stride}`}`;
}
