import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WhalecurveError } from '../../config/error.ts';
import { exportedAt, openedAt } from '../calendar.ts';
import { exchangeRates } from '../demo-config.ts';
import {
  eventsExport,
  referralsExport,
  subscribersExport,
  surveysExport,
  visitsExport,
} from '../exports/marketing-exports.ts';
import type { Export } from '../exports/service-exports.ts';
import { type SiloTable, siloTables } from '../tables.ts';
import { demoMark, type SiloWriter, unfinishedMark } from './silo-writer.ts';

/** Writes `FOLDER/marketing`, the exports of the marketing tools, and `FOLDER/rates.csv`. */
export function openFiles(folder: string): SiloWriter {
  const marketing = join(folder, 'marketing');
  const markFile = join(folder, 'company.txt');
  let exports = new Map<string, Export>();
  let visits: ReturnType<typeof visitsExport> | undefined;
  return {
    place: folder,

    async heldCompany() {
      if (!existsSync(markFile)) {
        if (existsSync(marketing)) throw foreignFolder(marketing);
        return null;
      }
      const mark = (await readFile(markFile, 'utf8')).trim();
      if (!mark.startsWith(demoMark)) throw foreignFolder(folder);
      return mark;
    },

    async begin() {
      await mkdir(folder, { recursive: true });
      await writeFile(markFile, `${unfinishedMark}\n`);
      await rm(marketing, { recursive: true, force: true });
      visits = visitsExport(marketing);
      exports = new Map<string, Export>([
        [siloTables.subscribers.name, subscribersExport(marketing)],
        [siloTables.campaignEvents.name, eventsExport(marketing)],
        [siloTables.referrals.name, referralsExport(marketing)],
        [siloTables.surveys.name, surveysExport(marketing)],
        [siloTables.visits.name, visits],
      ]);
    },

    async add({ name }, rows) {
      for (const row of rows) exports.get(name)?.add(row);
    },

    async finish(mark) {
      closeAll(exports);
      await visits?.finish();
      await writeFile(join(folder, 'rates.csv'), exchangeRates(openedAt, exportedAt));
      await writeFile(markFile, `${mark}\n`);
    },

    close: async () => closeAll(exports),
  };
}

/** The tables that become files. */
export const fileTables: readonly SiloTable[] = Object.values(siloTables).filter(
  ({ silo }) => silo === 'marketing',
);

function closeAll(exports: Map<string, Export>): void {
  for (const one of exports.values()) one.close();
  exports.clear();
}

function foreignFolder(path: string): WhalecurveError {
  return new WhalecurveError('WC-DEMO-001', `${path} is there already, and \`demo seed\` did not make it`, {
    where: 'marketing',
    hint: 'name an empty folder by --files; nothing was changed in this one',
  });
}
