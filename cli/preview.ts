import type { Command } from 'commander';
import { resolveAsOf } from '../config/as-of.ts';
import { WhalecurveError } from '../config/error.ts';
import { suggestion } from '../config/nearest-word.ts';
import type { LoadedConfig } from '../config/schema.ts';
import type { Row } from '../connectors/engines/engine.ts';
import { readExchangeRates } from '../jobs/exchange-rates.ts';
import { fileFormsUnlessBusy } from '../jobs/file-forms.ts';
import type { ConformCounts } from '../transforms/conform/conform-table.ts';
import { type Preview, previewTable } from '../transforms/conform/preview-table.ts';
import { colorsOf } from './colors.ts';
import { type CommandIo, print, printJson } from './command-io.ts';
import { example } from './example.ts';
import { globalOptions, loadedConfig } from './global-options.ts';
import { printTable } from './print-table.ts';
import { untilInterrupted } from './until-interrupted.ts';
import { wholeNumber } from './whole-number.ts';
import { wrapped } from './wrapped.ts';

/** `whalecurve preview TABLE` */
export function registerPreview(program: Command, io: CommandIo): void {
  program
    .command('preview')
    .argument('<table>', 'a table of the config, as source.table: finance.billing.payments')
    .option('--limit <rows>', 'rows to read', wholeNumber(1), 10)
    .summary('first rows after mapping, and what would be quarantined')
    .description(
      'Prints the first rows of a table as a run would make them, how its files are written, and which rows it would quarantine and why.\nNeither the state nor the warehouse is touched.',
    )
    .addHelpText(
      'after',
      example(
        'whalecurve preview finance.billing.payments',
        'whalecurve preview service.tickets.csv --limit 1000',
      ),
    )
    .action(async (name: string, { limit }: { limit: number }, command: Command) => {
      const config = await loadedConfig(command, io);
      const { sourceName, tableName } = tableOf(name, config);
      const file = config.reporting.exchange_rates?.file;
      const rates = file === undefined ? [] : await readExchangeRates(file);
      const asOf = resolveAsOf(config, io.now());
      const knownForms = (await fileFormsUnlessBusy(config))[sourceName];
      const known = knownForms === undefined ? {} : { knownForms };
      const preview = await untilInterrupted((signal) =>
        previewTable({ config, sourceName, tableName, limit, asOf, rates, ...known, signal }),
      );
      if (globalOptions(command).json) printJson(io, { source: sourceName, table: tableName, ...preview });
      else printPreview(io, `${sourceName}.${tableName}`, preview);
    });
}

/** `finance.billing.payments` → the table `billing.payments` of `finance`. */
function tableOf(name: string, config: LoadedConfig): { sourceName: string; tableName: string } {
  const known = Object.entries(config.sources).flatMap(([sourceName, { tables }]) =>
    Object.keys(tables).map((tableName) => ({ sourceName, tableName, name: `${sourceName}.${tableName}` })),
  );
  const found =
    known.find((table) => table.name === name) ?? onlyOne(known.filter((table) => table.tableName === name));
  if (found !== undefined) return found;
  throw new WhalecurveError('WC-USAGE-001', `the config has no table \`${name}\``, {
    where: config.file,
    hint: suggestion(
      name,
      known.map((table) => table.name),
    ),
  });
}

/** A table name without its source is enough where no other source has such a table. */
function onlyOne<T>([first, ...others]: readonly T[]): T | undefined {
  return others.length === 0 ? first : undefined;
}

function printPreview(
  io: CommandIo,
  name: string,
  { columns, rows, quarantined, matched, written, counts }: Preview,
): void {
  const { bold, dim, green, yellow } = colorsOf(io);
  print(io, `${bold(name)}${counts === null ? dim(' (only copied: no entity)') : ''}\n`);
  if (rows.length > 0) {
    printTable(
      io,
      columns,
      rows.map((row) => columns.map((column) => row[column])),
    );
  }
  if (written.length > 0) print(io, `\n${dim(written.join('\n'))}`);
  const empty = matched.filter((column) => column.matched === 'missing').map(({ column }) => column);
  if (empty.length > 0) print(io, `\n${dim(wrapped(`left empty: ${empty.join(', ')}`, ''))}`);
  if (counts === null) return;
  print(io, `\n${countsText(counts)}`);
  if (quarantined.length === 0) {
    print(io, green('✓ no row would be quarantined'));
    return;
  }
  print(io, yellow('\nWould be quarantined\n'));
  printTable(io, ['row', 'column', 'rule', 'value', 'why'], quarantined.map(quarantineCells));
}

function quarantineCells({ source_key, column_name, rule, value, message }: Row) {
  return [source_key, column_name, rule, value, message];
}

/** `10 rows read: 8 loaded, 1 filtered by where, 1 quarantined` */
function countsText({ extracted, loaded, filtered, quarantined, deleted, afterAsOf }: ConformCounts): string {
  const fates: [number, string][] = [
    [Number(loaded.rows), 'loaded'],
    [Number(filtered.rows), 'filtered by where'],
    [Number(quarantined.rows), 'quarantined'],
    [Number(deleted.rows), 'deleted at the source'],
    [Number(afterAsOf.rows), 'after the as-of day'],
  ];
  const parts = fates.filter(([rows]) => rows > 0).map(([rows, fate]) => `${rows} ${fate}`);
  return `${extracted.rows} rows read: ${parts.join(', ') || 'none'}`;
}
