import { asNode, namesOf, nodeList, nodeOfKind, type SqlNode, visitNodes } from '../sql-tree.ts';
import { joinRelations, type Relation } from './join-relations.ts';
import type { Need } from './needs.ts';
import { sameColumns } from './same-columns.ts';
import type { SpreadBy } from './spread.ts';

/** What a SELECT reads from: the tables of the cluster, and the `with` queries around it by their column. */
interface Scope {
  spreadBy: SpreadBy;
  queries: ReadonlyMap<string, string | null>;
  found: (need: Need) => void;
}

/** Aggregates that nodes compute in part and the coordinator adds up. */
const twoPhase = new Set(['count', 'sum', 'min', 'max', 'avg', 'bool_and', 'bool_or']);
const aggregates = new Set([...twoPhase, 'string_agg', 'percentile_cont', 'percentile_disc', 'corr']);
for (const name of ['stddev_samp', 'stddev_pop', 'var_samp', 'var_pop']) aggregates.add(name);

/**
 * Collects what a statement needs of a cluster, and gives the column of its result by which the rows are still
 * spread: null where they were brought together, which Citus then sends to every node.
 *
 * Source: https://docs.citusdata.com/en/stable/develop/reference_workarounds.html
 */
export function selectNeeds(select: SqlNode, outer: Scope): string | null {
  const scope = { ...outer, queries: withQueries(select, outer) };
  if (typeof select.op === 'string' && select.op !== 'SETOP_NONE') {
    const arms = [select.larg, select.rarg].map((arm) => selectNeeds(asNode(arm), scope));
    const names = armNames(select);
    // Rows of one key stay together if both arms give it in the same place.
    const [left, right] = arms;
    const isKept =
      typeof left === 'string' &&
      typeof right === 'string' &&
      placeOf(names[0], left) === placeOf(names[1], right);
    return isKept ? (left ?? null) : null;
  }
  const same = sameColumns((column) => resolved(column, relations));
  const relations = nodeList(select.fromClause).flatMap((item) => relationsOf(item, scope));
  addConditions(select.fromClause, same.add);
  same.add(select.whereClause);
  const spread = joinRelations(nodeList(select.fromClause), relations, same, scope.found);
  refuseAlways(select, relations, scope.found);
  if (spread === null) return null;
  const isSpread = (tree: unknown): boolean => {
    const column = nodeOfKind(tree, 'ColumnRef');
    const name = column === null ? null : resolved(column, relations);
    return name !== null && same.areSame(name, spread);
  };
  return resultColumn(select, isSpread, scope.found);
}

function resultColumn(
  select: SqlNode,
  isSpread: (tree: unknown) => boolean,
  found: Scope['found'],
): string | null {
  const targets = nodeList(select.targetList).map((target) => nodeOfKind(target, 'ResTarget') ?? {});
  const output = targets.find(({ val }) => isSpread(val));
  const groups = nodeList(select.groupClause);
  const calls = functionCalls(targets);
  const windows = calls.filter(({ over }) => over !== undefined);
  const summed = calls.filter((call) => call.over === undefined && aggregates.has(nameOf(call)));
  let isTogether = true;
  if (groups.length > 0 || summed.length > 0) {
    isTogether = groups.some(isSpread);
    const whole = summed.find((call) => call.agg_distinct === true || !twoPhase.has(nameOf(call)));
    if (!isTogether && whole !== undefined) {
      const what = whole.agg_distinct === true ? `${nameOf(whole)}(distinct)` : `${nameOf(whole)}()`;
      found({
        kind: 'pull',
        node: whole,
        message: `${what} over rows of several nodes brings them all together`,
      });
    }
  }
  for (const call of windows) {
    if (isTogether && partitionsOf(call, select).some(isSpread)) continue;
    // What was summed up before is on the coordinator already.
    if (isTogether)
      found({
        kind: 'pull',
        node: call,
        message: `the window of ${nameOf(call)}() reaches over several nodes`,
      });
    isTogether = false;
  }
  if (select.limitCount !== undefined || select.limitOffset !== undefined) {
    found({
      kind: 'pull',
      node: asNode(select.limitCount ?? select.limitOffset),
      message: 'limit counts the rows of all nodes',
    });
    isTogether = false;
  }
  if (!isTogether || output === undefined) return null;
  return typeof output.name === 'string'
    ? output.name
    : (namesOf(nodeOfKind(output.val, 'ColumnRef')?.fields).at(-1) ?? null);
}

/** Constructs that Citus plans within one node only. */
function refuseAlways(select: SqlNode, relations: readonly Relation[], found: Scope['found']): void {
  const never = (message: string, node: SqlNode, hint: string) =>
    found({ kind: 'never', message, node, hint });
  for (const group of nodeList(select.groupClause)) {
    const sets = nodeOfKind(group, 'GroupingSet');
    if (sets !== null)
      never(
        'Citus plans grouping sets within one node only',
        sets,
        'write one select for each, joined by union all',
      );
  }
  if (select.lockingClause !== undefined) {
    never('Citus plans for update within one node only', select, 'a model locks nothing');
  }
  visitNodes(
    [select.targetList, select.whereClause, select.havingClause, select.fromClause],
    (kind, node) => {
      if (kind === 'RangeTableSample')
        never('Citus plans tablesample within one node only', node, 'take a share by a hash of the key');
      if (kind === 'SubLink' && isCorrelated(node, relations)) {
        never('Citus does not plan a subquery that looks at the row around it', node, 'write a join');
      }
    },
  );
}

