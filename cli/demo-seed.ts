import { resolve } from 'node:path';
import type { Command, Option } from 'commander';
import { WhalecurveError } from '../config/error.ts';
import { secretsOfUrl } from '../config/redact.ts';
import { type SeededSilo, type SeedResult, seedCompany } from '../demo/seed/seed-company.ts';
import { type CommandIo, print, printJson } from './command-io.ts';
import { example } from './example.ts';
import { globalOptions } from './global-options.ts';
import { untilInterrupted } from './until-interrupted.ts';

interface SeedFlags {
  customers: number;
  seed: number;
  finance?: string;
  sales?: string;
  service?: string;
  marketing?: string;
  keep?: true;
}

/** Where each silo goes, where no option says it: a password on the command line is seen by everyone. */
const variables: Record<SeededSilo, string> = {
  finance: 'SEED_FINANCE_URL',
  sales: 'SEED_SALES_URL',
  service: 'SEED_SERVICE_URL',
  marketing: 'SEED_MARKETING_FOLDER',
};

/** `whalecurve demo seed` */
export function registerDemoSeed(demo: Command, io: CommandIo, companyOptions: readonly Option[]): void {
  const seed = demo
    .command('seed')
    .description(
      'write the company into databases of yours: the stack of docker-compose.yml, or other servers',
    )
    .option('--finance <url>', `a PostgreSQL database (or ${variables.finance})`)
    .option('--sales <url>', `a MySQL or MariaDB database (or ${variables.sales})`)
    .option('--service <url>', `another one (or ${variables.service})`)
    .option('--marketing <folder>', `where its files go (or ${variables.marketing})`)
    .option('--keep', 'leave what holds this very company already as it is');
  for (const option of companyOptions) seed.addOption(option);
  seed
    .addHelpText('after', example('whalecurve demo seed --finance postgres://owner:secret@localhost/finance'))
    .action(async (_: unknown, command: Command) => {
      const flags = command.optsWithGlobals<SeedFlags>();
      const places = placesOf(flags, io);
      for (const place of Object.values(places))
        if (URL.canParse(place)) io.secrets.push(...secretsOfUrl(place));
      const results = await untilInterrupted((signal) =>
        seedCompany({
          customers: flags.customers,
          seed: flags.seed,
          places,
          keepsSame: flags.keep ?? false,
          signal,
        }),
      );
      if (globalOptions(command).json) printJson(io, results);
      else printSeeded(io, results);
    });
}

function placesOf(flags: SeedFlags, io: CommandIo): Partial<Record<SeededSilo, string>> {
  const places: Partial<Record<SeededSilo, string>> = {};
  for (const silo of Object.keys(variables) as SeededSilo[]) {
    const place = flags[silo] ?? io.environment[variables[silo]];
    if (place === undefined || place === '') continue;
    places[silo] = silo === 'marketing' ? resolve(io.cwd, place) : place;
  }
  if (Object.keys(places).length > 0) return places;
  throw new WhalecurveError('WC-USAGE-001', 'no place was named that the company should be written to', {
    hint: `give --finance, --sales, --service or --marketing, or set ${variables.finance} and the like`,
  });
}

function printSeeded(io: CommandIo, results: readonly SeedResult[]): void {
  for (const { silo, place, rows } of results) {
    print(io, `${silo}  ${place}${rows === null ? '  holds this company already, left as it is' : ''}`);
    for (const [table, count] of Object.entries(rows ?? {})) {
      print(io, `  ${table}  ${count.toLocaleString('en-US')}`);
    }
  }
}
