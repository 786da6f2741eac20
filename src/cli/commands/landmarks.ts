import { EvopatchError } from '../../core/errors.ts';
import { isSynthetic } from '../../data/load-dataset.ts';
import { searchLandmarks } from '../../data/search-landmarks.ts';
import { formatCount } from '../../summary/format.ts';
import { writeLine } from '../../summary/live-lines.ts';
import { DATA_OPTIONS, defineCommand } from '../command.ts';
import { pictureOptions } from '../data/load-data.ts';
import { LoadingLine } from '../data/loading-line.ts';
import { POINTS } from '../outputs/output-forms.ts';

export const landmarksCommand = defineCommand({
  name: 'landmarks',
  summary: 'Write the landmarks of the faces in a data set',
  description:
    'Searches all pictures of a data set for faces and writes the 68 points of each to a csv, for --points or other uses. ' +
    'For a csv of pixels its columns are row,x0,y0,…,x67,y67, with one face per row; for images they are ' +
    'file,face,score,x0,y0,…,x67,y67, with all faces of each image, the highest score first, in pixels of the image as it is ' +
    'shown. A picture without a face has a line with empty fields.',
  options: {
    data: {
      ...DATA_OPTIONS.data,
      description:
        "Pictures: a photo, a folder of photos including sub-folders, a manifest csv, or a csv of pixels such as FER2013's " +
        "(plain or gzipped; '-' is standard input); labels are not needed.",
      required: true,
    },
    out: {
      kind: 'text',
      placeholder: 'CSV',
      output: POINTS,
      description: 'The csv file to write; it replaces an earlier file of landmarks.',
      required: true,
    },
    faces: DATA_OPTIONS.faces,
    workers: {
      kind: 'integer',
      placeholder: 'N',
      minimum: 0,
      maximum: 256,
      description: 'Threads that search, about 100 MB each; the result does not depend on their number',
      default: 'one for each core, at most 4',
    },
    cache: DATA_OPTIONS.cache,
    encoding: DATA_OPTIONS.encoding,
    'on-bad-image': DATA_OPTIONS['on-bad-image'],
  },
  examples: [
    'evopatch landmarks --data fer2013.csv.gz --out points.csv',
    'evopatch landmarks --data photos/ --faces ssd --on-bad-image skip --out points.csv --json',
  ],
  run: async (values, { signal, progress }) => {
    if (isSynthetic(values.data)) {
      const data = { option: '--data', given: values.data, hint: 'Drawn faces have their own points' };
      throw new EvopatchError('INVALID_OPTION', 'not for synthetic faces', data);
    }
    const line = new LoadingLine(progress);
    const warnings: string[] = [];
    const search = searchLandmarks(values.data, values.out, {
      ...(await pictureOptions(values, progress)),
      workers: values.workers,
      encoding: values.encoding,
      signal,
      onProgress: line.show,
      onSkip: line.skip,
      onWarning: (message) => warnings.push(message),
    });
    const found = await search.finally(line.end).catch((cause) => {
      if (!(cause instanceof EvopatchError) || cause.code !== 'ABORTED') throw cause;
      const kept = values.cache === 'none' ? '' : '; the same command continues from the cache';
      throw new EvopatchError('ABORTED', cause.problem, { hint: `No points are written${kept}.` }, cause);
    });
    for (const warning of warnings) writeLine(progress, `warning: ${warning}`);
    const { pictures, faces, withoutFace, unaligned, skipped } = found;
    const hint = withoutFace > 0 && values.faces !== 'all' ? ["'--faces all' finds more faces"] : [];
    return {
      json: { points: values.out, ...found },
      text: [
        `${formatCount(pictures)} pictures, ${formatCount(faces)} faces`,
        `${formatCount(withoutFace)} pictures without a face, ${formatCount(unaligned)} not aligned`,
        ...(skipped > 0 ? [`${formatCount(skipped)} images left out`] : []),
        ...hint,
        `points: ${values.out}`,
      ].join('\n'),
    };
  },
});
