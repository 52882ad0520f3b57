import { type Chart, drawChart } from '../charts/draw-chart.ts';
import { pagePalette } from '../charts/palette.ts';
import { type Html, html, trusted } from './html.ts';

/** Widths in pixels: for a screen or paper, and for a telephone, where a picture made smaller cannot be read. */
const widths = { wide: 700, narrow: 330 } as const;

interface ChartWords {
  /** Unique in the page. */
  id: string;
  /** What the chart is. */
  title: string;
  /** What it shows, for those who do not see it; the numbers stand in a table beside it. */
  description: string;
}

/** A chart within the page, drawn twice: the style of the page shows the one that fits. */
export async function chartFigure({ id, title, description }: ChartWords, chart: Chart): Promise<Html> {
  const drawings: Html[] = [];
  for (const [name, width] of Object.entries(widths)) {
    const svg = await drawChart(chart, width, pagePalette);
    drawings.push(html`<div class="${name}">${accessible(svg, `${id}-${name}`, title, description)}</div>`);
  }
  return html`<figure>${drawings}<figcaption>${title}</figcaption></figure>
`;
}

/** One picture with a name and a description, where vega speaks of each mark. */
function accessible(svg: string, id: string, title: string, description: string): Html {
  const silent = svg.replaceAll(/ (?:role|aria-[a-z]+)="[^"]*"/g, '');
  const words = html`<svg role="img" aria-labelledby="${id}-title ${id}-text"`.html;
  const named = html`<title id="${id}-title">${title}</title><desc id="${id}-text">${description}</desc>`
    .html;
  return trusted(silent.replace('<svg', words).replace('>', `>${named}`));
}
