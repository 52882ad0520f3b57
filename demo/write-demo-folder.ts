import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportedAt, openedAt } from './calendar.ts';
import { csvHeader, csvLines, plainStyle } from './csv-line.ts';
import { rowsFile } from './databases.ts';
import { demoConfig, exchangeRates } from './demo-config.ts';
import {
  eventsExport,
  referralsExport,
  subscribersExport,
  surveysExport,
  visitsExport,
} from './exports/marketing-exports.ts';
import { contactsExport, type Export, ticketsExport } from './exports/service-exports.ts';
import { type CompanySize, generateCompany } from './generate.ts';
import { type SiloTable, type SiloTableName, siloTables } from './tables.ts';
import { TextFile } from './text-file.ts';

/**
 * Makes the demo company in `folder`: the config, the exports of service and marketing in all their mess, the
 * rows of the two databases, and the truth, which nothing but the measuring reads. The same size and seed
 * give the same files; what a run made there earlier stays.
 */
export async function writeDemoFolder(size: CompanySize, folder: string): Promise<void> {
  for (const part of ['exports', 'truth']) await rm(join(folder, part), { recursive: true, force: true });
  const service = join(folder, 'exports', 'service');
  const marketing = join(folder, 'exports', 'marketing');
  await mkdir(join(folder, 'databases'), { recursive: true });
  const visits = visitsExport(marketing);
  const exports: Record<SiloTableName, Export> = {
    billingCustomers: databaseRows(folder, siloTables.billingCustomers),
    billingPayments: databaseRows(folder, siloTables.billingPayments),
    shopCustomers: databaseRows(folder, siloTables.shopCustomers),
    shopOrders: databaseRows(folder, siloTables.shopOrders),
    shopOrderLines: databaseRows(folder, siloTables.shopOrderLines),
    shopReturns: databaseRows(folder, siloTables.shopReturns),
    contacts: contactsExport(service),
    tickets: ticketsExport(service),
    subscribers: subscribersExport(marketing),
    campaignEvents: eventsExport(marketing),
    referrals: referralsExport(marketing),
    surveys: surveysExport(marketing),
    visits,
    truth: truthFile(folder),
  };
  generateCompany(size, (table, row) => exports[table].add(row));
  for (const one of Object.values(exports)) one.close();
  await visits.finish();
  await writeFile(join(folder, 'whalecurve.yml'), demoConfig);
  await writeFile(join(folder, 'rates.csv'), exchangeRates(openedAt, exportedAt));
}

export function truthPath(folder: string): string {
  return join(folder, 'truth', 'accounts.csv');
}

function truthFile(folder: string): Export {
  const file = new TextFile(truthPath(folder));
  file.write(csvHeader(siloTables.truth.columns, plainStyle));
  const line = csvLines(siloTables.truth.columns, plainStyle);
  return { add: (row) => file.write(line(row)), close: () => file.close() };
}

function databaseRows(folder: string, table: SiloTable): Export {
  const file = new TextFile(rowsFile(folder, table));
  const line = csvLines(table.columns, plainStyle);
  return { add: (row) => file.write(line(row)), close: () => file.close() };
}
