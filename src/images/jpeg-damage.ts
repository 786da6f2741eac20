/**
 * Warnings of libjpeg (jerror.h) that leave every pixel as it was: some cameras and web servers write such files. All others
 * tell of pixels that are lost.
 */
const HARMLESS = [
  /Invalid SOS parameters for sequential JPEG/,
  /Corrupt JPEG data: \d{1,2} extraneous bytes before marker/,
  /Corrupt JPEG data: bad ICC marker/,
  /Unknown Adobe color transform code/,
  /Warning: unknown JFIF revision number/,
  /read gave 1 warnings/, // libjpeg words its first warning alone, and libvips adds how many there were
];

/** The first of libvips' warnings about a JPEG that tells of pixels that are lost. */
export function damageIn(warnings: readonly string[]): string | undefined {
  const lines = warnings.flatMap((warning) => warning.split('\n')).filter(Boolean);
  return lines.find((line) => !HARMLESS.some((pattern) => pattern.test(line)));
}
