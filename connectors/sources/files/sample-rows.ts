import papaparse from 'papaparse';
import { RecordCounter } from './count-records.ts';

export interface Separators {
  delimiter: string;
  quote: string;
}

/**
 * The records of a sample, as fields. Newlines are made one by the same code that makes them one on the way to the
 * engine. A sample that is not the whole file loses its last record, which may be cut.
 */
export function sampleRows(text: string, { delimiter, quote }: Separators, isWhole: boolean): string[][] {
  const counter = new RecordCounter('sample', {
    // A delimiter of several characters matters to the counter only at the start of a quoted field.
    delimiter: delimiter.slice(-1),
    quote,
    columns: 0,
  });
  const lines = counter.scan(Buffer.from(text.replaceAll('\0', ''))).toString();
  const parsed = papaparse.parse<string[]>(lines, {
    delimiter,
    quoteChar: quote,
    newline: '\n',
    skipEmptyLines: false,
  });
  const rows = isWhole ? parsed.data : parsed.data.slice(0, -1);
  return rows.filter((row) => row.length > 1 || row[0] !== '');
}
