import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type ConfigDocument, readConfigDocument } from './config-document.ts';
import { crossChecks } from './cross-checks.ts';
import { type Environment, readEnvironment } from './environment.ts';
import { errorOf, WhalecurveError } from './error.ts';
import {
  type Config,
  configSchema,
  type LoadedConfig,
  type SourceConfig,
  type TableConfig,
  type TlsConfig,
} from './schema.ts';
import { schemaProblems } from './schema-problems.ts';
import { readReferences } from './secret-references.ts';

/**
 * Reads `whalecurve.yml`: variables from `environment`, else from `.env` beside the file; `${file:PATH}` and
 * `${cmd:LINE}` read and run; defaults filled in;
 * paths absolute. All that is wrong is reported at once, each problem with its file, line and column.
 *
 * @throws WhalecurveError WC-CONFIG-001 to WC-CONFIG-007; never with a secret in it
 */
export async function loadConfig(file: string, environment: Environment): Promise<LoadedConfig> {
  const path = resolve(file);
  const folder = dirname(path);
  const text = await readConfigFile(path, file);
  const variables = await readEnvironment(folder, environment);
  const document = readConfigDocument(file, text, await readReferences(text, folder, variables));
  const config = validated(document, file);
  return { ...withAbsolutePaths(config, folder), file: path, folder, secrets: document.secrets };
}

async function readConfigFile(path: string, shown: string): Promise<string> {
  try {
    const text = await readFile(path, 'utf8');
    return text.startsWith('\uFEFF') ? text.slice(1) : text;
  } catch (cause) {
    const isMissing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new WhalecurveError(
      'WC-CONFIG-001',
      isMissing ? `there is no config file ${shown}` : `the config file ${shown} cannot be read`,
      {
        where: shown,
        hint: isMissing
          ? 'write one with `whalecurve init`, or name yours with `-c FILE`'
          : 'check that it is a file and that you may read it',
        cause,
      },
    );
  }
}

function validated(document: ConfigDocument, file: string): Config {
  const fatal = document.problems.some(({ code }) => code === 'WC-CONFIG-001' || code === 'WC-CONFIG-006');
  const input = withVariablesTyped(document);
  const parsed = configSchema.safeParse(input);
  const problems = [...document.problems];
  // A file that YAML could not read has no keys to judge, and every word about them would be noise.
  if (!fatal && parsed.error) problems.push(...schemaProblems(parsed.error.issues, document));
  if (!fatal) problems.push(...crossChecks(input, document));
  const [first, ...others] = inOrderOfPlace(problems);
  if (first !== undefined) throw errorOf([first, ...others], file);
  // Without a problem the schema was satisfied: only now is there a config.
  return configSchema.parse(input);
}

/** A variable is always text; where the schema wants a number or a truth value it is read as one. */
function withVariablesTyped(document: ConfigDocument): unknown {
  const issues = configSchema.safeParse(document.value).error?.issues ?? [];
  const value = structuredClone(document.value);
  for (const issue of issues) {
    if (issue.code !== 'invalid_type' || !document.isFromVariable(issue.path)) continue;
    const parent = issue.path.slice(0, -1).reduce<unknown>(at, value);
    const last = issue.path.at(-1);
    const text = last === undefined ? undefined : at(parent, last);
    if (typeof text !== 'string' || typeof parent !== 'object' || parent === null || last === undefined)
      continue;
    if (/^(number|int)$/.test(issue.expected) && text.trim() !== '' && Number.isFinite(Number(text))) {
      Reflect.set(parent, last, Number(text));
    }
    if (issue.expected === 'boolean' && /^(true|false)$/.test(text))
      Reflect.set(parent, last, text === 'true');
  }
  return value;
}

function at(value: unknown, step: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined;
}

function inOrderOfPlace(problems: readonly WhalecurveError[]): WhalecurveError[] {
  const place = ({ where }: WhalecurveError) => where?.split(':').slice(-2).map(Number) ?? [];
  return [...problems].sort((one, other) => {
    const [line = 0, column = 0] = place(one);
    const [otherLine = 0, otherColumn = 0] = place(other);
    return line - otherLine || column - otherColumn;
  });
}

function withAbsolutePaths(config: Config, folder: string): Config {
  const absolute = (path: string) => resolve(folder, path);
  const { warehouse, reporting, identity, log } = config;
  const rates = reporting.exchange_rates;
  const { decisions } = identity;
  return {
    ...config,
    ...(config.models === undefined ? {} : { models: absolute(config.models) }),
    log: { ...log, ...(log.file === undefined ? {} : { file: absolute(log.file) }) },
    warehouse: warehouseWithPaths(warehouse, absolute),
    reporting: {
      ...reporting,
      ...(rates === undefined ? {} : { exchange_rates: { file: absolute(rates.file) } }),
    },
    identity: {
      ...identity,
      ...(decisions === undefined ? {} : { decisions: { file: absolute(decisions.file) } }),
    },
    sources: Object.fromEntries(
      Object.entries(config.sources).map(([name, source]) => [name, sourceWithPaths(source, absolute)]),
    ),
  };
}

function warehouseWithPaths(
  warehouse: Config['warehouse'],
  absolute: (path: string) => string,
): Config['warehouse'] {
  if (warehouse.engine === 'postgres') {
    return { ...warehouse, folder: absolute(warehouse.folder), ...tlsWithPaths(warehouse, absolute) };
  }
  const path = absolute(warehouse.path);
  return {
    ...warehouse,
    path,
    state: warehouse.state === undefined ? resolve(dirname(path), 'state.duckdb') : absolute(warehouse.state),
    ...(warehouse.spill === undefined ? {} : { spill: absolute(warehouse.spill) }),
    ...(warehouse.masked === undefined ? {} : { masked: absolute(warehouse.masked) }),
  };
}

function sourceWithPaths(source: SourceConfig, absolute: (path: string) => string): SourceConfig {
  if (source.type === 'files') {
    const tables = Object.entries(source.tables).map(([name, table]) => [name, withDefaultKey(name, table)]);
    return { ...source, path: absolute(source.path), tables: Object.fromEntries(tables) };
  }
  return { ...source, ...tlsWithPaths(source, absolute) };
}

function tlsWithPaths(
  { tls }: { tls?: TlsConfig | undefined },
  absolute: (path: string) => string,
): { tls?: TlsConfig } {
  if (typeof tls !== 'object') return {};
  const { ca, cert, key, ...rest } = tls;
  return {
    tls: {
      ...rest,
      ...(ca === undefined ? {} : { ca: absolute(ca) }),
      ...(cert === undefined ? {} : { cert: absolute(cert) }),
      ...(key === undefined ? {} : { key: absolute(key) }),
    },
  };
}

/**
 * A file has no primary key: without `key` a row is known by its place. One file needs the number of the row;
 * a folder or a glob also the file. (A database table without `key` is known by its primary key.)
 */
function withDefaultKey(name: string, table: TableConfig): TableConfig {
  if (table.key !== undefined) return table;
  const isOneFile = !/[*?[\]{}]/.test(name) && /\.[A-Za-z0-9]+$/.test(name);
  return { ...table, key: isOneFile ? ['_row'] : ['_file', '_row'] };
}
