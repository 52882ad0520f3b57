import { CronExpressionParser } from 'cron-parser';
import { z } from 'zod';
import type { ConfigDocument, ConfigPath, ProblemDetails } from './config-document.ts';
import { type EntityName, entityNames } from './entities.ts';
import type { WhalecurveError } from './error.ts';
import type { ErrorCode } from './error-codes.ts';
import { checkReading } from './extraction-checks.ts';
import { checkIdentity, mappableNames } from './identity-checks.ts';
import { nearestWord, suggestion } from './nearest-word.ts';
import { rawTableName } from './raw-table-name.ts';
import { pathText } from './schema-problems.ts';

/** The least that is asked of the shape, so that these checks also speak when the schema found something. */
const text = z.string().optional().catch(undefined);
const keyed = <T extends z.ZodType>(value: T) => z.record(z.string(), value).catch({});
const tableShape = z
  .object({
    entity: z.enum(entityNames).optional().catch(undefined),
    key: z.unknown().optional(),
    query: text,
    strategy: text,
    cursor: z.unknown().optional(),
    lookback: z.unknown().optional(),
    null_cursor: z.unknown().optional(),
    deletes: z.unknown().optional(),
    deletes_every: z.unknown().optional(),
    timezone: text,
    account_source: text,
    map: keyed(z.unknown()),
  })
  .catch({ map: {} });
const shape = z
  .object({
    reporting: z.object({ timezone: text }).catch({}),
    sources: keyed(
      z
        .object({
          type: text,
          url: text,
          timezone: text,
          cdc: z.unknown().optional(),
          tables: keyed(tableShape),
        })
        .catch({ tables: {} }),
    ),
    identity: z.object({ trust: z.array(z.unknown()).catch([]) }).catch({ trust: [] }),
    runner: z.object({ type: text, redis: text }).catch({}),
    schedule: z.object({ cron: text, timezone: text }).catch({}),
    schedules: keyed(z.object({ cron: text, timezone: text }).catch({})),
  })
  .catch({ reporting: {}, sources: {}, identity: { trust: [] }, runner: {}, schedule: {}, schedules: {} });

type Shape = z.output<typeof shape>;
type TableShape = z.output<typeof tableShape>;
type Report = (code: ErrorCode, path: ConfigPath, message: string, details?: ProblemDetails) => void;

/** What one key says against another, and what a schema cannot know: zones, URLs, cron, names of sources. */
export function crossChecks(input: unknown, document: ConfigDocument): WhalecurveError[] {
  const found: WhalecurveError[] = [];
  const report: Report = (code, path, message, details) => {
    if (!document.isUnresolved(path)) found.push(document.problem(code, path, message, details));
  };
  const config = shape.parse(input);
  const sourceNames = Object.keys(config.sources);
  const identity = typeof input === 'object' && input !== null ? Reflect.get(input, 'identity') : undefined;

  checkZone(config.reporting.timezone, ['reporting', 'timezone'], report);
  const named = Object.entries(config.schedules).map(([name, one]) => [['schedules', name], one] as const);
  for (const [path, { cron, timezone }] of [[['schedule'], config.schedule] as const, ...named]) {
    checkZone(timezone, [...path, 'timezone'], report);
    checkCron(cron, [...path, 'cron'], report);
  }
  checkUrl(config.runner.redis, ['runner', 'redis'], ['redis', 'rediss'], report);
  if (hasEmptySources(input)) {
    report('WC-CONFIG-005', ['sources'], '`sources` names no source', {
      hint: 'name at least one, with `type` and `tables`; `whalecurve init` writes an example',
    });
  }
  for (const [name, source] of Object.entries(config.sources)) {
    const path = ['sources', name];
    checkZone(source.timezone, [...path, 'timezone'], report);
    const schemes = { postgres: ['postgres', 'postgresql'], mysql: ['mysql', 'mariadb'] }[source.type ?? ''];
    if (schemes !== undefined) checkUrl(source.url, [...path, 'url'], schemes, report);
    for (const [tableName, table] of Object.entries(source.tables)) {
      checkTable(table, [...path, 'tables', tableName], source.type, sourceNames, report);
      checkReading(table, [...path, 'tables', tableName], source.type, report);
      checkCdc(table, [...path, 'tables', tableName], source, report);
      if (table.entity !== undefined) {
        checkMap(table.map, table.entity, identity, [...path, 'tables', tableName, 'map'], report);
      }
    }
  }
  for (const [index, trusted] of config.identity.trust.entries()) {
    if (typeof trusted === 'string')
      checkSourceName(trusted, ['identity', 'trust', index], sourceNames, report);
  }
  checkIdentity(identity, sourceNames, report);
  checkRawNames(config.sources, report);
  return found;
}

function hasEmptySources(input: unknown): boolean {
  if (typeof input !== 'object' || input === null || !('sources' in input)) return false;
  const { sources } = input;
  return typeof sources === 'object' && sources !== null && Object.keys(sources).length === 0;
}

