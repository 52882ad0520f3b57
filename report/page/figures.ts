import type { Cell } from '../../connectors/engines/engine.ts';

/** How the report writes numbers. A missing one is a dash. */
export interface Figures {
  /** Money in the reporting currency. Exact text stays exact: no digit passes through a float. */
  money(amount: Cell | undefined): string;
  count(amount: Cell | undefined): string;
  /** A share where 1 is 100 %. */
  percent(share: Cell | undefined): string;
  /** Any other number, with four digits at most. */
  number(amount: Cell | undefined): string;
}

/** Where a company turns over less than this, its cents are worth showing. */
const centsBelow = 100_000;

/** @param netRevenue of the whole company, exact text */
export function figuresIn(currency: string, netRevenue: string): Figures {
  const digits = Math.abs(Number(netRevenue)) < centsBelow ? {} : { maximumFractionDigits: 0 };
  const money = new Intl.NumberFormat('en-US', { style: 'currency', currency, ...digits });
  const count = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
  const percent = new Intl.NumberFormat('en-US', { style: 'percent', maximumFractionDigits: 1 });
  const number = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 4 });
  return {
    money: withFormat(money),
    count: withFormat(count),
    percent: withFormat(percent),
    number: withFormat(number),
  };
}

function withFormat(format: Intl.NumberFormat): (cell: Cell | undefined) => string {
  return (cell) => {
    if (cell === null || cell === undefined || cell === '') return '–';
    // Text of digits is formatted as it stands (Intl.NumberFormat v3).
    return format.format(cell as number).replace('-', '−');
  };
}
