import { describe, expect, test } from 'vitest';
import { evopatch } from './program.ts';

describe('inspect --network shows a network of the literature', () => {
  test('with what is published of it', async () => {
    const { code, stdout } = await evopatch('inspect', '--network', 'miniXception');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^miniXception: 56,951 parameters, 10,1\d\d,\d{3} multiply-accumulates per face$/m,
    );
    expect(stdout).toMatch(/^mini-Xception \(Arriaga, .*arXiv 1710\.07557\)$/m);
    expect(stdout).toContain('published: 56,951 parameters, 58,423 with running statistics');
    expect(stdout).toMatch(/^published for FER2013: 66\.0 % \(on PublicTest and PrivateTest together/m);
    expect(stdout).toMatch(/^face +resize +1×64×64 +0 +0$/m);
  });

  test('as data, with the classes that it was published with', async () => {
    const { stdout } = await evopatch('inspect', '--network', 'microExpNet', '--json');
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ parameters: 65_000, runningStatistics: 0, classCount: 8, frameSize: 64 });
    expect(report.published).toEqual({ parameters: { trained: 65_000 } });
    expect(report.layers[0]).toMatchObject({ name: 'face.crop', kind: 'crop', output: [1, 48, 48] });
  });

  test('of which the help names all', async () => {
    const { stdout } = await evopatch('inspect', '--help');
    const words = stdout.replace(/\s+/g, ' ');
    for (const name of [
      'miniXception',
      'simplerCnn',
      'microExpNet-POOLS-SIZE',
      'agrawalMittal',
      'baseline',
    ]) {
      expect(words).toContain(name);
    }
  });
});
