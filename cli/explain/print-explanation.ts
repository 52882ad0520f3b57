import type { Row } from '../../connectors/engines/engine.ts';
import type { Explanation } from '../../report/customer/explanation.ts';
import { horizonWords } from '../../report/customer/lifetime-estimate.ts';
import { colorsOf } from '../colors.ts';
import { type CommandIo, print } from '../command-io.ts';
import { utcTime } from '../print-run-summary.ts';
import { type PrintedCell, type PrintedColumn, printTable } from '../print-table.ts';
import { wrapped } from '../wrapped.ts';
import { cellText, figure, percent, printable } from './figures.ts';
import { printIdentity } from './print-identity.ts';
import { printMetrics } from './print-metrics.ts';

/** One customer for a person, from who it is to what would raise its worth. */
export function printExplanation(io: CommandIo, explained: Explanation): void {
  const { bold, dim } = colorsOf(io);
  const { run, standing, metrics } = explained;
  const kind = explained.kind === null ? '' : ` (${explained.kind})`;
  print(io, `${bold(printable(explained.name))}${kind}, customer ${explained.customerId}`);
  if (explained.became !== null) {
    const { reason, since } = explained.became;
    print(
      io,
      `asked for ${printable(explained.askedFor)}, which is this customer since ${since} (${reason})`,
    );
  }
  const ended = run.endedAt === null ? '' : ` done ${utcTime(run.endedAt)},`;
  print(io, dim(`as of ${run.asOf}, run ${run.runId}${ended} money in ${run.currency}`));

  const heading = (text: string): void => print(io, `\n${bold(text)}`);
  heading('Who it is, and where each value is from');
  printRows(io, explained.attributes, {
    attribute: (row) => cellText(row.attribute),
    value: (row) => cellText(row.value),
    from: (row) => printable(`${row.source}:${row.account_ref}`),
    changed: (row) => (row.updated_at === null ? null : utcTime(String(row.updated_at))),
  });

  heading(accountsHeading(explained.identity.accounts.length));
  printIdentity(io, explained.identity, explained.customerId);

  heading('Where it stands');
  const { score, rank, customers, tier, valueBand, valueGroup } = standing;
  print(io, `score ${score === null ? 'none' : figure(score)} of 100, rank ${rank} of ${customers}`);
  for (const [what, { value, why }] of Object.entries({ tier, band: valueBand, group: valueGroup })) {
    print(io, `${what.padEnd(6)} ${bold(value ?? 'none')}`);
    print(io, dim(wrapped(why, '       ')));
  }

  heading(`What it brought and cost, in ${run.currency}`);
  printMetrics(
    io,
    metrics.filter(({ group }) => group === 'money'),
  );
  if (explained.costs.length > 0) {
    print(io, '\nThe cost to serve, by what drives it');
    printPlainRows(io, explained.costs);
  }

  heading('The score, part by part');
  printScore(io, explained);

  heading('What is expected of it');
  printLifetime(io, explained);
  printMetrics(
    io,
    metrics.filter(({ group, metric }) => group === 'future' && !isOfHorizon(metric)),
  );

  if (explained.prospect !== null) {
    heading('How likely it is to buy at all');
    printProspect(io, explained.prospect);
  }

  heading('How it behaves');
  printMetrics(
    io,
    metrics.filter(({ group }) => group === 'behaviour'),
  );

  if (explained.touches.length > 0) {
    heading('What these figures are made of: the touches, by kind');
    printPlainRows(io, explained.touches);
  }
  if (explained.actions.length > 0) {
    heading('What would raise its worth most');
    printActions(io, explained);
  }
  if (explained.history.length > 0) {
    heading('How it moved');
    printPlainRows(io, explained.history);
  }
}

function accountsHeading(accounts: number): string {
  return accounts === 1 ? 'Its one account' : `Why these ${accounts} accounts are one customer`;
}

/** Shown in the table of horizons. */
function isOfHorizon(metric: string): boolean {
  return (
    /^(lifetime_value|expected_purchases)(_\d+[a-z])?(_low|_high)?$/.test(metric) ||
    ['lifetime_model', 'lifetime_reason', 'probability_active'].includes(metric)
  );
}

