import { dateText, timeText } from './calendar.ts';
import type { ColumnKind, Row, Value } from './tables.ts';

export interface CsvStyle {
  delimiter: string;
  newline: string;
  text: Record<ColumnKind, (value: Value) => string>;
}

/** As a database writes it: ISO dates, points, UTC; NULL is an empty field. */
export const plainStyle: CsvStyle = {
  delimiter: ',',
  newline: '\n',
  text: {
    text: String,
    integer: String,
    boolean: String,
    money: (value) => moneyText(Number(value)),
    time: (value) => `${timeText(Number(value))}Z`,
    date: (value) => dateText(Number(value)),
  },
};

/** Gives the function that writes one row as a line. */
export function csvLines(
  columns: Readonly<Record<string, ColumnKind>>,
  style: CsvStyle,
): (row: Row) => string {
  const texts = Object.values(columns).map((kind) => style.text[kind]);
  const { delimiter, newline } = style;
  const needsQuotes = new RegExp(`["\\r\\n${delimiter}]`);
  return (row) => {
    let line = '';
    for (let position = 0; position < texts.length; position += 1) {
      if (position > 0) line += delimiter;
      const value = row[position];
      const text = texts[position];
      if (value === null || value === undefined || text === undefined) continue;
      const written = text(value);
      line +=
        typeof value === 'string' && (written === '' || needsQuotes.test(written))
          ? quoted(written)
          : written;
    }
    return line + newline;
  };
}

export function csvHeader(
  columns: Readonly<Record<string, ColumnKind>>,
  { delimiter, newline }: CsvStyle,
): string {
  return Object.keys(columns).join(delimiter) + newline;
}

/** `-12.05` from pence. */
export function moneyText(pence: number): string {
  const digits = String(Math.abs(pence)).padStart(3, '0');
  return `${pence < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
