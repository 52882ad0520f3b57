import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { figuresIn } from '../../../report/page/figures.ts';
import { html } from '../../../report/page/html.ts';
import { table } from '../../../report/page/table.ts';

describe('what stands in the page', () => {
  it('is text, whatever somebody typed: no tag, no attribute and no entity gets through', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const made = html`<p title="${text}">${text}</p>`.html;
        expect(made.match(/[<>"']/g)?.join('')).toBe('<""><>');
        expect(made.replaceAll(/&(amp|lt|gt|quot|#39);/g, '')).not.toContain('&');
      }),
      { numRuns: 200 },
    );
  });

  it('heads each row of a table by its first cell and escapes every cell and title', () => {
    const made = table(
      '<b>',
      [{ name: '<i>', amount: '1' }],
      [
        { title: '<u>', cell: ({ name }) => name },
        { title: 'Amount', isNumber: true, cell: ({ amount }) => amount },
      ],
    ).html;
    expect(made).toContain('<caption>&lt;b&gt;</caption>');
    expect(made).toContain('<th scope="col">&lt;u&gt;</th>');
    expect(made).toContain('<th scope="row">&lt;i&gt;</th><td class="number">1</td>');
    expect(made).not.toMatch(/<[bui]>/);
  });

  it('is money with its currency and its thousands parted, exact beyond what a double holds', () => {
    const small = figuresIn('EUR', '99999.0000');
    expect(small.money('1234.5000')).toBe('€1,234.50');
    expect(small.money('-0.0600')).toBe('−€0.06');
    expect(small.money(null)).toBe('–');
    const large = figuresIn('JPY', '10000000000.0000');
    expect(large.money('90071992547409931.0000')).toBe('¥90,071,992,547,409,931');
    expect(figuresIn('GBP', '100000.00').money('1234.5600')).toBe('£1,235');
  });
});
