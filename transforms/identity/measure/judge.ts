import type { DuckDBConnection } from '@duckdb/node-api';
import { readColumns, readNumbers } from '../pairwise/duckdb-rows.ts';
import { keyText } from '../review/stored-decisions.ts';
import { measurePartition, type PairCounts, type PartitionMeasures } from './partition-measures.ts';
import type { ScoredPairs } from './threshold-curve.ts';
import type { Truth } from './truth.ts';

/**
 * What a connection of DuckDB must hold to be judged: `members` (source, account_ref, customer_id, node), of pairs of nodes (l, r; l
 * < r) `scored` (weight in bits above the cut), `certain`, `must_links` and `cannot_links`, and of the last run `links`
 * (evidence: the rule or pattern that joined the two) and `cuts` (reason why they were kept apart).
 */
export type JudgedConnection = DuckDBConnection;

export interface TruthAccounts {
  /** In the truth, and of these those that the state has. */
  given: number;
  known: number;
  unknown: readonly { source: string; accounts: number; examples: readonly string[] }[];
  /** Accounts of the state that the truth does not name: they are not judged. */
  notJudged: number;
}

/** Pairs of one kind of error, with the keys of some. */
export interface ErrorKind {
  reason: string;
  pairs: number;
  examples: readonly (readonly [account: string, other: string])[];
}

/** Brings the truth into the connection: judged (place, person, customer_id, node) and judged_pairs (one, other, l, r, is_same, is_found). */
export async function bringTruth(connection: JudgedConnection, truth: Truth): Promise<TruthAccounts> {
  await connection.run(
    'create or replace temp table truth (place integer, source varchar, account_ref varchar, person varchar)',
  );
  const appender = await connection.createAppender('truth', null, 'temp');
  for (const [place, { source, accountRef }] of truth.accounts.entries()) {
    appender.appendInteger(place);
    appender.appendVarchar(source);
    appender.appendVarchar(accountRef);
    appender.appendVarchar(truth.form === 'persons' ? (truth.persons[place] ?? '') : '');
    appender.endRow();
  }
  appender.closeSync();
  await connection.run(`create or replace temp table judged as
    select truth.place, truth.source, truth.account_ref, truth.person, members.customer_id, members.node
    from truth inner join members on members.source = truth.source and members.account_ref = truth.account_ref`);
  if (truth.form === 'pairs') await bringPairs(connection, truth.pairs);
  const reader = await connection.runAndReadAll(`
    select source, count(*), list(account_ref order by account_ref)[1:3]
    from truth anti join judged on judged.place = truth.place
    group by source order by source`);
  const [[known = 0, members = 0] = []] = await readNumbers(
    connection,
    'select (select count(*) from judged), (select count(*) from members)',
  );
  return {
    given: truth.accounts.length,
    known,
    unknown: reader.getRowsJson().map(([source, accounts, refs]) => ({
      source: String(source),
      accounts: Number(accounts),
      examples: (refs as string[]).map((accountRef) => keyText({ source: String(source), accountRef })),
    })),
    notJudged: members - known,
  };
}

async function bringPairs(
  connection: JudgedConnection,
  pairs: readonly { one: number; other: number; isSame: boolean }[],
): Promise<void> {
  await connection.run(
    'create or replace temp table given_pairs (one integer, other integer, is_same boolean)',
  );
  const appender = await connection.createAppender('given_pairs', null, 'temp');
  for (const { one, other, isSame } of pairs) {
    appender.appendInteger(one);
    appender.appendInteger(other);
    appender.appendBoolean(isSame);
    appender.endRow();
  }
  appender.closeSync();
  await connection.run(`create or replace temp table judged_pairs as
    select given.one, given.other, least(l.node, r.node) as l, greatest(l.node, r.node) as r, given.is_same,
      l.customer_id = r.customer_id as is_found
    from given_pairs as given
    inner join judged as l on l.place = given.one
    inner join judged as r on r.place = given.other`);
}

/**
 * Measures the customers of the last run, or those of another table (node, customer_id); where the truth is about pairs alone,
 * only their counts.
 */
export async function judgeCustomers(
  connection: JudgedConnection,
  form: Truth['form'],
  customers = 'members',
): Promise<{ pairs: PairCounts; partition: PartitionMeasures | null }> {
  if (form === 'persons') {
    const [found = [], persons = []] = await readColumns(
      connection,
      `select dense_rank() over (order by customers.customer_id), dense_rank() over (order by judged.person)
       from judged inner join ${customers} as customers on customers.node = judged.node
       order by judged.place`,
      2,
    );
    const partition = measurePartition(found, persons);
    return { pairs: partition.pairs, partition };
  }
  const [[found = 0, truth = 0, right = 0] = []] = await readNumbers(
    connection,
    `with judged as (
       select pair.is_same, l.customer_id = r.customer_id as is_found
       from judged_pairs as pair
       inner join ${customers} as l on l.node = pair.l
       inner join ${customers} as r on r.node = pair.r
     )
     select count(*) filter (is_found), count(*) filter (is_same), count(*) filter (is_found and is_same) from judged`,
  );
  return { pairs: { found, true: truth, right }, partition: null };
}

/** More bits than any cut or evidence has. */
const everyCut = 1000;

