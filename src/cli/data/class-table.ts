import { type ClassCounts, countClasses } from '../../data/class-counts.ts';
import { type Dataset, SPLITS } from '../../data/dataset.ts';
import { formatCount } from '../../summary/format.ts';
import { formatTable } from '../../summary/table.ts';

const MIN_WIDTH = 40;

/**
 * Formats the faces of each class as a table with a line for each split that has any; it continues below where the classes do
 * not fit side by side.
 *
 * @param width characters of a line, 40 or more
 */
export function classTable(
  dataset: Pick<Dataset, 'name' | 'classes' | 'labels' | 'splits'>,
  width: number,
): string {
  const counts = countClasses(dataset);
  return blocksOf(dataset.classes, counts, Math.max(width, MIN_WIDTH))
    .map((labels) => blockOf(labels, dataset.classes, counts))
    .join('\n');
}

function blockOf(labels: readonly number[], classes: readonly string[], counts: ClassCounts): string {
  const splits = SPLITS.filter((split) => counts[split].some((count) => count > 0));
  return formatTable(
    [{ title: '', align: 'left' }, ...labels.map((label) => ({ title: classes[label] }))],
    splits.map((split) => [`  ${split}`, ...labels.map((label) => formatCount(counts[split][label]))]),
  );
}

/** Divides the classes into blocks that fit the width. */
function blocksOf(classes: readonly string[], counts: ClassCounts, width: number): number[][] {
  const blocks: number[][] = [];
  let left = 0;
  for (const [label, name] of classes.entries()) {
    const cells = SPLITS.map((split) => formatCount(counts[split][label]).length);
    const needed = 2 + Math.max(name.length, ...cells);
    if (blocks.length === 0 || needed > left) {
      blocks.push([]);
      left = width - '  validation'.length;
    }
    blocks[blocks.length - 1].push(label);
    left -= needed;
  }
  return blocks;
}
