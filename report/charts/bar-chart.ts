import type { Chart } from './draw-chart.ts';

export interface Bar {
  name: string;
  /** May be negative. */
  amount: number;
  /** What is written beside the bar. */
  label: string;
}

/** Mean width of a letter at 12 pixels. Without a canvas vega reckons 9.6, and would cut names that fit. */
const letterWidth = 6.8;

/** Bars from the left, one below the other in the order given; what is below zero goes to the left, in red. */
export function barChart(bars: readonly Bar[], axisTitle: string): Chart {
  // Numbered, since two bars may have one name.
  const values = bars.map((bar, place) => ({ ...bar, place }));
  const names = values.map(({ name }) => name);
  return (width, palette) => {
    const nameWidth = Math.ceil(Math.min(width * 0.45, longest(names) * letterWidth));
    const margin = { left: nameWidth + 8, right: 8, top: 4, bottom: 44 };
    const plotWidth = width - margin.left - margin.right;
    const shown = names.map((name) => shortened(name, Math.floor(nameWidth / letterWidth)));
    const y = {
      field: 'place',
      type: 'ordinal' as const,
      sort: null,
      title: null,
      axis: {
        labelExpr: `${JSON.stringify(shown)}[datum.value]`,
        labelLimit: 0,
        ticks: false,
        grid: false,
      },
    };
    const x = {
      field: 'amount',
      type: 'quantitative' as const,
      title: axisTitle,
      axis: { format: '~s', tickCount: 4 },
      scale: { domain: domainOf(bars, plotWidth), nice: false },
    };
    const text = { field: 'label', type: 'nominal' as const };
    return {
      width: plotWidth,
      height: { step: 30 },
      // The room for the names is reckoned here, so that the picture is as wide as was asked.
      autosize: 'none',
      padding: margin,
      data: { values },
      layer: [
        {
          // Round corners would need clip paths, which vega numbers anew in each picture of a process.
          mark: { type: 'bar', height: { band: 0.62 } },
          encoding: {
            x,
            y,
            color: { condition: { test: 'datum.amount < 0', value: palette.loss }, value: palette.gain },
          },
        },
        {
          transform: [{ filter: 'datum.amount >= 0' }],
          mark: { type: 'text', align: 'left', dx: 5, color: palette.ink },
          encoding: { x, y, text },
        },
        {
          transform: [{ filter: 'datum.amount < 0' }],
          mark: { type: 'text', align: 'right', dx: -5, color: palette.ink },
          encoding: { x, y, text },
        },
      ],
    };
  };
}

/** From the least amount to the most, with room at the ends for what is written beside the bars. */
function domainOf(bars: readonly Bar[], plotWidth: number): [number, number] {
  const below = bars.filter(({ amount }) => amount < 0);
  const above = bars.filter(({ amount }) => amount >= 0);
  const least = Math.min(0, ...bars.map(({ amount }) => amount));
  const most = Math.max(0, ...bars.map(({ amount }) => amount));
  const shareOf = (some: readonly Bar[]): number =>
    some.length === 0 ? 0 : Math.min(0.6, (longest(some.map(({ label }) => label)) * 7 + 12) / plotWidth);
  const [left, right] = [shareOf(below), shareOf(above)];
  const whole = (most - least || 1) / (1 - left - right);
  return [least - left * whole, most + right * whole];
}

function shortened(name: string, letters: number): string {
  return name.length > letters ? `${name.slice(0, Math.max(1, letters - 1))}…` : name;
}

function longest(texts: readonly string[]): number {
  return Math.max(...texts.map((text) => text.length), 0);
}