/** judged_scored (one, other, weight, is_same, is_found): the pairs that were compared, and can be judged. */
export async function judgeScored(
  connection: JudgedConnection,
  form: Truth['form'],
  cutBits: number,
): Promise<ScoredPairs[]> {
  await connection.run(
    form === 'persons'
      ? `create or replace temp table judged_scored as
         select least(l.place, r.place) as one, greatest(l.place, r.place) as other, scored.l, scored.r, scored.weight,
           l.person = r.person as is_same, l.customer_id = r.customer_id as is_found
         from scored
         inner join judged as l on l.node = scored.l
         inner join judged as r on r.node = scored.r`
      : `create or replace temp table judged_scored as
         select pair.one, pair.other, pair.l, pair.r, scored.weight, pair.is_same, pair.is_found
         from judged_pairs as pair
         inner join scored on scored.l = pair.l and scored.r = pair.r`,
  );
  const rows = await readNumbers(
    connection,
    // A certain link or a person's word holds at every cut.
    `select case when cannot_links.l is not null then -${everyCut} when firm.l is not null then ${everyCut}
         else round(pair.weight + (${cutBits}), 2) end as bits,
       count(*), count(*) filter (pair.is_same)
     from judged_scored as pair
     left join (select l, r from certain union select l, r from must_links) as firm
       on firm.l = pair.l and firm.r = pair.r
     left join cannot_links on cannot_links.l = pair.l and cannot_links.r = pair.r
     group by 1 order by 1 desc`,
  );
  return rows.map(([bits = 0, pairs = 0, right = 0]) => ({ bits, pairs, right }));
}

/**
 * True pairs that are two customers, by what kept them apart. Pairs are counted, not written out: those that were never
 * compared are what is left of the whole.
 */
export async function missedPairs(
  connection: JudgedConnection,
  { form, missed, examples }: { form: Truth['form']; missed: number; examples: number },
): Promise<ErrorKind[]> {
  const kinds = await errorKinds(
    connection,
    `select coalesce(cuts.reason, case when pair.weight > 0 then 'kept apart by other accounts' else 'below the threshold' end)
       as reason, pair.one, pair.other, pair.weight as place
     from judged_scored as pair
     left join cuts on cuts.l = pair.l and cuts.r = pair.r
     where pair.is_same and not pair.is_found`,
    examples,
  );
  const never = missed - kinds.reduce((sum, { pairs }) => sum + pairs, 0);
  if (never === 0) return kinds;
  const candidates =
    form === 'persons'
      ? `select l.place as one, r.place as other
         from judged as l
         inner join judged as r on r.person = l.person and l.place < r.place and r.customer_id <> l.customer_id`
      : 'select one, other from judged_pairs where is_same and not is_found';
  const [notCompared] = await errorKinds(
    connection,
    `select 'never compared' as reason, one, other, 0 as place
     from (${candidates}) as missed anti join judged_scored as scored using (one, other)`,
    examples,
  );
  return bySize([...kinds, { reason: 'never compared', examples: [], ...notCompared, pairs: never }]);
}

/** Pairs of one customer that are two in truth, by what put them together. */
export async function wrongPairs(
  connection: JudgedConnection,
  { form, wrong, examples }: { form: Truth['form']; wrong: number; examples: number },
): Promise<ErrorKind[]> {
  const linked =
    form === 'persons'
      ? `select links.evidence as reason, least(l.place, r.place) as one, greatest(l.place, r.place) as other, 0 as place
         from links
         inner join judged as l on l.node = links.l
         inner join judged as r on r.node = links.r and r.person <> l.person and r.customer_id = l.customer_id`
      : `select links.evidence as reason, pair.one, pair.other, 0 as place
         from judged_pairs as pair
         inner join links on links.l = pair.l and links.r = pair.r
         where pair.is_found and not pair.is_same`;
  const kinds = await errorKinds(connection, linked, examples);
  const others = wrong - kinds.reduce((sum, { pairs }) => sum + pairs, 0);
  const chained = { reason: 'no link of their own: by way of other accounts', pairs: others, examples: [] };
  return others > 0 ? bySize([...kinds, chained]) : kinds;
}

/** Groups the pairs (reason, one, other, place) by their reason; the examples are those with the highest place. */
async function errorKinds(
  connection: JudgedConnection,
  pairs: string,
  examples: number,
): Promise<ErrorKind[]> {
  const reader = await connection.runAndReadAll(`
    with pairs as (${pairs}),
    placed as (
      select *, row_number() over (partition by reason order by place desc, one, other) as rank from pairs
    )
    select placed.reason, count(*) over (partition by placed.reason) as pairs,
      l.source || ':' || l.account_ref, r.source || ':' || r.account_ref
    from placed
    inner join truth as l on l.place = placed.one
    inner join truth as r on r.place = placed.other
    qualify placed.rank <= ${Math.max(1, examples)}
    order by pairs desc, placed.reason, placed.rank`);
  const kinds = new Map<string, { reason: string; pairs: number; examples: [string, string][] }>();
  for (const [reason, pairs_, one, other] of reader.getRowsJson().map((row) => row.map(String))) {
    const known = kinds.get(reason ?? '') ?? { reason: reason ?? '', pairs: Number(pairs_), examples: [] };
    if (known.examples.length < examples) known.examples.push([one ?? '', other ?? '']);
    kinds.set(known.reason, known);
  }
  return [...kinds.values()];
}

function bySize(kinds: readonly ErrorKind[]): ErrorKind[] {
  return [...kinds].sort((one, other) => other.pairs - one.pairs || (one.reason < other.reason ? -1 : 1));
}
