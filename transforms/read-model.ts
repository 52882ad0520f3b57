import { WhalecurveError } from '../config/error.ts';
import type { TableName } from '../connectors/engines/engine.ts';
import { checkColumns } from './check-columns.ts';
import type { ModelParts } from './model-cache.ts';
import { readModelHeader } from './read-model-header.ts';
import { nodeOfKind, offsetOf, parseStatements, type SqlNode, visitNodes } from './sql-tree.ts';
import type { Step } from './step.ts';
import { placeIn } from './text-place.ts';

/**
 * The header of one SQL file, and the tables that its SELECT reads, found by PostgreSQL's parser.
 * @throws WC-MODEL-001 with file:line:column.
 */
export function readParts(file: string, text: string): ModelParts {
  const { header, end } = readModelHeader(file, text);
  return { header, end, needs: [...tablesRead(file, text, parseModel(file, text))].sort() };
}

/**
 * One SQL file as a step.
 * @throws WC-MODEL-001 with file:line:column, where its parts are not given.
 */
export function readModel(
  file: string,
  text: string,
  table: TableName,
  parts: ModelParts = readParts(file, text),
): Step {
  const { header, end, needs } = parts;
  const select = text.slice(end).trimEnd().replace(/;$/, '');
  const linesAbove = text.slice(0, end).split('\n').length - 1;
  return {
    table,
    needs,
    header,
    build: async (engine) => {
      const rows = await engine.buildTable(table, select).catch((error: unknown) => {
        throw modelFailure(error, file, linesAbove);
      });
      await checkColumns(engine, table, header, file);
      return rows;
    },
  };
}

/** The tree of the file's one SELECT; its locations count from the start of the file. */
export function parseModel(file: string, text: string): SqlNode {
  const parsed = parseStatements(text);
  if ('error' in parsed) throw malformed(parsed.error.message, file, text, parsed.error.offset);
  const [statement, another] = parsed.statements;
  if (statement === undefined) throw malformed('the model has no SELECT', file, text, text.length);
  if (another !== undefined) {
    throw malformed('the model has more than one statement; it is one SELECT', file, text, 0);
  }
  const select = nodeOfKind(statement, 'SelectStmt');
  if (select === null || select.intoClause !== undefined) {
    throw malformed('the model is not a SELECT', file, text, 0);
  }
  return statement;
}

/** `schema.table` of every table that the statement reads, apart from its own CTEs. */
function tablesRead(file: string, text: string, statement: SqlNode): Set<string> {
  const own = new Set<unknown>();
  visitNodes(statement, (kind, node) => {
    if (kind === 'CommonTableExpr') own.add(node.ctename);
  });
  const read = new Set<string>();
  visitNodes(statement, (kind, node) => {
    if (kind !== 'RangeVar') return;
    if (typeof node.schemaname === 'string') {
      read.add(`${node.schemaname}.${node.relname}`);
    } else if (!own.has(node.relname)) {
      const message = `the table ${node.relname} has no schema and is no CTE of the model`;
      throw malformed(message, file, text, offsetOf(text, node));
    }
  });
  return read;
}

/** The engine counts lines from the end of the header; the reader counts them in the file. */
function modelFailure(error: unknown, file: string, linesAbove: number): unknown {
  if (!(error instanceof WhalecurveError)) return error;
  const line = /^LINE (\d+):/m.exec(error.message)?.[1];
  const message = error.message.replace(/\n\s*LINE \d+:[\s\S]*$/, '').trim();
  return new WhalecurveError('WC-MODEL-002', message, {
    where: line === undefined ? file : `${file}:${linesAbove + Number(line)}`,
    cause: error,
  });
}

function malformed(message: string, file: string, text: string, offset: number): WhalecurveError {
  return new WhalecurveError('WC-MODEL-001', message, { where: placeIn(file, text, offset) });
}
