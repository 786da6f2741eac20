import { colorOf } from '../../charts/palette.ts';
import { type Html, html } from '../../core/html.ts';
import { summarizePatch } from '../../genome/canonical.ts';
import { toNetworkSpec } from '../../genome/to-network-spec.ts';
import { describeNetwork, type LayerDescription } from '../../network/describe.ts';
import { formatCount, formatMillions } from '../../summary/format.ts';
import type { ReportData, ReportRun } from '../report-data.ts';
import { eachRun, section, table } from './parts.ts';

/** The evolved network, drawn and layer by layer. */
export function networkSection(data: ReportData): Html | null {
  const content = eachRun(data, (run, index) => {
    if (run.best === null || run.dataset.classes.length < 2) return null;
    const { frame, classes } = run.dataset;
    const layers = describeNetwork(toNetworkSpec(run.best.genome, { classes: classes.length, frame }));
    const total = layers.reduce((sum, { parameters }) => sum + parameters, 0);
    const macs = layers.reduce((sum, layer) => sum + layer.macs, 0);
    return html`<p>${formatCount(total)} parameters and ${formatMillions(macs)} multiply-accumulates a face. A convolution stands with its normalisation, ReLU and, where it has one, its pool; shapes are channels × rows × columns. A pair of mirrored patches shares one branch's weights; the dense layer reads the pairs in both orders and adds what it finds.</p>
<div class="scroll" role="region" tabindex="0" aria-label="Drawing of the network${data.runs.length > 1 && `, ${run.name}`}">${diagram(run, layers, `network-${index + 1}`)}</div>
<details><summary>Layer by layer</summary>
${layerTable(layers, data.runs.length > 1 ? `Layers of ${run.name}` : 'Layers')}
</details>`;
  });
  return content && section('network', 'The evolved network', content);
}

interface Box {
  readonly title: string;
  readonly detail: string;
}

const BOX = { width: 132, height: 40, gap: 14, column: 150 } as const;

function diagram({ best, dataset }: ReportRun, layers: readonly LayerDescription[], id: string): Html | null {
  if (best === null) return null;
  const branches = best.genome.patches.map((patch, index) => {
    return {
      color: colorOf(index),
      boxes: branchBoxes(layers, `patch${index + 1}`, summarizePatch(patch)),
    };
  });
  const depth = Math.max(...branches.map(({ boxes }) => boxes.length));
  const width = Math.max(branches.length * BOX.column, 3 * BOX.column) + 2;
  const row = BOX.height + BOX.gap;
  const left = (column: number) => (width - branches.length * BOX.column) / 2 + column * BOX.column + 9;
  const top = (place: number) => 1 + place * row;
  const joinTop = top(depth);
  const tail = tailBoxes(layers, dataset.classes.length);
  const centre = width / 2;
  return html`<svg class="network" viewBox="0 0 ${width} ${top(depth + tail.length) - BOX.gap + 1}" width="${width}" role="img" aria-labelledby="${id}">
<title id="${id}">The network: ${branches.length} ${branches.length === 1 ? 'branch' : 'branches'} of convolutions, joined and read by a dense layer. The table of layers below says the same.</title>
<g aria-hidden="true">${branches.map(({ color, boxes }, column) => {
    const middle = left(column) + BOX.width / 2;
    return html`${boxes.map(
      (box, place) =>
        html`${place > 0 && html`<path class="wire" d="M${middle} ${top(place) - BOX.gap}V${top(place)}"/>`}${drawBox(box, left(column), top(place), BOX.width, place === 0 ? color : undefined)}`,
    )}<path class="wire" d="M${middle} ${top(boxes.length) - BOX.gap}V${joinTop}"/>`;
  })}
${tail.map((box, place) => {
  const wide = place === 0 ? branches.length * BOX.column - 18 : BOX.width * (place === 1 ? 1.3 : 1);
  const y = top(depth + place);
  return html`${place > 0 && html`<path class="wire" d="M${centre} ${y - BOX.gap}V${y}"/>`}${drawBox(box, centre - Math.max(wide, BOX.width) / 2, y, Math.max(wide, BOX.width))}`;
})}</g>
</svg>`;
}

function drawBox({ title, detail }: Box, x: number, y: number, width: number, color?: string): Html {
  return html`<rect class="box" x="${x}" y="${y}" width="${width}" height="${BOX.height}" rx="4"/>${
    color && html`<rect x="${x}" y="${y}" width="5" height="${BOX.height}" rx="2" fill="${color}"/>`
  }<text class="box-title" x="${x + width / 2}" y="${y + 17}" text-anchor="middle">${title}</text><text x="${x + width / 2}" y="${y + 32}" text-anchor="middle">${detail}</text>`;
}

/** A box for the patch and one for each convolution with what follows it. */
function branchBoxes(layers: readonly LayerDescription[], name: string, patch: string): Box[] {
  const [size, place] = patch.split(' at ');
  const boxes: Box[] = [{ title: size, detail: `at ${place}` }];
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