function printScore(io: CommandIo, { scoreParts, standing }: Explanation): void {
  const most = Math.max(...scoreParts.map(({ weight }) => Number(weight)), 1);
  printRows(
    io,
    scoreParts,
    {
      metric: (row) => cellText(row.metric),
      value: (row) => figure(row.raw_value),
      'better than': (row) => (row.is_missing === true ? 'missing' : `${figure(row.percentile)} %`),
      weight: (row) => figure(row.weight),
      points: (row) => figure(row.points),
      '': (row) => bar(Number(row.points), Number(row.weight), most),
    },
    ['value', 'better than', 'weight', 'points'],
  );
  print(io, `The points sum to the score, ${standing.score === null ? 'none' : figure(standing.score)}.`);
}

const barWidth = 24;

/** Points out of the weight, the widest weight over the whole width. */
function bar(points: number, weight: number, most: number): string {
  const [filled, whole] = [Math.round((points / most) * barWidth), Math.round((weight / most) * barWidth)];
  return '█'.repeat(filled) + '░'.repeat(Math.max(0, whole - filled));
}

function printLifetime(io: CommandIo, { lifetime, run }: Explanation): void {
  printTable(
    io,
    [
      'within',
      ...['purchases', `value in ${run.currency}`, 'low', 'high'].map((title) => ({
        title,
        align: 'right' as const,
      })),
    ],
    lifetime.horizons.map(({ horizon, expectedPurchases, lifetimeValue, low, high }) => [
      horizonWords(horizon),
      figure(expectedPurchases),
      figure(lifetimeValue),
      figure(low),
      figure(high),
    ]),
  );
  if (lifetime.probabilityActive !== null) {
    print(io, `Still active with a probability of ${percent(lifetime.probabilityActive)}.`);
  }
  const reason = lifetime.reason ?? 'this night has no estimate';
  // Most reasons begin with the name of the model.
  const isNamed = lifetime.model === null || reason.startsWith(lifetime.model);
  print(io, wrapped(isNamed ? reason : `${lifetime.model}: ${reason}`, ''));
}

function printProspect(io: CommandIo, prospect: Row): void {
  const { probability_to_buy: probability, rank, horizon_days: days, reason } = prospect;
  if (probability !== null) {
    print(
      io,
      `A first purchase within ${days} days with a probability of ${percent(Number(probability))}, rank ${rank}.`,
    );
  }
  print(io, wrapped(String(reason), ''));
  const shown = ['reason', 'probability_to_buy', 'rank', 'horizon_days'];
  printPlainRows(io, [
    Object.fromEntries(Object.entries(prospect).filter(([name]) => !shown.includes(name))),
  ]);
}

function printActions(io: CommandIo, { actions, run }: Explanation): void {
  printRows(
    io,
    actions,
    {
      action: (row) => figure(row.action)?.replaceAll('_', ' '),
      from: (row) => figure(row.current_value),
      to: (row) => figure(row.target_value),
      target: (row) => figure(row.target)?.replaceAll('_', ' '),
      points: (row) => figure(row.points),
      [`${run.currency} a year`]: (row) => figure(row.amount_a_year),
      'next tier': (row) => (row.reaches_next_tier === true ? `reaches ${row.next_tier}` : null),
    },
    ['from', 'to', 'points', `${run.currency} a year`],
  );
  const [first] = actions;
  if (typeof first?.next_tier === 'string') {
    print(io, `Tier ${first.next_tier} is ${figure(first.points_to_next_tier)} points away.`);
  }
}

function printRows(
  io: CommandIo,
  rows: readonly Row[],
  columns: Readonly<Record<string, (row: Row) => PrintedCell>>,
  right: readonly string[] = [],
): void {
  const described = Object.keys(columns).map(
    (title): PrintedColumn => ({ title, align: right.includes(title) ? 'right' : 'left' }),
  );
  printTable(
    io,
    described,
    rows.map((row) => Object.values(columns).map((cell) => cell(row))),
  );
}

/** Rows under the names of their columns, without the key and without columns that are empty throughout. */
function printPlainRows(io: CommandIo, rows: readonly Row[]): void {
  const names = Object.keys(rows[0] ?? {}).filter(
    (name) => name !== 'customer_id' && rows.some((row) => row[name] !== null),
  );
  printTable(
    io,
    names.map((name) => name.replaceAll('_', ' ')),
    rows.map((row) => names.map((name) => figure(row[name]))),
  );
}
