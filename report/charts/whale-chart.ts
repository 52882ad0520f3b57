import type { WhaleCurve } from '../whale-curve.ts';
import type { Chart } from './draw-chart.ts';

/** Cumulative share of the profit over the customers, best first, with its peak and what is lost behind it. */
export function whaleChart({ points, peak }: WhaleCurve, { hasTitle = false } = {}): Chart {
  const values = points.map(({ percentile, share }) => ({ customers: percentile / 100, profit: share }));
  const percent = (share: number): string => `${Math.round(share * 100)} %`;
  const x = {
    field: 'customers',
    type: 'quantitative' as const,
    title: 'Customers, from the most to the least profitable',
    axis: { format: '.0%', grid: false, tickCount: 5 },
    scale: { domain: [0, 1], nice: false },
  };
  const y = {
    field: 'profit',
    type: 'quantitative' as const,
    title: 'Cumulative share of the profit',
    axis: { format: '.0%', tickCount: 6 },
  };
  const title = {
    text: `The best ${percent(peak.customerShare)} of the customers earn ${percent(peak.share)} of the profit`,
    subtitle: `The others cost ${percent(peak.share - 1)} of it: what the curve falls back`,
  };
  return (width, palette) => ({
    width,
    height: Math.max(220, Math.round(width / 2)),
    padding: hasTitle ? 16 : 4,
    autosize: { type: 'pad' },
    ...(hasTitle ? { title } : {}),
    data: { values },
    layer: [
      { mark: { type: 'area', color: palette.gain, opacity: 0.12 }, encoding: { x, y } },
      {
        transform: [{ filter: `datum.customers >= ${peak.customerShare}` }],
        mark: { type: 'area', color: palette.loss, opacity: 0.16 },
        encoding: { x, y, y2: { datum: peak.share } },
      },
      {
        data: { values: [{ profit: 1 }] },
        mark: { type: 'rule', color: palette.quiet, strokeDash: [5, 4] },
        encoding: { y },
      },
      {
        mark: { type: 'line', color: palette.gain, strokeWidth: 2.5, interpolate: 'monotone' },
        encoding: { x, y },
      },
      {
        data: { values: [{ customers: peak.customerShare, profit: peak.share }] },
        layer: [
          {
            mark: { type: 'point', filled: true, size: 90, color: palette.loss, opacity: 1 },
            encoding: { x, y },
          },
          {
            mark: {
              type: 'text',
              dy: -14,
              fontWeight: 'bold',
              color: palette.ink,
              text: `peak ${percent(peak.share)}`,
            },
            encoding: { x, y },
          },
        ],
      },
    ],
  });
}
