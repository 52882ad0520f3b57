import type { DuckDBConnection } from '@duckdb/node-api';
import type { AttributeType } from '../../../config/identity-attributes.ts';
import { quoteName } from '../../../connectors/engines/quote.ts';
import type { Agreement } from './compare.ts';
import { withWeights } from './learn.ts';
import type { ComparisonModel, Model } from './model.ts';
import { replaceValueBits, type ValueBits } from './replace-value-bits.ts';
import type { Comparison, OwnAttribute } from './settings.ts';

/**
 * What holds where there is too little to learn from: the assumed shares of the settings, and these shares of a common
 * value in the population, in bits. Assumptions, on the careful side: one person in 64 has a common given name, one in
 * 128 a common family name (Smith is 1 in 120 of the USA's census of 2010), so that a common name alone says little.
 */
const bitsOfCommonValue: Readonly<Record<string, number>> = {
  given_name: 6,
  family_name: 7,
  date_of_birth: 14,
  email: 20,
  mailbox: 10,
  mail_domain: 8,
  phone: 20,
  street: 10,
  city: 4,
  postcode: 9,
  postcode_area: 5,
  tax_id: 20,
  company_name: 10,
  company_word: 6,
};
/** An identifier is nobody else's, as a tax id is. */
const bitsOfOwnValue: Readonly<Record<AttributeType, number>> = {
  text: 10,
  identifier: 20,
  number: 10,
  date: 14,
};

/** What is assumed counts as so many accounts beside those that are there. */
const assumedAccounts = 100;

/** Log2 of the odds before any evidence: as in a base of ten thousand accounts, each with one other of its customer. */
const priorOdds = 1 / 10_000;

/** Evidence in bits above which two accounts are taken for one customer under the assumed model: 255 to 1. */
export const assumedCut = 8;

/** Replaces the rarity of each value by the assumed one. */
export async function assumeValueBits(
  connection: DuckDBConnection,
  agreement: Agreement,
  own: readonly OwnAttribute[],
): Promise<void> {
  await replaceValueBits(connection, assumedValueBits(agreement, own));
}

/** The assumed rarity of each value, as far as the accounts do not show that it is common here. */
export function assumedValueBits(agreement: Agreement, own: readonly OwnAttribute[]): ValueBits[] {
  return [...agreement.keys()].map((attribute) => {
    const share = 2 ** -bitsOf(attribute, own);
    return {
      attribute,
      // Without the two accounts of a pair that agree on it.
      table: `(select value, -log2((greatest(accounts - 2, 0) + ${assumedAccounts * share}::double)
        / (sum(accounts) over () + ${assumedAccounts})) as bits from ${quoteName(`values_of_${attribute}`)})`,
      unseen: bitsOf(attribute, own),
    };
  });
}

export function assumedAgreement(agreement: Agreement, own: readonly OwnAttribute[]): Map<string, number> {
  return new Map([...agreement.keys()].map((attribute) => [attribute, bitsOf(attribute, own)]));
}

export function assumedModel(
  comparisons: readonly Comparison[],
  agreement: Agreement,
  reason: string,
): Model {
  return {
    lambda: priorOdds,
    relatives: priorOdds / 5,
    rounds: 0,
    notes: [reason],
    comparisons: comparisons.map((comparison) => assumedComparison(comparison, agreement)),
  };
}

function assumedComparison({ name, levels, isFixed }: Comparison, agreement: Agreement): ComparisonModel {
  const areStrangers = levels.every((level) => level.relatives === undefined);
  const shares = levels.map((level) => {
    const agree = (level.rarity ?? []).reduce((bits, value) => bits + (agreement.get(value) ?? 0), 0);
    const u = level.u * 2 ** -agree;
    const relatives = areStrangers ? u : (level.relatives ?? level.m);
    const { m, given } = level;
    return {
      name: level.name,
      m,
      u,
      relatives: Math.log2(relatives / u),
      ...(given === undefined ? {} : { given }),
    };
  });
  return { name, isLearned: false, levels: withWeights(shares, isFixed) };
}

function bitsOf(attribute: string, own: readonly OwnAttribute[]): number {
  const type = own.find(({ name }) => name === attribute)?.type ?? 'text';
  return bitsOfCommonValue[attribute] ?? bitsOfOwnValue[type];
}
