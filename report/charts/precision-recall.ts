import type { Chart } from './draw-chart.ts';

export interface CutPoint {
  /** Shares of 1. */
  precision: number;
  recall: number;
  isPresent: boolean;
  /** What is written beside the point. */
  label: string;
}

/** What each cut finds (across) and how much of that is right (up); the present cut stands out. */
export function precisionRecall(points: readonly CutPoint[]): Chart {
  const lowest = (shares: readonly number[]): number => Math.max(0, Math.min(...shares) - 0.02);
  const axis = { format: '.1%', tickCount: 5 };
  const x = {
    field: 'recall',
    type: 'quantitative' as const,
    title: 'Recall: found of what belongs together',
    scale: { domain: [lowest(points.map(({ recall }) => recall)), 1], nice: false },
    axis,
  };
  const y = {
    field: 'precision',
    type: 'quantitative' as const,
    title: 'Precision: right of what was found',
    scale: { domain: [lowest(points.map(({ precision }) => precision)), 1], nice: false },
    axis,
  };
  return (width, palette) => ({
    width,
    height: Math.max(220, Math.round(width / 2.2)),
    padding: 12,
    data: { values: points.map((point, place) => ({ ...point, place })) },
    layer: [
      {
        mark: { type: 'line', color: palette.gain },
        encoding: { x, y, order: { field: 'place', type: 'ordinal' } },
      },
      {
        mark: { type: 'point', filled: true, opacity: 1 },
        encoding: {
          x,
          y,
          color: { condition: { test: 'datum.isPresent', value: palette.loss }, value: palette.gain },
          size: { condition: { test: 'datum.isPresent', value: 130 }, value: 50 },
        },
      },
      {
        transform: [{ filter: 'datum.isPresent' }],
        mark: { type: 'text', align: 'right', dx: -10, dy: 14, fontWeight: 'bold', color: palette.ink },
        encoding: { x, y, text: { field: 'label', type: 'nominal' } },
      },
    ],
  });
}