function checkCdc(
  { strategy, query }: TableShape,
  path: ConfigPath,
  { type, cdc }: { type?: string | undefined; cdc?: unknown },
  report: Report,
): void {
  if (strategy !== 'cdc') return;
  const details = { hint: 'choose another `strategy` for it', atKey: true };
  const at = [...path, 'strategy'];
  if (type === 'files') report('WC-CONFIG-007', at, 'files have no log to read changes from', details);
  else if (query !== undefined) report('WC-CONFIG-007', at, 'the log knows tables and no queries', details);
  else if (cdc === undefined) {
    const hint =
      type === 'mysql'
        ? 'add `cdc: { server_id: 4711 }`'
        : 'add `cdc: { slot: whalecurve, publication: whalecurve }`';
    report('WC-CONFIG-005', at, '`strategy: cdc` needs the settings `cdc` of its source', {
      hint,
      atKey: true,
    });
  }
}

function checkTable(
  table: TableShape,
  path: ConfigPath,
  sourceType: string | undefined,
  sourceNames: readonly string[],
  report: Report,
): void {
  checkZone(table.timezone, [...path, 'timezone'], report);
  if (table.account_source !== undefined) {
    checkSourceName(table.account_source, [...path, 'account_source'], sourceNames, report);
  }
  if (table.entity === undefined && Object.keys(table.map).length > 0) {
    report('WC-CONFIG-007', [...path, 'map'], 'there is a `map`, but no `entity` that it maps to', {
      hint: `add \`entity:\`, one of ${entityNames.join(', ')}`,
      atKey: true,
    });
  }
  if (table.query !== undefined && sourceType === 'files') {
    report('WC-CONFIG-007', [...path, 'query'], 'files cannot be queried: `query` is for databases', {
      hint: 'name the file, a folder or a glob as the table, and choose rows by `where`',
      atKey: true,
    });
  } else if (table.query !== undefined && table.entity !== undefined && table.key === undefined) {
    report(
      'WC-CONFIG-005',
      [...path, 'key'],
      'the required key `key` is missing: a query has no primary key',
      {
        hint: 'name the columns that tell its rows apart, for example `key: [order_no, line_no]`',
      },
    );
  }
}

function checkMap(
  map: Readonly<Record<string, unknown>>,
  entity: EntityName,
  identity: unknown,
  path: ConfigPath,
  report: Report,
): void {
  const known = mappableNames(entity, identity);
  for (const name of Object.keys(map).filter((name) => !known.includes(name))) {
    report(
      'WC-CONFIG-003',
      [...path, name],
      `unknown column \`${name}\`: the entity ${entity} has none of that name`,
      {
        hint: suggestion(name, known),
        atKey: true,
      },
    );
  }
}

function checkSourceName(
  name: string,
  path: ConfigPath,
  sourceNames: readonly string[],
  report: Report,
): void {
  if (sourceNames.includes(name)) return;
  report('WC-CONFIG-002', path, `\`${pathText(path)}\` is \`${name}\`, expected the name of a source`, {
    hint: suggestion(name, sourceNames),
  });
}

function checkZone(zone: string | undefined, path: ConfigPath, report: Report): void {
  if (zone === undefined || isZone(zone)) return;
  const nearest = nearestWord(zone, Intl.supportedValuesOf('timeZone'));
  report(
    'WC-CONFIG-002',
    path,
    `\`${pathText(path)}\` is \`${zone}\`, expected an IANA time zone such as Europe/London`,
    {
      hint: nearest === undefined ? undefined : `did you mean \`${nearest}\`?`,
    },
  );
}

function isZone(zone: string): boolean {
  // Intl also takes offsets such as +02:00, which have no summer time; a zone is meant.
  if (!/^[A-Za-z]/.test(zone)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

function checkCron(cron: string | undefined, path: ConfigPath, report: Report): void {
  if (cron === undefined || isCronExpression(cron)) return;
  report(
    'WC-CONFIG-002',
    path,
    `\`${path.join('.')}\` is \`${cron}\`, expected five fields: minute hour day month weekday`,
    {
      hint: 'every night at two is `0 2 * * *`',
    },
  );
}

function isCronExpression(cron: string): boolean {
  if (cron.trim().split(/\s+/).length !== 5) return false;
  try {
    CronExpressionParser.parse(cron);
    return true;
  } catch {
    return false;
  }
}

/** The value itself is never shown: it may hold a password. */
function checkUrl(
  url: string | undefined,
  path: ConfigPath,
  schemes: readonly string[],
  report: Report,
): void {
  if (url === undefined) return;
  const example = `${schemes[0]}://user@host/database`;
  if (!URL.canParse(url)) {
    report('WC-CONFIG-002', path, `\`${pathText(path)}\` is not a URL, expected ${example}`, {
      hint: 'characters such as @ : / # % in a password are written as %40 %3A %2F %23 %25',
    });
    return;
  }
  const scheme = new URL(url).protocol.replace(':', '');
  if (!schemes.includes(scheme)) {
    report('WC-CONFIG-002', path, `\`${pathText(path)}\` begins with \`${scheme}:\`, expected ${example}`);
  }
}

function checkRawNames(sources: Shape['sources'], report: Report): void {
  const owners = new Map<string, string>();
  for (const [source, { tables }] of Object.entries(sources)) {
    for (const table of Object.keys(tables)) {
      const raw = rawTableName(source, table);
      const owner = owners.get(raw);
      if (owner !== undefined) {
        report(
          'WC-CONFIG-007',
          ['sources', source, 'tables', table],
          `\`${source}.${table}\` and \`${owner}\` would both be copied to raw.${raw}`,
          { hint: 'rename one: give it a free name and a `query:`, or read both as one glob', atKey: true },
        );
      }
      owners.set(raw, `${source}.${table}`);
    }
  }
}
