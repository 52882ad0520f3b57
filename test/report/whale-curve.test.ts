import { describe, expect, it } from '@jest/globals';
import type { WhaleCurve } from '../../report/whale-curve.ts';
import { whaleCurveSvg } from '../../report/whale-curve-svg.ts';
import { whaleCurveCaption, whaleCurveText } from '../../report/whale-curve-text.ts';

// Rises to 140 % at 60 % of the customers and falls back to 100 %.
const curve: WhaleCurve = {
  points: Array.from({ length: 101 }, (_, percentile) => ({
    percentile,
    share: percentile <= 60 ? (1.4 * percentile) / 60 : 1.4 - (0.4 * (percentile - 60)) / 40,
  })),
  peak: { customerShare: 0.6, share: 1.4 },
  netContribution: '1000.0000',
};

describe('the whale curve in the terminal', () => {
  const text = whaleCurveText(curve);

  it('fits 80 columns and has no colours', () => {
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(text).not.toContain('\u001b');
  });

  it('shows the line of 100 % and marks the peak above it', () => {
    const lines = text.split('\n');
    const hundred = lines.findIndex((line) => line.includes('100 %') && line.includes('╌'));
    const peak = lines.findIndex((line) => line.includes('●'));
    expect(peak).toBeGreaterThanOrEqual(0);
    expect(peak).toBeLessThan(hundred);
  });

  it('says in words what it shows', () => {
    expect(whaleCurveCaption(curve)).toBe(
      'The best 60 % of the customers earn 140 % of the profit; the others cost 40 % of it.',
    );
  });

  it('has room for a curve that goes far above and below', () => {
    const wild = { ...curve, points: [...curve.points.slice(0, 100), { percentile: 100, share: -1.2 }] };
    expect(whaleCurveText({ ...wild, peak: { customerShare: 0.6, share: 1.4 } })).toContain('100 %');
  });
});

describe('the whale curve as a picture', () => {
  it('is an SVG with the axes, the peak and the words', async () => {
    const svg = await whaleCurveSvg(curve);
    expect(svg).toMatch(/^<svg /);
    expect(svg).toContain('peak 140 %');
    expect(svg).toContain('Cumulative share of the profit');
    expect(svg).toContain('The best 60 % of the customers earn 140 % of the profit');
    expect(svg).not.toMatch(/NaN|undefined/);
  });
});
