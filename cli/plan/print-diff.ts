import type { IdentityExample } from '../../jobs/diff/customer-diff.ts';
import type { StateDiff } from '../../jobs/diff/state-diff.ts';
import type { SourceTableDiff } from '../../jobs/diff/table-diff.ts';
import { fates } from '../../jobs/state-schema.ts';
import { colorsOf } from '../colors.ts';
import { type CommandIo, print } from '../command-io.ts';
import { money, whole } from '../print-run-summary.ts';
import { printTable } from '../print-table.ts';

/** What the config would change, the largest things first, each with examples by key. */
export function printDiff(io: CommandIo, diff: StateDiff, currency: string): void {
  const { bold, dim, red, green } = colorsOf(io);
  const { before, sourceTables, tables, customers, tiers } = diff;
  const unpublished = before.status === 'done' ? '' : `, which ended as ${before.status}`;
  print(io, `Compared with run ${before.runId}${unpublished}, as of ${before.asOf}. Nothing was changed.`);
  if (isSame(diff)) print(io, '\nThe config changes nothing of what is published.');
  if (sourceTables.length > 0) {
    print(io, `\n${bold('Rows of the sources')}\n`);
    printTable(io, ['table', ...fates.map(rightTitle)], sourceTables.map(fateCells));
  }
  if (tables.length > 0) {
    print(io, `\n${bold('Published tables')}\n`);
    const rows = tables.map(({ table, before: past, after }) => [
      table,
      whole(past),
      whole(after),
      signed(after - past),
    ]);
    printTable(io, ['table', ...['before', 'after', 'change'].map(rightTitle)], rows);
  }
  print(io, `\n${bold('Customers')}  ${whole(customers.before)} → ${whole(customers.after)}`);
  print(
    io,
    `  ${whole(customers.merges)} would be merged out of several, ${whole(customers.splits)} split into several; ${whole(customers.movedAccounts)} accounts would change their customer`,
  );
  for (const one of customers.examples) print(io, dim(`  ${identityText(one)}`));
  print(io, `\n${bold('Tiers')}  ${whole(tiers.moved)} of ${whole(tiers.customers)} customers would move`);
  for (const { from, to, customers: count } of tiers.moves) print(io, `  ${from} → ${to}  ${whole(count)}`);
  for (const { customer, from, to } of tiers.examples) print(io, dim(`  ${customer}: ${from} → ${to}`));
  for (const { measure, before: past, after, moved, customers: count, examples } of diff.money) {
    print(io, `\n${bold(measure)}  ${money(past)} → ${money(after)} ${currency}`);
    print(io, `  ${money(moved)} ${currency} would move, between ${whole(count)} customers`);
    for (const one of examples) {
      print(io, dim(`  ${one.customer}: ${amountText(one.before)} → ${amountText(one.after)}`));
    }
  }
  if (diff.gate === null) print(io, `\n${green('Every gate would let it pass.')}`);
  else print(io, `\n${red(`The gate would stop it: ${diff.gate.code}`)} ${diff.gate.message}`);
}

function isSame({ sourceTables, tables, customers, tiers, money: amounts }: StateDiff): boolean {
  const counts = [sourceTables.length, tables.length, customers.movedAccounts, tiers.moved];
  return [...counts, ...amounts.map((measure) => measure.customers)].every((count) => count === 0);
}

function fateCells({ table, before, after }: SourceTableDiff): string[] {
  const cells = fates.map((fate) =>
    before[fate] === after[fate] ? whole(after[fate]) : `${whole(before[fate])} → ${whole(after[fate])}`,
  );
  return [table, ...cells];
}

function identityText({ kind, customer, parts }: IdentityExample): string {
  const accounts = parts.map(({ accounts: references }) => references.slice(0, 3).join(' + ')).join(' | ');
  return kind === 'merge' ? `merged into ${customer}: ${accounts}` : `split of ${customer}: ${accounts}`;
}

function amountText(amount: string | null): string {
  return amount === null ? 'none' : money(amount);
}

function signed(count: number): string {
  return count > 0 ? `+${whole(count)}` : whole(count);
}

function rightTitle(title: string) {
  return { title: title.replace('after_as_of', 'after as-of'), align: 'right' as const };
}
