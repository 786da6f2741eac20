import { type CanvasSurface, canvasSurface } from '../charts/canvas-surface.ts';
import { cornersOf, type Surface } from '../charts/surface.ts';
import { svgSurface } from '../charts/svg-surface.ts';
import type { MapLook, PatchMapContent } from './content.ts';
import { drawInside } from './draw-inside.ts';
import { type Layout, layOut } from './layout.ts';
import { drawLegend, type Legend } from './legend.ts';
import { type MapUnit, mapData } from './map-data.ts';

const DEFAULT_SCALE = 10;
const WHITE = '#ffffff';

/** Settings that pictures of several maps share, so that readers can compare them. */
export interface Common {
  readonly unit?: MapUnit;
  /** The value at the end of the colour scale. */
  readonly top?: number;
  /** Height of the legend, units. */
  readonly legendHeight?: number;
}

/** A map that is laid out and can be drawn on any kind of surface. */
export interface MapDrawing {
  readonly layout: Layout;
  readonly draw: (surface: Surface) => void;
}

export function patchMapDrawing(content: PatchMapContent, look: MapLook, common: Common = {}): MapDrawing {
  const { scale = DEFAULT_SCALE, overlay = false } = look;
  const legend = legendOf(content, look, common);
  const height = common.legendHeight ?? drawLegend(undefined, legend, 0, 0);
  const layout = layOut(content, scale, overlay ? undefined : height);
  return { layout, draw: (surface) => drawMap(surface, layout, legend) };
}

/** Measures the legend of a map, units. */
export function legendHeight(content: PatchMapContent, look: MapLook, common: Common): number {
  return drawLegend(undefined, legendOf(content, look, common), 0, 0);
}

export function drawOnCanvas({ layout, draw }: MapDrawing): CanvasSurface {
  const surface = canvasSurface(layout.width, layout.height, layout.scale);
  draw(surface);
  return surface;
}

/** @param title what the picture shows */
export function drawAsSvg({ layout, draw }: MapDrawing, title: string): string {
  const surface = svgSurface(layout.width, layout.height, layout.scale);
  draw(surface);
  return surface.toSvg(title);
}

/** Collects what the legend of a map explains. */
export function legendOf(content: PatchMapContent, look: MapLook, { unit, top }: Common): Legend {
  const { style = content.genomes.length === 1 ? 'outlines' : 'heat', colors = 'viridis' } = look;
  const data = mapData(content, unit);
  return { content, data, style, colors, top: top ?? data.most };
}

function drawMap(surface: Surface, layout: Layout, legend: Legend): void {
  const { legend: corner } = layout;
  const overlay = corner === undefined;
  if (!overlay) {
    const { width, height } = layout;
    surface.shape(cornersOf({ x: 0, y: 0, width, height }), { fill: WHITE });
  }
  drawInside(surface, legend, layout, overlay);
  if (corner !== undefined) drawLegend(surface, legend, corner.x, corner.y);
}
