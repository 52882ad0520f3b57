import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js';
import type { Engine } from '../../connectors/engines/engine.ts';
import type { Step } from '../step.ts';
import { appendLines } from './append-lines.ts';
import { countRows, dropTemporary, tableExists } from './temporary-table.ts';

const table = { schema: 'identity', table: 'phone_dictionary' };

/**
 * E.164 of each phone number that the accounts hold, by libphonenumber. Only numbers that the dictionary of
 * the last run does not have are parsed (about 30 µs each), so a night costs what is new; numbers that
 * no account has any more are dropped.
 */
export const phoneDictionary: Step = {
  table,
  needs: ['identity.written'],
  header: {
    comment: 'Each phone number as written, and the form in which two numbers can be compared',
    grain: 'one way of writing a number, in one country',
    key: ['phone', 'country'],
    tests: [],
    columns: {
      phone: 'As in identity.written',
      country: 'ISO 3166 code of the account, empty where it is not known',
      number: 'E.164, or the digits where the country is not known; null where it is no phone number',
    },
  },
  build: async (engine) => {
    await keepKnownNumbers(engine);
    await parseNewNumbers(engine);
    return countRows(engine, 'identity.phone_dictionary');
  },
};

/** Numbers that start with + and have no zero where a trunk prefix could stand are E.164 as they are. */
const alreadyInternational = '^[+][1-9][1-9][1-9][1-9][0-9]{4,11}$';

async function keepKnownNumbers(engine: Engine): Promise<void> {
  await engine.buildTemporary(
    'phones_in_use',
    `select distinct phone, coalesce(country, '') as country from identity.written where phone is not null`,
  );
  const known = (await tableExists(engine, table.schema, table.table))
    ? 'identity.phone_dictionary'
    : `(select cast('' as text) as phone, cast('' as text) as country, cast('' as text) as number where 1 = 0)`;
  await engine.buildTable(
    table,
    `select known.phone, known.country, known.number
     from ${known} as known
     inner join phones_in_use as used on used.phone = known.phone and used.country = known.country
     union all
     select used.phone, used.country, used.phone
     from phones_in_use as used
     left join ${known} as known on known.phone = used.phone and known.country = used.country
     where known.phone is null
       and regexp_replace(used.phone, '${alreadyInternational}', '') = ''`,
  );
}

/** Numbers that one round parses: bounds the memory. */
const batchSize = 50_000;

async function parseNewNumbers(engine: Engine): Promise<void> {
  await engine.buildTemporary(
    'phones_to_parse',
    `select used.phone, used.country, row_number() over (order by used.country nulls last, used.phone nulls last) as position
     from phones_in_use as used
     left join identity.phone_dictionary as known on known.phone = used.phone and known.country = used.country
     where known.phone is null`,
  );
  for (let first = 0; ; first += batchSize) {
    const batch = await engine.query<{ phone: string; country: string }>(
      `select phone, country from phones_to_parse where position > $1 and position <= $2`,
      [first, first + batchSize],
    );
    if (batch.length === 0) break;
    const rows = batch.map(({ phone, country }) => [phone, country, comparableNumber(phone, country) ?? '']);
    // The empty country is a value here, not an absence.
    await appendLines(engine, table, ['phone', 'country', 'number'], rows);
  }
  await engine.run(`update identity.phone_dictionary set country = '' where country is null`);
  await dropTemporary(engine, 'phones_to_parse', 'phones_in_use');
}

/** Fewer digits are an extension or a placeholder. */
const fewestDigits = 7;

/** E.164 of a number; its digits where libphonenumber cannot tell the country; undefined where it is no number. */
export function comparableNumber(phone: string, country: string): string | undefined {
  const region: CountryCode | undefined = isSupportedCountry(country) ? country : undefined;
  const parsed = parsePhoneNumberFromString(phone.replace(/^00/, '+'), region);
  if (parsed !== undefined) return parsed.number;
  const digits = phone.replace(/\D/g, '');
  return digits.length >= fewestDigits ? digits : undefined;
}