function isCorrelated(link: SqlNode, relations: readonly Relation[]): boolean {
  const inner = new Set<unknown>();
  let isFound = false;
  visitNodes(link.subselect, (kind, node) => {
    if (kind === 'RangeVar') inner.add(asNode(node.alias).aliasname ?? node.relname);
    if (kind === 'RangeSubselect') inner.add(asNode(node.alias).aliasname);
  });
  visitNodes(link.subselect, (kind, node) => {
    const [alias, column] = kind === 'ColumnRef' ? namesOf(node.fields) : [];
    if (column !== undefined && !inner.has(alias) && relations.some((relation) => relation.alias === alias))
      isFound = true;
  });
  return isFound;
}

/** The column of each `with` query; one that is read more than once is computed first, and its rows sent to every node. */
function withQueries(select: SqlNode, outer: Scope): ReadonlyMap<string, string | null> {
  const clause = asNode(select.withClause);
  const queries = new Map(outer.queries);
  if (clause.recursive === true) {
    outer.found({
      kind: 'never',
      node: clause,
      message: 'Citus plans recursive queries within one node only',
      hint: 'write a loop in a step',
    });
  }
  for (const item of nodeList(clause.ctes)) {
    const query = nodeOfKind(item, 'CommonTableExpr') ?? {};
    const name = String(query.ctename);
    const column = selectNeeds(nodeOfKind(query.ctequery, 'SelectStmt') ?? {}, { ...outer, queries });
    const isAlone = timesRead(select, name) === 1 && query.ctematerialized !== 'CTEMaterializeAlways';
    if (column !== null && !isAlone) {
      const message = `the rows of ${name} are brought together, since it is materialized or read more than once`;
      outer.found({ kind: 'pull', node: query, message });
    }
    queries.set(name, isAlone ? column : null);
  }
  return queries;
}

function timesRead(select: SqlNode, name: string): number {
  let times = 0;
  visitNodes(select, (kind, node) => {
    if (kind === 'RangeVar' && node.schemaname === undefined && node.relname === name) times += 1;
  });
  return times;
}

function relationsOf(item: unknown, scope: Scope): Relation[] {
  const join = nodeOfKind(item, 'JoinExpr');
  if (join !== null) return [join.larg, join.rarg].flatMap((side) => relationsOf(side, scope));
  const table = nodeOfKind(item, 'RangeVar');
  const node = table ?? nodeOfKind(item, 'RangeSubselect') ?? nodeOfKind(item, 'RangeFunction') ?? {};
  const alias = String(asNode(node.alias).aliasname ?? node.relname ?? '');
  if (table !== null) {
    const column =
      typeof table.schemaname === 'string'
        ? scope.spreadBy(`${table.schemaname}.${table.relname}`)
        : (scope.queries.get(String(table.relname)) ?? null);
    return [{ alias, column, node: table }];
  }
  const subselect = nodeOfKind(node.subquery, 'SelectStmt');
  return [{ alias, column: subselect === null ? null : selectNeeds(subselect, scope), node }];
}

function addConditions(item: unknown, add: (condition: unknown) => void): void {
  if (Array.isArray(item)) for (const each of item) addConditions(each, add);
  const join = nodeOfKind(item, 'JoinExpr');
  if (join === null) return;
  add(join.quals);
  addConditions([join.larg, join.rarg], add);
}

/** `alias.column`; a name alone is that of the relation that is spread by it, or of the only relation. */
function resolved(column: SqlNode, relations: readonly Relation[]): string | null {
  const names = namesOf(column.fields);
  if (names.length === 2) return names.join('.');
  const [name] = names;
  const owner =
    relations.find((relation) => relation.column === name) ??
    (relations.length === 1 ? relations[0] : undefined);
  return owner === undefined || name === undefined ? null : `${owner.alias}.${name}`;
}

function functionCalls(trees: unknown): SqlNode[] {
  const calls: SqlNode[] = [];
  visitNodes(trees, (kind, node) => {
    if (kind === 'FuncCall') calls.push(node);
  });
  return calls;
}

function nameOf(call: SqlNode): string {
  return namesOf(call.funcname).at(-1) ?? '';
}

function partitionsOf(call: SqlNode, select: SqlNode): SqlNode[] {
  const over = asNode(call.over);
  const named = nodeList(select.windowClause)
    .map((window) => nodeOfKind(window, 'WindowDef') ?? {})
    .find(({ name }) => name !== undefined && name === over.name);
  return nodeList((named ?? over).partitionClause);
}

function armNames(select: SqlNode): string[][] {
  return [select.larg, select.rarg].map((arm) => {
    const node = asNode(arm);
    if (node.larg !== undefined) return armNames(node)[0] ?? [];
    return nodeList(node.targetList).map((target) => {
      const { name, val } = nodeOfKind(target, 'ResTarget') ?? {};
      return typeof name === 'string' ? name : (namesOf(nodeOfKind(val, 'ColumnRef')?.fields).at(-1) ?? '');
    });
  });
}

function placeOf(names: readonly string[] | undefined, name: string): number {
  return names?.indexOf(name) ?? -1;
}
