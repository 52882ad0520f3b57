import { plot } from 'simple-ascii-chart';
import type { WhaleCurve } from './whale-curve.ts';

/**
 * The whale curve in characters, for a terminal of 80 columns: cumulative profit in percent of the whole over
 * the customers from the best to the worst, with the line of 100 % and a dot at the peak. No colours.
 */
export function whaleCurveText({ points, peak }: WhaleCurve): string {
  const line = points.map(({ percentile, share }): [number, number] => [percentile, share * 100]);
  const highest = Math.max(100, peak.share * 100);
  const lowest = Math.min(0, ...line.map(([, percent]) => percent));
  const step = highest - lowest > 260 ? 100 : 50;
  const ticks = range(Math.ceil(lowest / step) * step, highest, step);
  const drawing = plot(line, {
    width: 64,
    height: 15,
    yRange: [lowest, highest + (highest - lowest) / 30],
    customXAxisTicks: [0, 25, 50, 75, 100],
    customYAxisTicks: ticks,
    thresholds: [{ y: 100 }],
    points: [{ x: Math.round(peak.customerShare * 100), y: peak.share * 100 }],
    formatter: (value) => `${Math.round(value)} %`,
    symbols: { thresholds: { x: '╌' }, point: '●' },
  });
  return withoutMargins(drawing);
}

/** `peak 124 % at 78 % of the customers, 24 % lost again` */
export function whaleCurveCaption({ peak }: WhaleCurve): string {
  const percent = (share: number): string => `${Math.round(share * 100)} %`;
  return (
    `The best ${percent(peak.customerShare)} of the customers earn ${percent(peak.share)} of the profit; ` +
    `the others cost ${percent(peak.share - 1)} of it.`
  );
}

function range(first: number, last: number, step: number): number[] {
  return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, index) => first + index * step);
}

function withoutMargins(drawing: string): string {
  return drawing
    .split('\n')
    .map((text) => text.trimEnd())
    .filter((text, index, lines) => text !== '' || (index > 0 && index < lines.length - 1))
    .join('\n')
    .trimEnd();
}
