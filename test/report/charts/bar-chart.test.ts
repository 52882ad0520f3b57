import { describe, expect, it } from '@jest/globals';
import { barChart } from '../../../report/charts/bar-chart.ts';
import { drawChart } from '../../../report/charts/draw-chart.ts';
import { pagePalette } from '../../../report/charts/palette.ts';
import { barFigure } from '../../../report/page/bar-figure.ts';

const draw = (bars: Parameters<typeof barChart>[0], width = 330) =>
  drawChart(barChart(bars, 'Money'), width, pagePalette);

describe('a bar chart', () => {
  it('is exactly as wide as was asked, however long the names are, and cuts only names without room', async () => {
    const long = 'a segment with a name that has no room on a telephone';
    const svg = await draw([
      { name: 'short', amount: 5, label: '5' },
      { name: long, amount: -3, label: '−3' },
    ]);
    expect(svg).toMatch(/<svg [^>]*width="330"/);
    expect(svg).toContain('>short</text>');
    expect(svg).not.toContain(long);
    expect(svg).toMatch(/>a segment with a na[^<]*…<\/text>/);
    expect(await draw([{ name: long, amount: 1, label: '1' }], 900)).toContain(`>${long}</text>`);
  });

  it('colours losses, draws them to the left of zero, and keeps two bars of one name apart', async () => {
    const svg = await draw([
      { name: 'north', amount: 10, label: 'ten' },
      { name: 'north', amount: -10, label: 'minus ten' },
    ]);
    expect(svg.match(/fill="var\(--gain\)"/g)).toHaveLength(1);
    expect(svg.match(/fill="var\(--loss\)"/g)).toHaveLength(1);
    expect(svg.match(/>north<\/text>/g)).toHaveLength(2);
    expect(svg).toMatch(/text-anchor="end"[^>]*>minus ten</);
  });

  it('shows names as text, whatever they hold', async () => {
    const svg = await draw([{ name: '<b>"\'] + 1', amount: 1, label: '</text>' }], 700);
    expect(svg).toMatch(/>&lt;b&gt;"'\] \+ 1<\/text>/);
    expect(svg).toContain('>&lt;/text&gt;<');
  });

  it('of nothing but zeros has no number that is none, and of no bar at all is no figure', async () => {
    const svg = await draw([{ name: 'none', amount: 0, label: '0' }]);
    expect(svg.match(/NaN|Infinity|undefined/g)).toBeNull();
    expect(await barFigure('id', 'Nothing', [], 'Money')).toBeNull();
  });
});
