import type { Command } from 'commander';
import { type ExplainedPair, explainTwoAccounts } from '../../transforms/identity/explain/explain-pair.ts';
import { keyText } from '../../transforms/identity/review/stored-decisions.ts';
import { colorsOf } from '../colors.ts';
import { type CommandIo, print, printJson } from '../command-io.ts';
import { globalOptions, loadedConfig } from '../global-options.ts';
import { writtenAccount } from '../identity/account-key.ts';
import { readingState } from '../identity/with-state.ts';
import { type PrintedCell, printTable } from '../print-table.ts';
import { wrapped } from '../wrapped.ts';
import { waterfallBar } from './waterfall-bar.ts';

/**
 * `whalecurve explain crm:123 shop:77`: why two accounts are one customer or two, as the waterfall of their evidence. Shows
 * what the accounts hold: a person asks.
 */
export async function explainPair(
  one: string,
  other: string,
  command: Command,
  io: CommandIo,
): Promise<void> {
  const config = await loadedConfig(command, io);
  const keys = [writtenAccount(one), writtenAccount(other)] as const;
  const explained = await readingState(config, (engine) => explainTwoAccounts(engine, config.identity, keys));
  if (globalOptions(command).json) {
    const { accounts, ...rest } = explained;
    printJson(io, { accounts: accounts.map(keyText), ...rest });
  } else printPair(io, explained);
}

function printPair(io: CommandIo, pair: ExplainedPair): void {
  const { bold, dim, green, yellow } = colorsOf(io);
  const [one, other] = pair.accounts.map(keyText);
  const [customer, otherCustomer] = pair.customers;
  const verdict = pair.isOneCustomer
    ? `are one customer, ${customer}`
    : `are two customers, ${customer} and ${otherCustomer}`;
  print(io, bold(`${one} and ${other} ${verdict}`));
  for (const reason of reasonsOf(pair))
    print(io, (pair.isOneCustomer ? green : yellow)(wrapped(reason, '  ')));
  print(io, '');
  printWaterfall(io, pair);
  const { evidence, cut } = pair;
  const distance = `${bits(Math.abs(evidence - cut))} ${evidence > cut ? 'above' : 'below'} the cut of ${bits(cut)}`;
  print(io, `\nprobability ${probability(pair.probability)}; the evidence is ${distance}`);
  for (const line of blockingLines(pair)) print(io, dim(wrapped(line, '')));
}

/** What decided, in the order in which one thing overrules the other. */
function reasonsOf(pair: ExplainedPair): string[] {
  const { decided, decision, rule, keptApart, isOneCustomer, evidence, cut } = pair;
  const reasons: string[] = [];
  if (decided !== null) {
    const said = decided.decision === 'must_link' ? 'put them together' : 'keeps them apart';
    reasons.push(`a person ${said} (${decided.origin})`);
  }
  if (decision === 'certain') reasons.push(`the rule ${rule} links them`);
  if (decision === 'accepted') reasons.push('the evidence is above the cut');
  if (decision === 'review')
    reasons.push('the evidence is near the cut: `whalecurve review` leaves it to a person');
  if (keptApart !== null) {
    const { reason, isDirect } = keptApart;
    reasons.push(
      `${apartTexts[reason] ?? reason}${isDirect ? '' : ', in other accounts of their customers'}`,
    );
  }
  if (reasons.length > 0) return reasons;
  if (isOneCustomer) return ['no link of their own: other accounts of the customer hold them together'];
  return [evidence > cut ? 'they were never compared' : 'the evidence is below the cut'];
}

const apartTexts: Readonly<Record<string, string>> = {
  cannot_link: 'a person keeps them apart',
  date_of_birth: 'dates of birth contradict each other',
  tax_id: 'tax ids contradict each other',
  unique_within: 'nobody has two accounts in this source (identity.unique_within)',
  second_accounts:
    'together they would have second accounts in several sources that hardly have a customer twice',
  average_evidence: 'most other pairs of the two customers speak against it',
  component: 'they hung together with too many accounts by weak links',
};

function printWaterfall(io: CommandIo, pair: ExplainedPair): void {
  const { dim } = colorsOf(io);
  const [one = '', other = ''] = pair.accounts.map(keyText);
  const rows: { cells: PrintedCell[]; bits: number }[] = [
    {
      cells: ['prior', `1 pair in ${Math.round(2 ** -pair.priorBits + 1).toLocaleString('en')}`],
      bits: pair.priorBits,
    },
  ];
  for (const { comparison, level, weight, rarity, values } of pair.steps) {
    const texts = values.map((side) => Object.values(side).join(' ') || null);
    if (level === null) rows.push({ cells: [comparison, dim('missing'), ...texts], bits: 0 });
    else rows.push({ cells: [comparison, level, ...texts], bits: weight });
    if (Math.abs(rarity) >= 0.05)
      rows.push({ cells: ['', rarity > 0 ? 'rare value' : 'common value'], bits: rarity });
  }
  rows.push({ cells: ['household', 'may be two people of one'], bits: pair.relativesBits });
  const range = rangeOf(rows.map((row) => row.bits));
  let sum = 0;
  const printed = rows.map(({ cells, bits: step }) => {
    const before = sum;
    sum += step;
    const [what, level, left = '', right = ''] = cells;
    return [what, level, left, right, signed(step), bits(sum), waterfallBar(before, sum, range)];
  });
  printTable(
    io,
    [
      ...['evidence', 'level', one, other],
      { title: 'bits', align: 'right' as const },
      { title: 'sum', align: 'right' as const },
      '',
    ],
    [...printed, ['', '', '', '', 'evidence', bits(pair.evidence), '']],
  );
}

function rangeOf(steps: readonly number[]): [number, number] {
  let [sum, least, most] = [0, 0, 0];
  for (const step of steps) {
    sum += step;
    least = Math.min(least, sum);
    most = Math.max(most, sum);
  }
  return [least, most];
}

function blockingLines({
  areAllPairsCompared,
  sharedBlocks,
  differentBlocks,
  maybeLeftOut,
  areSettingsChanged,
}: ExplainedPair): string[] {
  const lines: string[] = [];
  if (areAllPairsCompared) lines.push('compared: there are so few accounts that every two are');
  else if (sharedBlocks.length > 0)
    lines.push(`blocking rules that find the two: ${sharedBlocks.join(', ')}`);
  else {
    lines.push('no blocking rule finds the two, so that no run compares them');
    if (differentBlocks.length > 0) lines.push(`rules that both take part in: ${differentBlocks.join(', ')}`);
  }
  if (!areAllPairsCompared && maybeLeftOut.length > 0) {
    lines.push(`of these, some blocks were too large and left out: ${maybeLeftOut.join(', ')}`);
  }
  if (areSettingsChanged)
    lines.push('the settings of identity changed since the model was learned: the next run learns anew');
  return lines;
}

function bits(value: number): string {
  return value.toFixed(2);
}

function signed(value: number): string {
  return value === 0 ? '0.00' : `${value > 0 ? '+' : ''}${value.toFixed(2)}`;
}

/** Never rounded to certainty. */
function probability(value: number): string {
  if (value > 0.9999) return 'above 0.9999';
  return value < 0.0001 ? 'below 0.0001' : value.toFixed(4);
}
