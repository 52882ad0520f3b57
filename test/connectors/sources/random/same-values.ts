import type { Cell } from '../../../../connectors/engines/engine.ts';
import type { RawType } from '../../../../connectors/sources/source.ts';

/** A value as the server of the source writes it, brought to one spelling for each raw type. */
export function ofSource(text: string | null, type: RawType): string | null {
  if (text === null) return null;
  if (typeof type === 'object') return plainDecimal(text);
  switch (type) {
    case 'boolean':
      return String(['t', 'true', '1'].includes(text));
    case 'double':
      return double(Number(text));
    case 'time':
    case 'timestamp':
      return plainFraction(text);
    case 'timestamptz':
      return plainFraction(text.replace(/\+00$/, ''));
    default:
      return withoutMark(text);
  }
}

/** The same of what an engine gives back. */
export function ofEngine(cell: Cell, type: RawType): string | null {
  if (cell === null) return null;
  if (typeof type === 'object') return plainDecimal(String(cell));
  switch (type) {
    case 'double':
      return double(Number(cell));
    case 'time':
      return plainFraction(String(cell));
    case 'timestamp':
    case 'timestamptz':
      return plainFraction(String(cell).replace('T', ' ').replace(/Z$/, ''));
    default:
      return withoutMark(String(cell));
  }
}

/** DuckDB's driver drops it when it reads a text; that it landed is told by the checksums. */
function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/, '');
}

function double(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** Without zeros at the end, and without the point before none. */
function plainDecimal(text: string): string {
  const plain = text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text;
  return plain === '-0' ? '0' : plain;
}

function plainFraction(text: string): string {
  return text.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
}
