import type { Cell } from '../../connectors/engines/engine.ts';
import { money, whole } from '../print-run-summary.ts';

/**
 * A value as a person reads it: exact decimals with two places where the others are zeros, other numbers with four
 * places at most, thousands parted; null where there is none.
 */
export function figure(cell: Cell | undefined): string | null {
  if (cell === null || cell === undefined) return null;
  if (typeof cell === 'number') return cell.toLocaleString('en-US', { maximumFractionDigits: 4 });
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no';
  if (/^-?\d+$/.test(cell)) return cell.length < 16 ? whole(Number(cell)) : cell;
  const decimal = /^(-?\d+\.\d{2})(\d*)$/.exec(cell);
  if (decimal === null) return printable(cell);
  const [, short = '', rest = ''] = decimal;
  return money(/^0*$/.test(rest) ? short : cell);
}

export function cellText(cell: Cell | undefined): string | null {
  return cell === null || cell === undefined ? null : printable(String(cell));
}

/** A name that somebody typed into a form gives the terminal no orders. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  return text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\ufffd');
}

/** `12.5 %` of 0.125 */
export function percent(share: Cell | undefined): string | null {
  if (share === null || share === undefined) return null;
  return `${(Number(share) * 100).toFixed(1)} %`;
}
