import type { Cell, Engine, Row } from '../connectors/engines/engine.ts';

/** Rows of a run that were refused for one reason. */
export interface RefusalGroup {
  source: string;
  table: string;
  rule: string;
  column: string;
  rows: number;
  /** Of these, the rows that somebody accepted as refused. */
  accepted: number;
  /** What is wrong with one of them. */
  example: string;
}

export interface RefusedRow {
  source: string;
  table: string;
  /** Its key, or its number where that is what is missing. */
  row: string;
  rule: string;
  column: string;
  value: string | null;
  message: string;
  isAccepted: boolean;
}

/** Which of the refused rows are meant; what is left out means all. */
export interface RefusedSelection {
  source?: string | undefined;
  table?: string | undefined;
  rule?: string | undefined;
  row?: string | undefined;
}

/** A refused row is known again, night after night, by its key and by what is wrong with it. */
const rowName = 'coalesce(refused.source_key, refused.source_row)';
const acceptedJoin = `left join whalecurve.quarantine_accepted as accepted
  on accepted.source_row = ${rowName} and accepted.source = refused.source
    and accepted.source_table = refused.source_table and accepted.column_name = refused.column_name
    and accepted.rule = refused.rule`;

/** The newest run that got as far as to judge rows; null where none has. */
export async function lastJudgedRun(engine: Engine): Promise<string | null> {
  const [run] = await engine.query(
    `select run.run_id from whalecurve.runs as run
     where exists (select 1 from whalecurve.run_tables as judged where judged.run_id = run.run_id)
     order by run.started_at desc nulls last, run.run_id desc nulls last limit 1`,
  );
  return run === undefined ? null : String(run.run_id);
}

/** The largest first. */
export async function refusalGroups(engine: Engine, runId: string): Promise<RefusalGroup[]> {
  const rows = await engine.query(
    `select refused.source, refused.source_table, refused.rule, refused.column_name, count(*) as refused_rows,
       count(accepted.rule) as accepted_rows, min(refused.message) as example
     from whalecurve.quarantine as refused ${acceptedJoin}
     where refused.run_id = $1
     group by refused.source, refused.source_table, refused.rule, refused.column_name
     order by count(*) desc nulls last, refused.source nulls last, refused.source_table nulls last,
       refused.rule nulls last, refused.column_name nulls last`,
    [runId],
  );
  return rows.map((row) => ({
    source: String(row.source),
    table: String(row.source_table),
    rule: String(row.rule),
    column: String(row.column_name),
    rows: Number(row.refused_rows),
    accepted: Number(row.accepted_rows),
    example: String(row.example),
  }));
}

export async function refusedRows(
  engine: Engine,
  runId: string,
  selection: RefusedSelection,
  limit: number,
): Promise<RefusedRow[]> {
  const { condition, parameters } = selected(runId, selection);
  const rows = await engine.query(
    `select refused.source, refused.source_table, ${rowName} as row_name, refused.rule, refused.column_name,
       refused.value, refused.message, accepted.rule is not null as is_accepted
     from whalecurve.quarantine as refused ${acceptedJoin}
     where ${condition}
     order by refused.source nulls last, refused.source_table nulls last, ${rowName} nulls last
     limit ${Math.trunc(limit)}`,
    parameters,
  );
  return rows.map(refusedRow);
}

/**
 * Accepts the rows as refused: they stay in quarantine, and no longer count against the limits. Gives how many are
 * accepted by this.
 */
export async function acceptRefused(
  engine: Engine,
  runId: string,
  selection: RefusedSelection,
  { why, by, at }: { why: string; by: string; at: string },
): Promise<number> {
  const { condition, parameters } = selected(runId, selection);
  const next = parameters.length + 1;
  return engine.run(
    `insert into whalecurve.quarantine_accepted
       (source, source_table, source_row, column_name, rule, why, accepted_by, accepted_at)
     select distinct refused.source, refused.source_table, ${rowName}, refused.column_name, refused.rule,
       cast($${next} as text), cast($${next + 1} as text), cast($${next + 2} as timestamp)
     from whalecurve.quarantine as refused ${acceptedJoin}
     where ${condition} and accepted.rule is null`,
    [...parameters, why, by, at],
  );
}

/** Counts, for the limits, the rows of the run that were accepted as refused before. */
export async function recordAccepted(engine: Engine, runId: string): Promise<void> {
  const counted = await engine.query(
    `select refused.source, refused.source_table, count(*) as accepted_rows
     from whalecurve.quarantine as refused ${acceptedJoin}
     where refused.run_id = $1 and accepted.rule is not null
     group by refused.source, refused.source_table`,
    [runId],
  );
  for (const { source, source_table: table, accepted_rows: rows } of counted) {
    await engine.run(
      `update whalecurve.run_tables set accepted_rows = cast($1 as bigint)
       where run_id = $2 and source = $3 and source_table = $4`,
      [String(rows), runId, source ?? null, table ?? null],
    );
  }
}

/** The rows that the one run refused and the other did not, for whatever reason: they pass now. */
export async function passingRows(
  engine: Engine,
  { before, now }: { before: string; now: string },
): Promise<RefusedRow[]> {
  const rows = await engine.query(
    `select refused.source, refused.source_table, ${rowName} as row_name, refused.rule, refused.column_name,
       refused.value, refused.message, false as is_accepted
     from whalecurve.quarantine as refused
     where refused.run_id = $1 and not exists (
       select 1 from whalecurve.quarantine as still
       where still.run_id = $2 and still.source = refused.source and still.source_table = refused.source_table
         and still.source_row = refused.source_row)
     order by refused.source nulls last, refused.source_table nulls last, ${rowName} nulls last`,
    [before, now],
  );
  return rows.map(refusedRow);
}

function selected(
  runId: string,
  { source, table, rule, row }: RefusedSelection,
): { condition: string; parameters: Cell[] } {
  const wanted: [string, string | undefined][] = [
    ['refused.source', source],
    ['refused.source_table', table],
    ['refused.rule', rule],
    [rowName, row],
  ];
  const given = wanted.flatMap(([column, value]) => (value === undefined ? [] : [[column, value] as const]));
  const conditions = given.map(([column], index) => `${column} = $${index + 2}`);
  return {
    condition: ['refused.run_id = $1', ...conditions].join(' and '),
    parameters: [runId, ...given.map(([, value]) => value)],
  };
}

function refusedRow(row: Row): RefusedRow {
  return {
    source: String(row.source),
    table: String(row.source_table),
    row: String(row.row_name),
    rule: String(row.rule),
    column: String(row.column_name),
    value: row.value === null || row.value === undefined ? null : String(row.value),
    message: String(row.message),
    isAccepted: row.is_accepted === true,
  };
}
