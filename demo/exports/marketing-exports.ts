import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { quoteText } from '../../connectors/engines/quote.ts';
import { timeText } from '../calendar.ts';
import { csvHeader, csvLines, moneyText, plainStyle } from '../csv-line.ts';
import { type Row, type SiloTable, siloTables } from '../tables.ts';
import { TextFile } from '../text-file.ts';
import type { Export } from './service-exports.ts';

/** The newsletter tool writes CSV with a byte order mark, so that spreadsheets see the accents. */
export function subscribersExport(folder: string): Export {
  return csvFile(join(folder, 'subscribers.csv'), siloTables.subscribers, '\uFEFF');
}

export function referralsExport(folder: string): Export {
  return csvFile(join(folder, 'referrals.csv'), siloTables.referrals, '');
}

export function surveysExport(folder: string): Export {
  return csvFile(join(folder, 'surveys.csv'), siloTables.surveys, '');
}

/** One file of JSON lines a year, as an event stream is archived. */
export function eventsExport(folder: string): Export {
  const files = new Map<string, TextFile>();
  const fileOf = (year: string): TextFile => {
    const known = files.get(year);
    if (known !== undefined) return known;
    const file = new TextFile(join(folder, 'events', `${year}.jsonl`));
    files.set(year, file);
    return file;
  };
  return {
    add: ([event_id, subscriber, campaign, event, at, channel, cost]: Row) => {
      const time = timeText(Number(at));
      const record = {
        event_id,
        subscriber,
        campaign,
        event,
        happened_at: `${time.replace(' ', 'T')}Z`,
        channel,
        cost: typeof cost === 'number' ? moneyText(cost) : null,
      };
      fileOf(time.slice(0, 4)).write(`${JSON.stringify(record)}\n`);
    },
    close: () => {
      for (const file of files.values()) file.close();
    },
  };
}

/** The web tracker writes Parquet; the rows pass through a CSV file, which `finish` turns into it. */
export function visitsExport(folder: string): Export & { finish(): Promise<void> } {
  const rows = join(folder, 'visits.rows.csv');
  const csv = csvFile(rows, siloTables.visits, '');
  return {
    ...csv,
    finish: async () => {
      const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
      const connection = await instance.connect();
      // In the order of the rows, so that the file is the same every time.
      await connection.run(
        `copy (from read_csv(${quoteText(rows)}, header = true, all_varchar = false,
                             columns = {visit_id: 'VARCHAR', subscriber: 'VARCHAR', began_at: 'TIMESTAMP',
                                        seconds: 'INTEGER', pages: 'INTEGER'}))
         to ${quoteText(join(folder, 'visits.parquet'))} (format parquet, compression zstd)`,
      );
      connection.closeSync();
      instance.closeSync();
      rmSync(rows);
    },
  };
}

function csvFile(path: string, { columns }: SiloTable, mark: string): Export {
  const file = new TextFile(path);
  const line = csvLines(columns, plainStyle);
  file.write(mark + csvHeader(columns, plainStyle));
  return { add: (row) => file.write(line(row)), close: () => file.close() };
}
