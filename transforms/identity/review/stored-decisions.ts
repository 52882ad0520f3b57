import type { Engine } from '../../../connectors/engines/engine.ts';

/** An account by what lasts over the runs. */
export interface AccountKey {
  source: string;
  accountRef: string;
}

/** What a person said of two accounts. */
export interface ReviewDecision {
  account: AccountKey;
  other: AccountKey;
  decision: 'must_link' | 'cannot_link';
  decidedBy: string;
  /** ISO 8601, UTC. */
  decidedAt: string;
  note: string | null;
}

const columns =
  'source, account_ref, other_source, other_account_ref, decision, decided_by, decided_at, note';

/**
 * Makes whalecurve.review_decisions, if it is not there: the decisions that `whalecurve review` read, one row for two
 * accounts, (source, account_ref) the smaller by its bytes. The next run obeys them.
 */
export async function createReviewDecisions(engine: Engine): Promise<void> {
  await engine.run('create schema if not exists whalecurve');
  await engine.run(`create table if not exists whalecurve.review_decisions (
    source text collate "C" not null, account_ref text collate "C" not null,
    other_source text collate "C" not null, other_account_ref text collate "C" not null,
    decision text collate "C" not null, decided_by text collate "C" not null, decided_at timestamp not null,
    note text collate "C")`);
}

/** In the order of the accounts; none where no decision was ever stored. */
export async function readReviewDecisions(engine: Engine): Promise<ReviewDecision[]> {
  const [found] = await engine.query(
    `select count(*) as tables from information_schema.tables
     where table_schema = 'whalecurve' and table_name = 'review_decisions'`,
  );
  if (Number(found?.tables) === 0) return [];
  const rows = await engine.query(
    `select ${columns} from whalecurve.review_decisions
     order by source nulls last, account_ref nulls last, other_source nulls last, other_account_ref nulls last`,
  );
  return rows.map((row) => ({
    account: { source: String(row.source), accountRef: String(row.account_ref) },
    other: { source: String(row.other_source), accountRef: String(row.other_account_ref) },
    decision: row.decision === 'must_link' ? 'must_link' : 'cannot_link',
    decidedBy: String(row.decided_by),
    decidedAt: String(row.decided_at),
    note: row.note === null ? null : String(row.note),
  }));
}

/** Replaces what was said of the same two accounts before; `remove` takes decisions back. */
export async function storeReviewDecisions(
  engine: Engine,
  { store, remove }: { store: readonly ReviewDecision[]; remove: readonly ReviewDecision[] },
): Promise<void> {
  await engine.transaction(async () => {
    await createReviewDecisions(engine);
    for (const changed of [...store, ...remove]) {
      await engine.run(
        `delete from whalecurve.review_decisions
         where source = $1 and account_ref = $2 and other_source = $3 and other_account_ref = $4`,
        pairCells(changed),
      );
    }
    for (const decided of store) {
      const { decision, decidedBy, decidedAt, note } = decided;
      await engine.run(
        `insert into whalecurve.review_decisions (${columns})
         values ($1, $2, $3, $4, $5, $6, cast($7 as timestamp), $8)`,
        [...pairCells(decided), decision, decidedBy, decidedAt.replace(/Z$/, ''), note],
      );
    }
  });
}

function pairCells({ account, other }: ReviewDecision): string[] {
  const [low, high] = inOrder(account, other);
  return [low.source, low.accountRef, high.source, high.accountRef];
}

/** The same two accounts in the same order, whichever was named first. */
export function inOrder(one: AccountKey, other: AccountKey): [AccountKey, AccountKey] {
  const place =
    Buffer.compare(Buffer.from(one.source), Buffer.from(other.source)) ||
    Buffer.compare(Buffer.from(one.accountRef), Buffer.from(other.accountRef));
  return place <= 0 ? [one, other] : [other, one];
}

/** `crm:123`, as the config writes it. */
export function keyText({ source, accountRef }: AccountKey): string {
  return `${source}:${accountRef}`;
}
