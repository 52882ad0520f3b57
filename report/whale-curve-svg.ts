import { drawChart } from './charts/draw-chart.ts';
import { paperPalette } from './charts/palette.ts';
import { whaleChart } from './charts/whale-chart.ts';
import type { WhaleCurve } from './whale-curve.ts';

/** The whale curve as an SVG document that stands alone. */
export async function whaleCurveSvg(curve: WhaleCurve): Promise<string> {
  return `${await drawChart(whaleChart(curve, { hasTitle: true }), 640, paperPalette)}\n`;
}
