import type { Chart } from './draw-chart.ts';

export interface HeatCell {
  /** From 1, left to right. */
  column: number;
  /** From 1, below to above. */
  row: number;
  count: number;
}

/** How many fall into each cell of a grid: the more, the stronger the colour; the number stands in it. */
export function heatMap(cells: readonly HeatCell[], titles: { x: string; y: string }): Chart {
  const most = Math.max(1, ...cells.map(({ count }) => count));
  return (width, palette) => {
    const side = Math.min(width - 60, 480);
    const x = {
      field: 'column',
      type: 'ordinal' as const,
      title: titles.x,
      axis: { labelAngle: 0, ticks: false },
    };
    const y = {
      field: 'row',
      type: 'ordinal' as const,
      sort: 'descending' as const,
      title: titles.y,
      axis: { ticks: false },
    };
    return {
      width: side,
      height: side,
      padding: 4,
      data: { values: cells.map((cell) => ({ ...cell, strength: 0.08 + (0.72 * cell.count) / most })) },
      layer: [
        {
          mark: { type: 'rect', color: palette.gain },
          encoding: { x, y, opacity: { field: 'strength', type: 'quantitative', scale: null, legend: null } },
        },
        // Numbers have no room in the cells of a telephone.
        ...(width > 400
          ? [
              {
                mark: { type: 'text' as const, color: palette.ink },
                encoding: { x, y, text: { field: 'count', type: 'quantitative' as const } },
              },
            ]
          : []),
      ],
    };
  };
}
