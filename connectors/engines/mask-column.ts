import type { PersonalColumn, PersonalKind } from '../../config/personal-columns.ts';
import { quoteName, quoteText } from './quote.ts';

/**
 * SQL, in the dialect of both engines, for what analysts see of a personal column: `A…` of a name, `a…@b.example` of
 * an e-mail, the last two digits of a phone, the last two characters of a tax id, the year of a date of birth, and
 * NULL of addresses and free text. NULL stays NULL.
 */
export function maskedColumn(column: string, personal: PersonalColumn): string {
  const value = quoteName(column);
  if (personal === 'date_of_birth') return `cast(extract(year from cast(${value} as date)) as integer)`;
  if (typeof personal === 'string') return maskedText(value, personal);
  const cases = Object.entries(personal.kinds).map(
    ([word, kind]) => `when ${quoteText(word)} then ${maskedText(value, kind)}`,
  );
  return `case ${quoteName(personal.by)} ${cases.join(' ')} else ${value} end`;
}

function maskedText(value: string, kind: PersonalKind): string {
  const text = `trim(cast(${value} as text))`;
  const initial = `substr(${text}, 1, 1) || '…'`;
  switch (kind) {
    case 'name':
      return initial;
    case 'email': {
      // What follows the last @: a local part in quotes may hold one, too.
      const domain = `reverse(split_part(reverse(${text}), '@', 1))`;
      return `case when ${text} like '_%@%' then ${initial} || '@' || ${domain} else ${initial} end`;
    }
    case 'phone':
      return `'…' || right(regexp_replace(${text}, '[^0-9]', '', 'g'), 2)`;
    case 'tax_id':
      return `'…' || right(${text}, 2)`;
    case 'date_of_birth':
      return `substr(${text}, 1, 4)`;
    case 'address':
    case 'text':
      return 'cast(null as text)';
  }
}
