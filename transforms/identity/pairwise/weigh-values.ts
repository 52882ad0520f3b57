import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteName, quoteText } from '../../../connectors/engines/quote.ts';
import { nicknames } from '../nicknames.ts';
import type { Agreement } from './compare.ts';
import { bitsSql, joinSql, type ValueBits } from './replace-value-bits.ts';
import type { PairwiseSettings } from './settings.ts';

/** Attributes that term frequencies are kept for. */
const builtInAttributes = [
  'given_name',
  'family_name',
  'date_of_birth',
  'email',
  'mailbox',
  'mail_domain',
  'phone',
  'street',
  'city',
  'postcode',
  'postcode_area',
  'tax_id',
  'company_name',
  'company_word',
  'source',
] as const;

/** Attributes whose letters are looked at before any distance is computed. */
const spelledAttributes = new Set([
  'given_name',
  'family_name',
  'email',
  'street',
  'city',
  'company_name',
  'postcode',
  'phone',
  'tax_id',
]);

/**
 * accounts of the session: plain_accounts with the share of each value, in bits, its letters, and the nickname groups of the
 * given name. Gives the chance of agreement per attribute; attributes that no account has are not in it.
 *
 * @param valuesOf where the rarity of attributes is read in place of their share among the accounts, which it is told
 */
export async function weighValues(
  connection: DuckDBConnection,
  { attributes: own, nicknames: ownNicknames = [] }: Pick<PairwiseSettings, 'attributes' | 'nicknames'>,
  valuesOf: (agreement: Agreement) => readonly ValueBits[] = () => [],
): Promise<Map<string, number>> {
  const attributes = [...builtInAttributes, ...own.map(({ name }) => name)];
  const ownNames = new Set(own.map(({ name }) => name));
  const isSpelled = (name: string): boolean => spelledAttributes.has(name) || ownNames.has(name);
  const counts = await connection.runAndReadAll(
    `select ${attributes.map((name) => `count(${quoteName(name)})`).join(', ')}, count(distinct source) from plain_accounts`,
  );
  const [counted = []] = counts.getRows();
  // Where all accounts are of one source, it says nothing.
  const isOfOneSource = Number(counted.at(-1)) < 2;
  const present = attributes.filter(
    (name, index) => Number(counted[index]) > 0 && !(name === 'source' && isOfOneSource),
  );
  for (const name of present) {
    await connection.run(`create or replace temp table ${quoteName(`values_of_${name}`)} as
      select value, accounts, -log2(accounts / sum(accounts) over ()) as bits${isSpelled(name) ? `, ${letters} as letters` : ''}
      from (select ${quoteName(name)} as value, count(*) as accounts from plain_accounts where ${quoteName(name)} is not null group by 1)`);
  }
  const agreement = await agreementOn(connection, present);
  await nicknameGroups(connection, [...nicknames, ...ownNicknames]);
  const replaced = new Map(valuesOf(agreement).map((values) => [values.attribute, values]));
  const columns = attributes.flatMap((name) => {
    const from = present.includes(name) ? quoteName(`values_of_${name}`) : undefined;
    const spelled = isSpelled(name)
      ? [`${from ? `${from}.letters` : 'null::bigint'} as ${quoteName(`${name}_letters`)}`]
      : [];
    const values = replaced.get(name);
    const bits = values === undefined ? `${from ? `${from}.bits` : 'null'}::float` : bitsSql(values);
    return [`${bits} as ${quoteName(`${name}_bits`)}`, ...spelled];
  });
  const joins = present.flatMap((name) => {
    const from = quoteName(`values_of_${name}`);
    const values = replaced.get(name);
    const counted = `left join ${from} on ${from}.value = account.${quoteName(name)}`;
    if (values === undefined) return [counted];
    return isSpelled(name) ? [counted, joinSql(values)] : [joinSql(values)];
  });
  await connection.run(`create or replace temp table accounts as
    select account.*, nick.bits as nickname_bits, nick.check_bits as nickname_check_bits, ${columns.join(', ')}
    from plain_accounts as account
    left join nickname_groups as nick on nick.name = account.given_name
    ${joins.join('\n    ')}
    order by node`);
  return agreement;
}

/** Minus the binary logarithm of the share of all pairs that agree on the attribute. */
async function agreementOn(
  connection: DuckDBConnection,
  attributes: readonly string[],
): Promise<Map<string, number>> {
  if (attributes.length === 0) return new Map();
  const shares = attributes.map(
    (name) => `select ${quoteText(name)},
      -log2(greatest(sum(accounts * (accounts - 1)), 1) / greatest(sum(accounts) * (sum(accounts) - 1), 2)) from ${quoteName(`values_of_${name}`)}`,
  );
  const reader = await connection.runAndReadAll(shares.join(' union all '));
  const found = new Map(reader.getRows().map(([name, bits]) => [String(name), Number(bits ?? 0)]));
  return new Map(attributes.map((name) => [name, found.get(name) ?? 0]));
}

/** The set of letters and digits as bits; other characters share the last bits. */
const letters = `list_aggregate(list_transform(string_split(value, ''), letter -> 1::bigint << (ascii(letter) % 61)), 'bit_or')`;

/**
 * Two names share a group if they share a bit of both words: a group has another pair of bits than any of the
 * 3,598 before it, and a list per name would make the join of the pairs several times as slow.
 */
async function nicknameGroups(
  connection: DuckDBConnection,
  groups: readonly (readonly string[])[],
): Promise<void> {
  // As one text: a list of values takes four times as long to parse.
  const rows = groups.flatMap((group, index) => group.map((name) => `${index}:${name}`)).join('\n');
  await connection.run(`create or replace temp table nickname_groups as
    select name, bit_or(1::bigint << (number % 61)) as bits, bit_or(1::bigint << (number % 59)) as check_bits
    from (
      select substr(line, instr(line, ':') + 1) as name, split_part(line, ':', 1)::integer as number
      from (select unnest(string_split(${quoteText(rows)}, chr(10))) as line)
    ) group by name`);
}
