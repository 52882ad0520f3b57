import { html } from '../page/html.ts';
import type { ReadSection } from '../page/section.ts';
import { table } from '../page/table.ts';

const shownRules = 20;

/** What was read, what became of it, what was refused and what was checked. */
export const dataSection: ReadSection = async ({ query, run }, figures) => {
  const refused = await query(
    `select source, source_table, rule, column_name, count(*) as refused_rows from warehouse.quarantine where run_id = $1
     group by source, source_table, rule, column_name
     order by count(*) desc nulls last, source nulls last, source_table nulls last, rule nulls last, column_name nulls last
     limit ${shownRules}`,
    [run.runId],
  );
  const { failed, passed } = run.checks;
  const moneyWords =
    run.moneyIn === null || run.moneyOut === null
      ? null
      : html`<p>Purchases that came in: <strong>${figures.money(run.moneyIn)}</strong>; of all customers: <strong>${figures.money(run.moneyOut)}</strong>. ${run.moneyIn === run.moneyOut ? 'They are equal to the last digit.' : 'They differ.'}</p>`;
  return {
    id: 'data',
    title: 'The data behind it',
    meaning:
      'Each row that was read has exactly one fate: loaded, filtered, quarantined, deleted at the source, or later than the last day.',
    body: html`${moneyWords}
${table('Rows by source table', run.tables, [
  { title: 'Source table', cell: ({ source, table: name }) => `${source}.${name}` },
  { title: 'Became', cell: ({ entity }) => entity ?? 'raw only' },
  { title: 'Extracted', isNumber: true, cell: ({ rows }) => figures.count(rows.extracted) },
  { title: 'Loaded', isNumber: true, cell: ({ rows }) => figures.count(rows.loaded) },
  { title: 'Filtered', isNumber: true, cell: ({ rows }) => figures.count(rows.filtered) },
  { title: 'Quarantined', isNumber: true, cell: ({ rows }) => figures.count(rows.quarantined) },
  { title: 'Deleted', isNumber: true, cell: ({ rows }) => figures.count(rows.deleted) },
  { title: 'Later', isNumber: true, cell: ({ rows }) => figures.count(rows.after_as_of) },
])}
${
  refused.length === 0
    ? html`<p>No row was refused.</p>`
    : table('Rows that were refused, by rule', refused, [
        { title: 'Source table', cell: (row) => `${row.source}.${row.source_table}` },
        { title: 'Column', cell: (row) => String(row.column_name ?? '–') },
        { title: 'Rule', cell: (row) => String(row.rule).replaceAll('_', ' ') },
        { title: 'Rows', isNumber: true, cell: (row) => figures.count(row.refused_rows) },
      ])
}
<p>${figures.count(passed)} checks passed, ${figures.count(failed.length)} did not.</p>
${
  failed.length === 0
    ? null
    : table('Checks that did not hold', failed, [
        { title: 'Subject', cell: ({ subject }) => subject },
        { title: 'Check', cell: ({ name }) => name },
        { title: 'Severity', cell: ({ severity }) => severity },
        { title: 'Rows', isNumber: true, cell: ({ failures }) => figures.count(failures) },
        { title: 'Found', cell: ({ found }) => found ?? '–' },
      ])
}`,
    advice: html`Mend refused rows where they were written; <code>warehouse.quarantine</code> names each with its reason.`,
  };
};
