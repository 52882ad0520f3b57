import type { TopLevelSpec } from 'vega-lite';
import type { Palette } from './palette.ts';

/** A chart of vega-lite without its `$schema` and look, for a width in pixels and a palette. */
export type Chart = (
  width: number,
  palette: Palette,
) => Omit<TopLevelSpec, '$schema' | 'config' | 'background'>;

/** Draws a chart as an SVG document, without a browser or a canvas: vega-lite describes it, vega draws it. */
export async function drawChart(chart: Chart, width: number, palette: Palette): Promise<string> {
  // Loaded here: the two are large, and only who wants a picture should wait for them.
  const vega = await import('vega');
  const vegaLite = await import('vega-lite');
  const specification = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    ...chart(width, palette),
    background: palette.ground,
    config: lookOf(palette),
  } as TopLevelSpec;
  const { spec } = vegaLite.compile(specification);
  const view = new vega.View(vega.parse(spec), { renderer: 'none' });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

function lookOf({ ink, quiet, grid }: Palette): NonNullable<TopLevelSpec['config']> {
  return {
    font: 'system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif',
    view: { stroke: null },
    title: {
      anchor: 'start',
      fontSize: 17,
      color: ink,
      subtitleColor: quiet,
      subtitleFontSize: 13,
      offset: 18,
    },
    axis: {
      labelColor: ink,
      labelFontSize: 12,
      titleColor: ink,
      titleFontSize: 12,
      titleFontWeight: 'normal',
      gridColor: grid,
      tickColor: grid,
      domain: false,
    },
    legend: {
      labelColor: ink,
      labelFontSize: 12,
      titleColor: ink,
      titleFontSize: 12,
      titleFontWeight: 'normal',
    },
    text: { color: ink, fontSize: 12 },
  };
}
