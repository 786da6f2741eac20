import type { Dataset } from './dataset.ts';
import { type LoadOptions, parseLoadOptions } from './load-options.ts';
import { loadSource } from './load-source.ts';
import { pixelCsvSource } from './pixel-csv.ts';

export { FER2013_CLASSES } from './csv-labels.ts';

/**
 * Loads the csv of FER2013 or another csv of pixels, plain or gzipped, with a header of these columns in any order, in upper or
 * lower case; others are ignored, with a note to `onWarning`:
 *
 * - `pixels`: the grey levels of a square picture, 0–255, row by row, separated by spaces; or a column for each, as `pixel0`,
 *   `pixel1` and so on. All pictures have one size, 16×16 to 1000×1000;
 * - `emotion`, `label` or `class`: a whole number or a name. Numbers are class names as they are, but under `emotion`, of
 *   pictures of 48×48, 0 to 6 are FER2013's classes;
 * - `Usage` or `split`, optional: Training or train, PublicTest, validation or val, PrivateTest or test. Without it all are
 *   training rows. Where no row is for validation, a fifth of the training rows is, stratified.
 *
 * @throws EvopatchError `INVALID_DATA` with file, row and column; `INVALID_OPTION`; `FILE_SYSTEM`; `ABORTED`.
 */
export async function loadFer2013(file: string, options: LoadOptions = {}): Promise<Dataset> {
  const settings = parseLoadOptions(options);
  return await loadSource(pixelCsvSource(file, settings), settings);
}
