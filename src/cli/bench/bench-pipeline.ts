import { pipelineBenchmark } from '../../bench/pipeline.ts';
import { type PreparedFramesRecord, preparedFramesBenchmark } from '../../bench/prepared-frames.ts';
import { untrainedModel } from '../../bench/untrained-model.ts';
import { packageResolve } from '../../core/packages.ts';
import { singleNetwork } from '../../ensemble/ensemble.ts';
import type { LandmarkDetector } from '../../landmarks/landmark-detector.ts';
import { openEngine } from '../../nn/engine.ts';
import { loadModel } from '../../prediction/load-model.ts';
import { formatCount } from '../../summary/format.ts';
import { formatTable } from '../../summary/table.ts';
import type { PipelineAnswer } from '../answers.ts';
import type { CommandResult } from '../command.ts';

/** Explanations of the stages. */
const EXPLANATIONS: Readonly<Record<string, string>> = {
  decode: 'the file to pixels',
  detect: 'the box, by the tiny detector',
  landmarks: '68 points in the box',
  frame: 'grey levels and the aligned frame',
  network: 'the expression of the frame',
  attributes: 'gender and age',
  'own part': 'from the points to probabilities and patches',
  total: 'everything from the file on, in one call',
  'landmarks of a crop': '68 points of 48×48 pixels',
};

/**
 * Measures the stages from a photo to an expression.
 *
 * @param engines the stages run on the first one
 */
export async function benchPipeline(
  engines: readonly string[],
  model: string | undefined,
  photo: string | undefined,
): Promise<CommandResult<PipelineAnswer>> {
  const file = photo ?? packageResolve('face-api.js/demo/sample2.jpg');
  const open = async (engine: string, detector?: LandmarkDetector) =>
    model === undefined
      ? untrainedModel(await openEngine(engine), detector)
      : singleNetwork(await loadModel(model, { engine, detector }), model);
  const record = await pipelineBenchmark((detector) => open(engines[0], detector), file);
  const preparedFrames: PreparedFramesRecord[] = [];
  for (const engine of engines) preparedFrames.push(preparedFramesBenchmark(await open(engine)));
  const report = { model: model ?? null, file, ...record, preparedFrames };
  return { json: report, text: describe(report) };
}

function describe(report: PipelineAnswer): string {
  const { model, parameters, photo, engine, variant, rounds, stages, preparedFrames } = report;
  const network = `${formatCount(parameters)} parameters`;
  const crop = stages.find(({ stage }) => stage === 'landmarks of a crop');
  return [
    `one face of ${photo.face.width}×${photo.face.height} in a photo of ${photo.width}×${photo.height}, one core, ` +
      `${engine}:${variant}, medians of ${rounds}`,
    model === null
      ? `a network of ${network} with random weights, only to measure speed`
      : `the network of ${model}, ${network}`,
    '',
    formatTable(
      [{ title: 'stage', align: 'left' }, { title: 'ms' }, { title: 'range' }, { title: '', align: 'left' }],
      stages.map(({ stage, median, minimum, maximum }) => [
        stage,
        formatMilliseconds(median),
        [minimum, maximum].map(formatMilliseconds).join('–'),
        EXPLANATIONS[stage],
      ]),
    ),
    '',
    ...(crop === undefined
      ? []
      : [`landmarks of 48×48 crops: ${formatCount(1000 / crop.median)} faces/s`, '']),
    formatTable(
      [
        { title: 'prepared frames', align: 'left' },
        { title: 'one face, ms' },
        { title: 'batches, faces/s' },
        { title: 'slowest–fastest' },
      ],
      preparedFrames.map((record) => [
        `${record.engine}:${record.variant}`,
        formatMilliseconds(record.milliseconds),
        formatCount(record.facesPerSecond),
        record.facesPerSecondRange.map(formatCount).join('–'),
      ]),
    ),
  ].join('\n');
}

function formatMilliseconds(milliseconds: number): string {
  return milliseconds.toFixed(milliseconds < 10 ? 2 : 1);
}
