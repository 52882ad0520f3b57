import type { TopLevelSpec } from 'vega-lite';
import type { WhaleCurve } from './whale-curve.ts';

/** The whale curve as an SVG document, without a browser or a canvas: vega-lite describes it, vega draws it. */
export async function whaleCurveSvg(curve: WhaleCurve): Promise<string> {
  // Loaded here: the two are large, and only who wants a picture should wait for them.
  const vega = await import('vega');
  const vegaLite = await import('vega-lite');
  const { spec } = vegaLite.compile(specificationOf(curve));
  const view = new vega.View(vega.parse(spec), { renderer: 'none' });
  try {
    return `${await view.toSVG()}\n`;
  } finally {
    view.finalize();
  }
}

const ink = '#1f2a37';
const quiet = '#8a94a3';
const profit = '#0f766e';
const loss = '#b42318';

function specificationOf({ points, peak }: WhaleCurve): TopLevelSpec {
  const values = points.map(({ percentile, share }) => ({
    customers: percentile / 100,
    profit: share,
    isPastPeak: percentile / 100 > peak.customerShare,
  }));
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
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    width: 640,
    height: 320,
    padding: 16,
    background: 'white',
    title: {
      text: `The best ${percent(peak.customerShare)} of the customers earn ${percent(peak.share)} of the profit`,
      subtitle: `The others cost ${percent(peak.share - 1)} of it: what the curve falls back`,
    },
    data: { values },
    layer: [
      { mark: { type: 'area', color: profit, opacity: 0.12 }, encoding: { x, y } },
      {
        transform: [{ filter: `datum.customers >= ${peak.customerShare}` }],
        mark: { type: 'area', color: loss, opacity: 0.16 },
        encoding: { x, y, y2: { datum: peak.share } },
      },
      {
        data: { values: [{ profit: 1 }] },
        mark: { type: 'rule', color: quiet, strokeDash: [5, 4] },
        encoding: { y },
      },
      {
        mark: { type: 'line', color: profit, strokeWidth: 2.5, interpolate: 'monotone' },
        encoding: { x, y },
      },
      {
        data: { values: [{ customers: peak.customerShare, profit: peak.share }] },
        layer: [
          { mark: { type: 'point', filled: true, size: 90, color: loss, opacity: 1 }, encoding: { x, y } },
          {
            mark: {
              type: 'text',
              dy: -14,
              fontWeight: 'bold',
              color: ink,
              text: `peak ${percent(peak.share)}`,
            },
            encoding: { x, y },
          },
        ],
      },
    ],
    config: {
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
        titleColor: ink,
        titleFontWeight: 'normal',
        gridColor: '#e6e9ee',
        domain: false,
      },
    },
  };
}
