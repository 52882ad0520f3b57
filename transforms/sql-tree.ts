import { loadModule, parseSync, SqlError } from 'libpg-query';

// PostgreSQL's own parser, compiled to WebAssembly: it reads the common dialect, so no model or mapping can
// use what PostgreSQL would not take. Loading it once here lets everything below be plain functions.
await loadModule();

/** A node's fields as the parser gives them; fields that are zero, false or empty are left out by it. */
export type SqlNode = Record<string, unknown>;

export interface SqlSyntaxError {
  message: string;
  /** Character offset in the parsed text. */
  offset: number;
}

/** The statements of a text, or where its syntax breaks. */
export function parseStatements(sql: string): { statements: SqlNode[] } | { error: SqlSyntaxError } {
  try {
    const result = parseSync(sql);
    return { statements: (result.stmts ?? []).map((statement) => asNode(statement.stmt)) };
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    return {
      error: {
        message: error.sqlDetails?.message ?? error.message,
        offset: Math.max(0, error.sqlDetails?.cursorPosition ?? 0),
      },
    };
  }
}

/** Calls `visit` for each node below `tree`, parents first, with the name of its kind (`ColumnRef`). */
export function visitNodes(tree: unknown, visit: (kind: string, node: SqlNode) => void): void {
  if (Array.isArray(tree)) {
    for (const item of tree) visitNodes(item, visit);
    return;
  }
  if (typeof tree !== 'object' || tree === null) return;
  for (const [key, value] of Object.entries(tree)) {
    // The parser wraps a node in an object whose one key is its kind, the only keys in capitals.
    if (/^[A-Z]/.test(key)) visit(key, asNode(value));
    visitNodes(value, visit);
  }
}

export function asNode(value: unknown): SqlNode {
  return typeof value === 'object' && value !== null ? (value as SqlNode) : {};
}

/** The node inside its wrapper, if it is of this kind. */
export function nodeOfKind(value: unknown, kind: string): SqlNode | null {
  const inner = asNode(value)[kind];
  return typeof inner === 'object' && inner !== null ? (inner as SqlNode) : null;
}

export function nodeList(value: unknown): SqlNode[] {
  return Array.isArray(value) ? value.map(asNode) : [];
}

/** The names in a list of `String` nodes: the parts of a column, function or type name. */
export function namesOf(value: unknown): string[] {
  return nodeList(value).flatMap((item) => {
    const text = nodeOfKind(item, 'String')?.sval;
    return typeof text === 'string' ? [text] : [];
  });
}

/** The parser counts bytes of UTF-8; text is indexed in UTF-16 units. */
export function characterOffset(sql: string, byteOffset: number): number {
  return Buffer.from(sql, 'utf8').subarray(0, byteOffset).toString('utf8').length;
}

/** Where a node stands in the parsed text, in characters. */
export function offsetOf(sql: string, node: SqlNode): number {
  return characterOffset(sql, typeof node.location === 'number' ? node.location : 0);
}
