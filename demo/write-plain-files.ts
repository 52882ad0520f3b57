import { join } from 'node:path';
import { csvHeader, csvLines, plainStyle } from './csv-line.ts';
import { type CompanySize, generateCompany } from './generate.ts';
import { type Row, type SiloTableName, siloTable, siloTableNames } from './tables.ts';
import { TextFile } from './text-file.ts';

/** Writes each table as `FOLDER/<silo>/<table>.csv`, clean, for benchmarks. Gives the rows of each. */
export function writePlainFiles(size: CompanySize, folder: string): Record<SiloTableName, number> {
  const writers = siloTableNames.map((name): [SiloTableName, TableWriter] => {
    const table = siloTable(name);
    const file = new TextFile(join(folder, table.silo, `${table.name}.csv`));
    file.write(csvHeader(table.columns, plainStyle));
    return [name, { file, line: csvLines(table.columns, plainStyle), rows: 0 }];
  });
  const byTable = new Map(writers);
  generateCompany(size, (table, row) => {
    const writer = byTable.get(table);
    if (writer === undefined) return;
    writer.file.write(writer.line(row));
    writer.rows += 1;
  });
  for (const [, { file }] of writers) file.close();
  return Object.fromEntries(writers.map(([name, { rows }]) => [name, rows])) as Record<SiloTableName, number>;
}

interface TableWriter {
  file: TextFile;
  line: (row: Row) => string;
  rows: number;
}
