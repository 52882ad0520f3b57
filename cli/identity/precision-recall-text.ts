import { plot } from 'simple-ascii-chart';
import type { ThresholdQuality } from '../../transforms/identity/measure/evaluate.ts';

/** The curve in characters, for a terminal of 80 columns; null where fewer than two cuts differ. */
export function precisionRecallText(thresholds: readonly ThresholdQuality[]): string | null {
  const points = thresholds.flatMap(({ pairwise: { precision, recall }, isPresent }) =>
    precision === null || recall === null ? [] : [{ x: recall * 100, y: precision * 100, isPresent }],
  );
  const byRecall = new Map(points.map(({ x, y }) => [x, y]));
  const line = [...byRecall].sort(([one], [other]) => one - other);
  if (line.length < 2) return null;
  const lowest = Math.min(95, ...line.map(([, precision]) => Math.floor(precision / 5) * 5));
  const step = (100 - lowest) / 5;
  const drawing = plot(line, {
    width: 64,
    height: 11,
    yRange: [lowest, 100],
    customYAxisTicks: Array.from({ length: 6 }, (_, place) => lowest + place * step),
    xLabel: 'recall',
    points: points.filter(({ isPresent }) => isPresent),
    formatter: (value) => `${Math.round(value * 10) / 10} %`,
    symbols: { point: '●' },
  });
  return drawing
    .split('\n')
    .map((text) => text.trimEnd())
    .filter((text) => text !== '')
    .join('\n');
}
