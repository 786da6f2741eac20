// The data that searches are compared on: a fixed, stratified part of a data set's training rows, and a few of its
// validation rows, which only the last training of a run looks at.
import { defaultCacheFolder } from '../../dist/core/cache-folder.js';
import { indicesOf } from '../../dist/data/dataset.js';
import { isSynthetic, loadDataset } from '../../dist/data/load-dataset.js';
import { stratifiedSplit } from '../../dist/data/splits.js';
import { subsetOf } from '../../dist/data/subset.js';

const SEED = 'bench search';
const VALIDATION_ROWS = 210;

/** @param limit training rows; with seed 'bench search' they are the same ones each time */
export async function searchData(source, limit, { points, cache = defaultCacheFolder() } = {}) {
  const options = isSynthetic(source) ? {} : { points, cacheFolder: cache };
  const dataset = await loadDataset(source, options);
  const choose = (split, most) => {
    const rows = indicesOf(dataset, split);
    return rows.length > most ? stratifiedSplit(dataset, rows, most / rows.length, SEED).first : rows;
  };
  const training = choose('train', limit);
  const rows = [...training, ...choose('validation', VALIDATION_ROWS)];
  const name = `${training.length.toLocaleString('en')} training faces of ${dataset.name}`;
  return { ...subsetOf(dataset, Uint32Array.from(rows).sort()), name };
}
