import { type Bar, barChart } from '../charts/bar-chart.ts';
import { chartFigure } from './chart-figure.ts';
import type { Html } from './html.ts';

/** Bars within the page; nothing where there is none. Their description says each with its label. */
export async function barFigure(
  id: string,
  title: string,
  bars: readonly Bar[],
  axisTitle: string,
): Promise<Html | null> {
  if (bars.length === 0) return null;
  const description = bars.map(({ name, label }) => `${name}: ${label}`).join('; ');
  return chartFigure({ id, title, description }, barChart(bars, axisTitle));
}
