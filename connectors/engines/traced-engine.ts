import { type Context, SpanKind, SpanStatusCode, type Tracer } from '@opentelemetry/api';
import type { Engine, TableName } from './engine.ts';

/** Characters of a statement that a span keeps. */
const longestStatement = 2_000;

/** What a call says of itself: a name, and the statement where there is one. */
type Told = readonly [name: string, sql?: string];

const told: Readonly<Record<string, (first: unknown, second: unknown) => Told>> = {
  run: (sql) => ['run', String(sql)],
  query: (sql) => ['query', String(sql)],
  buildTable: (table, select) => [`build ${nameOf(table)}`, String(select)],
  buildFromRows: (table) => [`build ${nameOf(table)}`],
  load: (_landed, table) => [`load ${nameOf(table)}`],
  merge: (_landed, table) => [`merge ${nameOf(table)}`],
  publish: () => ['publish'],
};

/** The same engine, whose statements are spans by the conventions of OpenTelemetry for databases. */
export function tracedEngine(engine: Engine, tracer: Tracer, parent: () => Context): Engine {
  return new Proxy(engine, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      // Bound: an engine keeps its connection in private fields, which a proxy has not.
      const call = member.bind(target);
      const tell = typeof name === 'string' ? told[name] : undefined;
      if (tell === undefined) return call;
      return async (first: unknown, second: unknown, ...more: unknown[]) => {
        const [spanName, sql] = tell(first, second);
        const span = tracer.startSpan(
          spanName,
          { kind: SpanKind.CLIENT, attributes: attributesOf(engine, sql) },
          parent(),
        );
        try {
          return await call(first, second, ...more);
        } catch (error) {
          // Its words may hold a value; the failure of the job says, redacted, what was wrong.
          span.setStatus({ code: SpanStatusCode.ERROR });
          throw error;
        } finally {
          span.end();
        }
      };
    },
  });
}

function attributesOf({ kind }: Engine, sql: string | undefined): Record<string, string> {
  const system = { 'db.system.name': kind === 'postgres' ? 'postgresql' : 'duckdb' };
  return sql === undefined ? system : { ...system, 'db.query.text': withoutLiterals(sql) };
}

/** A literal may be a key or a value of a customer. */
function withoutLiterals(sql: string): string {
  return sql.replace(/'(?:[^']|'')*'/g, '?').slice(0, longestStatement);
}

function nameOf(table: unknown): string {
  const { schema, table: name } = table as TableName;
  return `${schema}.${name}`;
}
