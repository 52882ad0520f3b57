import type { AccountLink, IdentityEvidence } from '../../report/customer/identity-evidence.ts';
import { colorsOf } from '../colors.ts';
import { type CommandIo, print } from '../command-io.ts';
import { printTable } from '../print-table.ts';
import { wrapped } from '../wrapped.ts';
import { figure, printable } from './figures.ts';

/** The accounts of the customer with what joined each, the links that hold them together, and who was kept apart. */
export function printIdentity(io: CommandIo, identity: IdentityEvidence, customerId: string): void {
  const { accounts, ids, keptApart } = identity;
  const names = Object.keys(accounts[0] ?? {}).filter((name) => name !== 'source' && name !== 'account_ref');
  printTable(
    io,
    ['account', ...names.map((name) => name.replaceAll('_', ' '))],
    accounts.map((row) => [
      printable(`${row.source}:${row.account_ref}`),
      ...names.map((name) =>
        figure(/_at$/.test(name) ? (row[name]?.toString().slice(0, 10) ?? null) : row[name]),
      ),
    ]),
  );
  if (identity.tree.branches.length > 0) printTree(io, identity);
  if (keptApart.length > 0) {
    print(io, '\nKept apart, though much speaks for one customer');
    printTable(
      io,
      ['account', 'other account', 'why', 'rule', { title: 'evidence in bits', align: 'right' }],
      keptApart.map((row) => [
        printable(`${row.source}:${row.account_ref}`),
        printable(`${row.other_source}:${row.other_account_ref}`),
        figure(row.reason),
        figure(row.rule),
        figure(row.evidence),
      ]),
    );
  }
  for (const { customer_id, reason, since } of ids) {
    if (customer_id !== customerId)
      print(io, `${customer_id} means this customer since ${since} (${reason})`);
  }
}

function printTree(io: CommandIo, { tree, furtherLinks }: IdentityEvidence): void {
  const more = furtherLinks === 0 ? '' : ` (${furtherLinks} more agree)`;
  print(io, `\nThe links that hold them together, the strongest first${more}`);
  printTable(
    io,
    [
      'account',
      'other account',
      'decided by',
      { title: 'bits', align: 'right' },
      { title: 'probability', align: 'right' },
      'agrees on',
    ],
    tree.branches.map((link) => [
      printable(link.one),
      printable(link.other),
      decidedBy(link),
      figure(link.evidence),
      link.probability === null ? null : link.probability.toFixed(4),
      link.levels,
    ]),
  );
  if (tree.weakest === null) return;
  const { link, parted } = tree.weakest;
  print(
    io,
    colorsOf(io).dim(
      wrapped(
        printable(
          `The weakest link is ${link.one} – ${link.other}: without it ${parted.join(', ')} would be a customer apart.`,
        ),
        '',
      ),
    ),
  );
}

function decidedBy({ decision, rule }: AccountLink): string {
  if (decision === 'accepted') return 'evidence';
  return rule === null ? decision.replaceAll('_', ' ') : rule;
}
