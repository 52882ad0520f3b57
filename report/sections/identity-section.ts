import { barFigure } from '../page/bar-figure.ts';
import { html } from '../page/html.ts';
import type { ReadSection } from '../page/section.ts';
import { table } from '../page/table.ts';
import { holds } from '../warehouse.ts';

/** How accounts became customers, and by what evidence. */
export const identitySection: ReadSection = async (warehouse, figures) => {
  const { query, run } = warehouse;
  const rules = await query(
    `select coalesce(rule, 'none') as rule, count(*) as accounts, count(distinct customer_id) as customers
     from warehouse.customer_accounts group by rule order by count(*) desc nulls last, rule nulls last`,
  );
  const sizes = await query(`
    with counted as (
      select customer_id, count(*) as accounts from warehouse.customer_accounts group by customer_id
    )
    select least(accounts, 10) as accounts, count(*) as customers, max(accounts) as largest
    from counted group by least(accounts, 10) order by 1 nulls last`);
  const links = holds(warehouse, 'account_links', ['decision', 'rule'])
    ? await query(
        `select decision, coalesce(rule, 'evidence alone') as rule, count(*) as links, min(probability) as least_probability
         from warehouse.account_links group by decision, rule order by decision nulls last, count(*) desc nulls last, rule nulls last`,
      )
    : [];
  const [model] = holds(warehouse, 'identity_model', ['cut', 'expected_precision'])
    ? await query(
        `select kind, cut, expected_precision, expected_recall, accounts, learned_on, reason from warehouse.identity_model
         order by comparison nulls last, level nulls last limit 1`,
      )
    : [];
  return {
    id: 'identity',
    title: 'Who is one customer',
    meaning: `${figures.count(run.accounts)} accounts of all sources are ${figures.count(run.customers)} customers; each account was joined by a rule or by evidence.`,
    body: html`${await barFigure(
      'identity-chart',
      'Accounts by what joined them to their customer',
      rules.map((row) => ({
        name: String(row.rule).replaceAll('_', ' '),
        amount: Number(row.accounts),
        label: figures.count(row.accounts),
      })),
      'Accounts',
    )}
${table('Accounts by what joined them', rules, [
  { title: 'Rule', cell: (row) => String(row.rule).replaceAll('_', ' ') },
  { title: 'Accounts', isNumber: true, cell: (row) => figures.count(row.accounts) },
  { title: 'Customers', isNumber: true, cell: (row) => figures.count(row.customers) },
])}
${table('Customers by their accounts', sizes, [
  {
    title: 'Accounts',
    cell: ({ accounts, largest }) => (Number(accounts) < 10 ? String(accounts) : `10 to ${largest}`),
  },
  { title: 'Customers', isNumber: true, cell: (row) => figures.count(row.customers) },
])}
${
  links.length === 0
    ? null
    : table('Links between two accounts', links, [
        { title: 'Decision', cell: (row) => String(row.decision).replaceAll('_', ' ') },
        { title: 'Rule', cell: (row) => String(row.rule).replaceAll('_', ' ') },
        { title: 'Links', isNumber: true, cell: (row) => figures.count(row.links) },
        { title: 'Least probability', isNumber: true, cell: (row) => figures.percent(row.least_probability) },
      ])
}
${model === undefined ? null : html`<p>${modelWords(model, figures)}</p>`}`,
    advice:
      'Let a person look at the undecided pairs of valuable customers: a wrong merge shows one person to another.',
  };
};

function modelWords(
  model: Readonly<Record<string, string | number | boolean | null>>,
  { percent, number, count }: Parameters<ReadSection>[1],
): string {
  const expected =
    model.expected_precision === null
      ? 'Its precision was not estimated.'
      : `It expects ${percent(model.expected_precision)} of the pairs above its cut to be right and ${percent(model.expected_recall)} of the right ones to be above it; that is the model's own word, not a count.`;
  const reason = model.reason === null ? '' : ` Not learned: ${model.reason}.`;
  return `The model of ${model.learned_on} is ${model.kind}, from ${count(model.accounts)} accounts; its cut is ${number(model.cut)} bits. ${expected}${reason}`;
}
