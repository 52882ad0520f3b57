import type { PlaceOfEntry } from '../../config/config-places.ts';
import { ownAccountColumns } from '../../config/identity-attributes.ts';
import type { LoadedConfig, SourceConfig } from '../../config/schema.ts';
import { openSource } from '../../connectors/sources/registry.ts';
import type { Source, TableRequest } from '../../connectors/sources/source.ts';
import type { FileForms } from '../../jobs/file-forms.ts';
import type { Mapping } from '../../transforms/conform/mapping.ts';
import { resolveMapping } from '../../transforms/conform/resolve-mapping.ts';
import { failedVerdict, type Verdict } from './verdict.ts';

export interface CheckedConfig {
  placesOf: (source: string, table: string) => PlaceOfEntry;
  /** How the runs before found the files to be written. */
  readForms: () => Promise<FileForms>;
}

/** The connection, then every table: that it may be read, and that each mapping fits its columns. */
export async function* checkSource(
  name: string,
  settings: SourceConfig,
  config: LoadedConfig,
  { placesOf, readForms }: CheckedConfig,
): AsyncGenerator<Verdict> {
  const group = `${name} (${settings.type})`;
  let source: Source;
  try {
    const knownForms = settings.type === 'files' ? (await readForms())[name] : undefined;
    source = await openSource({
      name,
      config: settings,
      folder: config.folder,
      ...(knownForms && { knownForms }),
    });
  } catch (error) {
    yield failedVerdict(group, name, error);
    return;
  }
  const requests = Object.entries(settings.tables).map(
    ([table, entry]): TableRequest => ({
      name: table,
      table: entry,
      moneyColumns: [],
    }),
  );
  const readable = new Set(requests.map((request) => `${name}.${request.name}`));
  for await (const { subject, isOk, message, code, hint } of source.check(requests)) {
    yield { group, subject, level: isOk ? 'ok' : 'failed', message, code, hint };
    // Without its source no table can be described; without its permission not this one.
    if (!isOk && subject === name) return;
    if (!isOk) readable.delete(subject);
  }
  if (requests.length === 0) {
    yield {
      group,
      subject: name,
      level: 'warning',
      message: 'no table is named, so nothing is read',
      hint: `\`whalecurve discover ${name}\` prints tables to paste`,
    };
  }
  const mapped = requests.filter(
    (request) => readable.has(`${name}.${request.name}`) && request.table.entity,
  );
  if (mapped.length > 0) yield* checkMappings(group, source, settings, mapped, config, placesOf);
}

async function* checkMappings(
  group: string,
  source: Source,
  settings: SourceConfig,
  requests: readonly TableRequest[],
  { identity }: Pick<LoadedConfig, 'identity'>,
  placesOf: (source: string, table: string) => PlaceOfEntry,
): AsyncGenerator<Verdict> {
  const snapshot = await source.openSnapshot(new AbortController().signal);
  try {
    for (const request of requests) {
      const { name: tableName, table } = request;
      const subject = `${source.name}.${tableName}`;
      if (table.entity === undefined) continue;
      try {
        const mapping = resolveMapping({
          sourceName: source.name,
          sourceType: settings.type,
          tableName,
          table,
          columns: await snapshot.describe(request),
          entityName: table.entity,
          columnTypes: {},
          sourceTimezone: settings.timezone,
          ownColumns: ownAccountColumns(identity),
          placeOf: placesOf(source.name, tableName),
        });
        yield { group, subject, level: 'ok', message: mappingText(mapping) };
      } catch (error) {
        yield failedVerdict(group, subject, error);
      }
    }
  } finally {
    await snapshot.close();
  }
}

/** `payments: 5 columns mapped, 2 matched by name (currency, method), 3 left empty` */
export function mappingText({ entityName, columns }: Mapping): string {
  const names = (matched: string) =>
    columns.filter((column) => column.matched === matched).map(({ name }) => name);
  const byName = names('name');
  const parts = [
    `${names('map').length} mapped`,
    ...(byName.length > 0 ? [`${byName.length} matched by name (${byName.join(', ')})`] : []),
    `${names('missing').length} left empty`,
  ];
  return `${entityName}: ${parts.join(', ')}`;
}
