import { type Html, type HtmlValue, html } from '../../core/html.ts';
import { patchParts } from '../../genome/patch-parts.ts';
import { toNetworkSpec } from '../../genome/to-network-spec.ts';
import { describeNetwork, type LayerDescription } from '../../network/describe.ts';
import { formatCount, formatMillions } from '../../summary/format.ts';
import type { ReportData, ReportRun } from '../report-data.ts';
import { eachRun, runSuffix, section, table } from './parts.ts';
import { swatch } from './summary-section.ts';

/** Shows the evolved network as a diagram and layer by layer. */
export function networkSection(data: ReportData): Html | null {
  const content = eachRun(
    data,
    (run) => {
      if (run.best === null || run.dataset.classes.length < 2) return null;
      const { frame, classes } = run.dataset;
      const layers = describeNetwork(toNetworkSpec(run.best.genome, { classes: classes.length, frame }));
      return html`${diagram(run, layers)}
<details><summary>Layer by layer</summary>
${layerTable(layers, `Layers${runSuffix(data, run)}`)}
</details>`;
    },
    html`<p>Each patch has its own branch of convolutions with normalisation, ReLU and, in some, pooling; the features of all branches are joined. Shapes are channels × rows × columns. The two patches of a mirrored pair share the weights of one branch; the dense layer reads each pair in both orders and adds the two results.</p>`,
  );
  return content && section('network', 'The evolved network', content);
}

/** CSS pixels. */
const MAX_BRANCH_WIDTH = 200;

interface Box {
  readonly title: HtmlValue;
  readonly detail: string;
}

/** Draws the branches side by side, wrapped where they do not fit, and below them the layers that join them. */
function diagram({ best, dataset }: ReportRun, layers: readonly LayerDescription[]): Html | null {
  if (best === null) return null;
  const branches = best.genome.patches.map((patch, index) => {
    const first: Box = {
      title: html`${swatch(index)} ${patchParts(patch, dataset.frame)}`,
      detail: `${patch.width}×${patch.height}${patch.mirrored ? ' pair' : ''}${patch.scale === 2 ? ', half resolution' : ''}`,
    };
    return [first, ...branchBoxes(layers, `patch${index + 1}`)];
  });
  return html`<div class="network" style="max-width:${branches.length * MAX_BRANCH_WIDTH}px"><div class="branches">${branches.map(stack)}</div>${stack(tailBoxes(layers, dataset.classes.length))}</div>`;
}

function stack(boxes: readonly Box[]): Html {
  return html`<ol>${boxes.map(({ title, detail }) => html`<li><strong>${title}</strong><span>${detail}</span></li>`)}</ol>`;
}

/** Makes a box for each convolution with the layers that follow it. */
function branchBoxes(layers: readonly LayerDescription[], name: string): Box[] {
  const boxes: Box[] = [];
  const own = layers.filter(({ layer }) => layer.name.startsWith(`${name}.`));
  const starts = own.flatMap(({ layer }, index) => (layer.kind === 'conv2d' ? [index] : []));
  for (const [number, start] of starts.entries()) {
    const depthwise = own[start - 1]?.layer.kind === 'depthwise-conv2d' ? 1 : 0;
    const group = own.slice(start - depthwise, starts[number + 1] ?? own.length);
    const { layer } = own[start];
    if (layer.kind !== 'conv2d') continue;
    const kernel = own[start - depthwise].layer;
    const side = 'kernel' in kernel ? kernel.kernel[0] : layer.kernel[0];
    const parameters = group.reduce((sum, one) => sum + one.parameters, 0);
    const last = group.findLast((one) => one.layer.kind !== 'flatten') ?? own[start];
    const { channels, height, width } = last.output;
    boxes.push({
      title: `${depthwise ? 'separable' : 'conv'} ${side}×${side}, ${layer.filters}`,
      detail: `${channels}×${height}×${width} · ${parameters === 0 ? 'shared' : formatCount(parameters)}`,
    });
  }
  return boxes;
}

function tailBoxes(layers: readonly LayerDescription[], classes: number): Box[] {
  const dense = layers.find(({ layer }) => layer.name === 'dense');
  const norm = layers.find(({ layer }) => layer.name === 'dense.norm');
  const bothOrders = layers.some(({ layer }) => layer.name === 'dense-mirror');
  const logits = layers.at(-1);
  if (dense === undefined || logits === undefined) return [];
  return [
    {
      title: bothOrders ? 'joined in both orders' : 'joined',
      detail: `${formatCount(dense.inputs[0].channels)} features`,
    },
    {
      title: `dense ${dense.output.channels}`,
      detail: `${formatCount(dense.parameters + (norm?.parameters ?? 0))} parameters`,
    },
    { title: `${classes} classes`, detail: `${formatCount(logits.parameters)} parameters` },
  ];
}

function layerTable(layers: readonly LayerDescription[], caption: string): Html {
  return table(
    caption,
    [
      { title: 'layer', align: 'left' },
      { title: 'kind', align: 'left' },
      { title: 'output' },
      { title: 'parameters' },
      { title: 'MACs' },
    ],
    layers.map(({ layer, output, parameters, macs }) => [
      layer.name,
      layer.kind,
      `${output.channels}×${output.height}×${output.width}`,
      'shares' in layer && layer.shares !== undefined ? 'shared' : formatCount(parameters),
      formatMillions(macs),
    ]),
  );
}
