import { join } from 'node:path';
import iconv from 'iconv-lite';
import { dateText, timeText } from '../calendar.ts';
import { type CsvStyle, csvLines, moneyText } from '../csv-line.ts';
import { type Row, siloTables } from '../tables.ts';
import { TextFile } from '../text-file.ts';

/**
 * The service desk is run by a firm in Hamburg, whose tool exports as their spreadsheets like it:
 * semicolons, Windows-1252, `1.234,56`, `31.12.2025 14:05`, lines ended by CR LF, notes with line breaks.
 */
const germanStyle: CsvStyle = {
  delimiter: ';',
  newline: '\r\n',
  text: {
    text: String,
    integer: String,
    boolean: (value) => (value ? 'ja' : 'nein'),
    money: (value) => germanNumber(Number(value)),
    time: (value) => germanTime(Number(value)),
    date: (value) => germanDay(Number(value)),
  },
};

/** Rows that no parser should swallow; each ends in quarantine with its reason. */
export const brokenTickets: readonly { row: readonly string[]; why: string }[] = [
  { row: ['TX-1', '', '03.02.2025 10:12', '', 'phone', 'inquiry', '4,50', '', '', ''], why: 'no contact' },
  {
    row: ['TX-2', 'K-0004711', '04.02.2025 11:30', '', 'fax', 'inquiry', '3,00', '', '', 'came by fax'],
    why: 'unknown channel',
  },
  {
    row: ['TX-3', 'K-0004711', '05.02.2025 09:05', '', 'phone', 'billing', '6,00', 'zwölf Euro', '', ''],
    why: 'an amount in words',
  },
  {
    row: ['TX-4', 'K-0004711', '31.02.2025 16:40', '', 'email', 'complaint', '8,00', '', '2', ''],
    why: 'a day that does not exist',
  },
  {
    row: ['TX-5', 'K-0004711', '', '', 'chat', 'technical', '5,00', '', '', 'no time noted'],
    why: 'no time of opening',
  },
  {
    row: ['TX-6', 'K-0004711', '07.02.2025 12:00', '', 'email', 'inquiry', '2,50', '', 'sehr gut', ''],
    why: 'satisfaction in words',
  },
];

export interface Export {
  add(row: Row): void;
  close(): void;
}

export function contactsExport(folder: string): Export {
  return germanFile(join(folder, 'contacts.csv'), siloTables.contacts.columns, []);
}

export function ticketsExport(folder: string): Export {
  const broken = brokenTickets.map(({ row }) => row);
  return germanFile(join(folder, 'tickets.csv'), siloTables.tickets.columns, broken);
}

function germanFile(
  path: string,
  columns: Parameters<typeof csvLines>[0],
  brokenRows: readonly (readonly string[])[],
): Export {
  const file = new TextFile(path, (text) => iconv.encode(text, 'windows-1252'));
  const line = csvLines(columns, germanStyle);
  let rows = 0;
  file.write(Object.keys(columns).join(';') + germanStyle.newline);
  return {
    add: (row) => {
      // Spread over the file, and not all at its end.
      const broken = rows % 20 === 19 ? brokenRows[(rows - 19) / 20] : undefined;
      if (broken !== undefined) file.write(broken.join(';') + germanStyle.newline);
      file.write(line(row));
      rows += 1;
    },
    close: () => file.close(),
  };
}

function germanNumber(hundredths: number): string {
  const [whole = '', cents = ''] = moneyText(hundredths).split('.');
  return `${whole.replace(/\B(?=(\d{3})+$)/g, '.')},${cents}`;
}

function germanDay(at: number): string {
  const [year, month, dayOfMonth] = dateText(at).split('-');
  return `${dayOfMonth}.${month}.${year}`;
}

function germanTime(at: number): string {
  return `${germanDay(at)} ${timeText(at).slice(11, 16)}`;
}
