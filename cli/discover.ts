import type { Command } from 'commander';
import { Document, isMap, isScalar, isSeq, type YAMLMap } from 'yaml';
import { WhalecurveError } from '../config/error.ts';
import { suggestion } from '../config/nearest-word.ts';
import type { LoadedConfig } from '../config/schema.ts';
import { openSource } from '../connectors/sources/registry.ts';
import type { Column, DiscoveredTable } from '../connectors/sources/source.ts';
import { type CommandIo, print, printJson } from './command-io.ts';
import { example } from './example.ts';
import { globalOptions, loadedConfig } from './global-options.ts';
import { guessMap } from './guess-map.ts';

/** `whalecurve discover [SOURCE]` */
export function registerDiscover(program: Command, io: CommandIo): void {
  program
    .command('discover')
    .argument('[source]', 'one source of the config; without it, all of them')
    .summary('list the tables of the sources, as YAML to paste')
    .description(
      'Lists the tables that the login can read, with keys and sizes, and which entity each looks like,\nas YAML to paste below the tables of the source.',
    )
    .addHelpText('after', example('whalecurve discover finance', 'whalecurve discover finance >> tables.yml'))
    .action(async (source: string | undefined, _options: unknown, command: Command) => {
      const config = await loadedConfig(command, io);
      const names = source === undefined ? Object.keys(config.sources) : [knownSource(source, config)];
      const found: { source: string; tables: DiscoveredTable[] }[] = [];
      for (const name of names) found.push({ source: name, tables: await discovered(name, config) });
      if (globalOptions(command).json) {
        printJson(
          io,
          found.flatMap(({ source: name, tables }) => tables.map((table) => ({ source: name, ...table }))),
        );
        return;
      }
      print(io, found.map(({ source: name, tables }) => tablesYaml(name, tables)).join('\n\n'));
    });
}

export function knownSource(name: string, config: LoadedConfig): string {
  if (Object.hasOwn(config.sources, name)) return name;
  throw new WhalecurveError('WC-USAGE-001', `the config has no source \`${name}\``, {
    where: config.file,
    hint: suggestion(name, Object.keys(config.sources)),
  });
}

async function discovered(name: string, config: LoadedConfig): Promise<DiscoveredTable[]> {
  const settings = config.sources[name];
  if (settings === undefined) return [];
  const source = await openSource({ name, config: settings, folder: config.folder });
  return source.discover();
}

/** One YAML mapping whose entries belong below `sources.<name>.tables`; what looks like no entity is a comment. */
export function tablesYaml(source: string, tables: readonly DiscoveredTable[]): string {
  const title = ` ${source}: ${tables.length} ${tables.length === 1 ? 'table' : 'tables'}. Paste what you need below sources.${source}.tables`;
  const known = tables.filter((table) => table.looksLike !== null);
  const others = tables.filter((table) => table.looksLike === null);
  if (known.length === 0) return [`#${title}`, ...others.map(commentedTable)].join('\n');
  const document = new Document(Object.fromEntries(known.map((table) => [table.name, entryOf(table)])));
  if (isMap(document.contents)) annotate(document.contents, known);
  const text = document.toString({ lineWidth: 0, flowCollectionPadding: false }).trimEnd();
  return [`#${title}\n`, text, ...others.map(commentedTable)].join('\n');
}

function entryOf(table: DiscoveredTable): Record<string, unknown> {
  const { map } = guessMap(table, table.looksLike ?? 'accounts');
  return {
    entity: table.looksLike,
    ...(table.key.length > 0 ? { key: table.key } : {}),
    map,
  };
}

function annotate(contents: YAMLMap, tables: readonly DiscoveredTable[]): void {
  for (const [index, table] of tables.entries()) {
    const pair = contents.items[index];
    if (!isScalar(pair?.key) || !isMap(pair.value)) continue;
    const { missing, unused } = guessMap(table, table.looksLike ?? 'accounts');
    pair.key.commentBefore = ` ${sizeOf(table)}`;
    pair.key.spaceBefore = index > 0;
    const key = pair.value.get('key');
    if (isSeq(key)) key.flow = true;
    const map = pair.value.get('map', true);
    const unusedColumns = table.columns.filter(({ name }) => unused.includes(name)).map(columnText);
    const notes = [
      ...missing.map((name) => ` ${name}: …   # required, and no column looks like it`),
      ...(unusedColumns.length > 0 ? [` not mapped: ${unusedColumns.join(', ')}`] : []),
    ];
    if (isMap(map) && notes.length > 0) map.comment = notes.join('\n');
  }
}

function commentedTable(table: DiscoveredTable): string {
  const key = table.key.length > 0 ? ` key ${table.key.join(', ')};` : '';
  return `\n# ${table.name} (${sizeOf(table)}; looks like no entity)\n#  ${key} ${table.columns.map(columnText).join(', ')}`;
}

function sizeOf({ estimatedRows, bytes }: DiscoveredTable): string {
  const rows =
    estimatedRows === null
      ? 'rows unknown'
      : `about ${estimatedRows.toLocaleString('en')} ${estimatedRows === 1 ? 'row' : 'rows'}`;
  return bytes === null ? rows : `${rows}, ${bytesText(bytes)}`;
}

function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  const value = bytes / 1000 ** power;
  return `${value < 10 && power > 0 ? value.toFixed(1) : Math.round(value)} ${units[power]}`;
}

function columnText({ name, type, sourceType }: Column): string {
  // All columns of a text file are text: only a database has something to say.
  return type === 'text' && /^(csv|tsv|text)$/.test(sourceType) ? name : `${name} ${sourceType}`;
}
