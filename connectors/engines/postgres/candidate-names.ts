import { loadModule, parseSync, SqlError, scanSync } from 'libpg-query';
import type { Engine, PublishedTable, TableName } from '../engine.ts';
import { quoteName } from '../quote.ts';

type Candidates = ReadonlyMap<string, TableName>;

/**
 * Makes `warehouse.name` mean the table of the state that would be published by that name: state and warehouse are
 * schemas of one database, so the names in a question are replaced at the places that its tree gives.
 */
export async function askCandidate(engine: Engine, tables: readonly PublishedTable[]): Promise<Engine> {
  await loadModule();
  const candidates: Candidates = new Map(tables.map(({ name, from }) => [name, from]));
  const [query, describe, read] = [
    engine.query.bind(engine) as Engine['query'],
    engine.describe.bind(engine),
    engine.read.bind(engine),
  ];
  const asked: Pick<Engine, 'query' | 'describe' | 'read'> = {
    query: (sql, parameters) => query(namedInState(sql, candidates), parameters),
    describe: (sql) => describe(namedInState(sql, candidates)),
    read: (select) => read(namedInState(select, candidates)),
  };
  return Object.assign(engine, asked);
}

interface Replacement {
  /** Bytes of UTF-8. */
  start: number;
  end: number;
  text: string;
}

/** The question with the tables of the state in the place of published ones; left as it is where it is no SQL. */
export function namedInState(sql: string, candidates: Candidates): string {
  let tree: unknown;
  try {
    tree = parseSync(sql);
  } catch (error) {
    // The server says what is wrong with it.
    if (error instanceof SqlError) return sql;
    throw error;
  }
  const { tokens } = scanSync(sql);
  const replacements: Replacement[] = [];
  for (const [kind, node] of nodesOf(tree)) {
    const start = Number(node.location ?? 0);
    const first = tokens.findIndex((token) => token.start === start);
    if (kind === 'RangeVar' && node.schemaname === 'warehouse') {
      const from = candidates.get(String(node.relname));
      const end = tokens[first + 2]?.end;
      if (from === undefined || end === undefined) continue;
      // Columns may be asked for by the name of the table.
      const alias = node.alias === undefined ? ` as ${quoteName(String(node.relname))}` : '';
      replacements.push({ start, end, text: `${quoteName(from.schema)}.${quoteName(from.table)}${alias}` });
    }
    if (kind === 'ColumnRef' && isOfWarehouse(node.fields)) {
      const second = tokens[first + 2]?.start;
      if (second !== undefined) replacements.push({ start, end: second, text: '' });
    }
  }
  return spliced(sql, replacements);
}

/** `warehouse.customers.customer_id` */
function isOfWarehouse(fields: unknown): boolean {
  if (!Array.isArray(fields) || fields.length < 3) return false;
  const name: unknown = fields[0]?.String?.sval;
  return name === 'warehouse';
}

function spliced(sql: string, replacements: readonly Replacement[]): string {
  const bytes = Buffer.from(sql, 'utf8');
  const parts: string[] = [];
  let place = 0;
  for (const { start, end, text } of [...replacements].sort((one, other) => one.start - other.start)) {
    parts.push(bytes.subarray(place, start).toString('utf8'), text);
    place = end;
  }
  return [...parts, bytes.subarray(place).toString('utf8')].join('');
}

/** A node stands in an object whose one key, in capitals, is its kind. */
function* nodesOf(tree: unknown): Generator<[kind: string, node: Record<string, unknown>]> {
  if (typeof tree !== 'object' || tree === null) return;
  for (const [key, value] of Object.entries(tree)) {
    if (!Array.isArray(tree) && /^[A-Z]/.test(key)) yield [key, value];
    yield* nodesOf(value);
  }
}
