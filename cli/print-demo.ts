import type { DemoResult } from '../demo/run-demo.ts';
import type { CustomerLine } from '../demo/show.ts';
import type { RunSummary, TableSummary } from '../jobs/run-summary.ts';
import { whaleCurveCaption, whaleCurveText } from '../report/whale-curve-text.ts';
import { colorsOf } from './colors.ts';
import { type CommandIo, print } from './command-io.ts';
import { money, whole } from './print-run-summary.ts';
import { printTable } from './print-table.ts';

/** What the demo made of the company, for somebody who sees Whalecurve for the first time. */
export function printDemo(io: CommandIo, { summary, quality, view }: DemoResult, folder: string): void {
  const { bold, dim } = colorsOf(io);
  const heading = (text: string): void => print(io, `\n${bold(text)}`);
  const { currency } = summary;

  heading('Four silos, read');
  printTable(io, ['source table', 'became', 'rows', 'loaded', 'not loaded'], summary.tables.map(tableRow));

  heading('One customer table');
  print(
    io,
    `${whole(summary.customers ?? 0)} customers found in ${whole(summary.accounts ?? 0)} accounts; ${whole(quality.trueCustomers)} are real.`,
  );
  print(
    io,
    `${percent(quality.precision, 1)} of the pairs put together belong together (precision); ` +
      `${percent(quality.recall, 1)} of those that do were found (recall).`,
  );
  printMoney(io, summary);

  heading(`What they are worth, in ${currency}`);
  printTable(
    io,
    ['tier', 'customers', 'net revenue', 'net contribution', 'destroy value'],
    view.tiers.map(({ tier, customers, netRevenue, netContribution, destroyers }) => [
      tier,
      whole(customers),
      pounds(netRevenue),
      pounds(netContribution),
      whole(destroyers),
    ]),
  );
  heading('The ten best');
  printCustomers(io, view.best);
  heading('The ten worst');
  printCustomers(io, view.worst);

  if (view.curve !== null) {
    heading('The whale curve: cumulative profit over customers, best first');
    print(io, `${whaleCurveText(view.curve)}\n`);
    print(io, whaleCurveCaption(view.curve));
  }

  heading('Look for yourself');
  const took = summary.seconds === null ? '' : dim(`  (the run took ${summary.seconds.toFixed(1)} s)`);
  print(io, `The warehouse is ${folder}/warehouse.duckdb${took}. Three queries to try:\n`);
  const command = `npx whalecurve -c ${folder}/whalecurve.yml`;
  for (const query of queries) print(io, `  ${command} query "${query}"`);
  print(io, '\nThe same as one page for a browser, and all there is to know of the worst customer:\n');
  print(io, `  ${command} report`);
  print(io, `  ${command} explain ${view.worst[0]?.customerId ?? 'CUSTOMER'}`);
  print(io, `\nTo run it again yourself: ${dim('the first in one terminal, the second in another')}\n`);
  print(io, `  npx whalecurve demo serve${folder === '.whalecurve/demo' ? '' : ` --folder ${folder}`}`);
  print(io, `  ${command} run\n`);
}

const queries = [
  'select customer_id, most_contacts_in_one_day, net_contribution from warehouse.customer_value order by 2 desc limit 5',
  'select metric, points from warehouse.customer_value_parts where customer_id = (select customer_id from warehouse.customer_value where rank = 1)',
  'select source_table, source_key, message from warehouse.quarantine',
];

function printMoney(io: CommandIo, { moneyIn, moneyOut, currency, checks }: RunSummary): void {
  const { green, red } = colorsOf(io);
  if (moneyIn !== null && moneyOut !== null) {
    const isEqual = moneyIn === moneyOut;
    print(
      io,
      `Money in ${money(cents(moneyIn))} ${currency} ${isEqual ? '=' : '≠'} money out ${money(cents(moneyOut))} ${currency} ` +
        (isEqual ? green('✓ to the penny') : red('✗')),
    );
  }
  const errors = checks.failed.filter(({ severity }) => severity === 'error').length;
  print(
    io,
    `${whole(checks.passed)} checks passed, ${errors === 0 ? 'none failed' : red(`${errors} failed`)}.`,
  );
}

function tableRow({ source, table, entity, rows }: TableSummary): string[] {
  const fates = [
    [rows.quarantined, 'quarantined'],
    [rows.filtered, 'filtered'],
    [rows.after_as_of, 'after as-of'],
    [rows.deleted, 'deleted'],
  ] as const;
  const apart = fates.filter(([count]) => count > 0).map(([count, fate]) => `${whole(count)} ${fate}`);
  return [
    `${source}.${table}`,
    entity ?? 'raw only',
    whole(rows.extracted),
    whole(rows.loaded),
    apart.join(', '),
  ];
}

function printCustomers(io: CommandIo, customers: readonly CustomerLine[]): void {
  printTable(
    io,
    ['customer', 'tier', 'net revenue', 'cost to serve', 'contribution', 'because'],
    customers.map(({ name, tier, netRevenue, costToServe, netContribution, because }) => [
      name.length > 30 ? `${name.slice(0, 29)}…` : name,
      tier,
      pounds(netRevenue),
      pounds(costToServe),
      pounds(netContribution),
      because,
    ]),
  );
}

/** `12,345`, without the pence: to be compared at a glance. */
function pounds(amount: string): string {
  return whole(Math.round(Number(amount)));
}

/** Two decimals of exact text. */
function cents(amount: string): string {
  const [units = '', fraction = ''] = amount.split('.');
  return `${units}.${fraction.slice(0, 2).padEnd(2, '0')}`;
}

/** What is not the whole never reads as 100 %. */
function percent(share: number | null, digits: number): string {
  if (share === null) return 'none';
  const text = (share * 100).toFixed(digits);
  const isRoundedUp = share < 1 && Number(text) === 100;
  return isRoundedUp ? percent(share, digits + 1) : `${text} %`;
}
