import { writeFileAtomic } from '../core/atomic-file.ts';
import { type ReportSource, readReport } from './read-report.ts';
import type { ReportData } from './report-data.ts';

export interface ReportOptions extends ReportSource {
  /** The HTML file to write; an existing one is replaced. */
  readonly out: string;
}

export interface WrittenReport {
  readonly file: string;
  readonly bytes: number;
  readonly data: ReportData;
}

/**
 * Writes a report on one run or several, finished or not, as one self-contained HTML file: its font is embedded, and its
 * figures need no scripts.
 *
 * @throws EvopatchError as `readReport`, and `FILE_SYSTEM` where the file cannot be written.
 */
export async function writeReport({ out, ...source }: ReportOptions): Promise<WrittenReport> {
  const data = await readReport(source);
  const { reportPage } = await import('./page/page.ts'); // many modules, which most programs never need
  const page = Buffer.from(reportPage(data));
  await writeFileAtomic(out, page);
  return { file: out, bytes: page.length, data };
}
