import { quoteText } from '../../../connectors/engines/quote.ts';
import { placeholders } from '../word-lists.ts';
import type { OwnAttribute } from './settings.ts';

/**
 * SQL of an attribute of the user in a form in which two of its values can be compared, as text. `column` is the
 * written value, `plain` the same without case, marks and punctuation. What stands for "not known" becomes null.
 */
export function ownValueSql(attribute: OwnAttribute, column: string, plain: string): string {
  const { type = 'text' } = attribute;
  switch (type) {
    case 'text':
      return `case when replace(${plain}, ' ', '') not in (${unknownWords(attribute)}) then ${plain} end`;
    case 'identifier': {
      const bare = `upper(regexp_replace(${column}, '[^\\p{L}\\p{N}]+', '', 'g'))`;
      // One character over and over (0000000) is a placeholder too.
      return `case when replace(${bare}, left(${bare}, 1), '') <> '' and lower(${bare}) not in (${unknownWords(attribute)}) then ${bare} end`;
    }
    case 'number':
      return `cast(try_cast(${column} as decimal(18, 4)) as varchar)`;
    case 'date': {
      const digits = `regexp_replace(${column}, '[^0-9]', '', 'g')`;
      return `case when regexp_full_match(${digits}, '[0-9]{8}') and ${digits} not in ('19000101', '00000000') then ${digits} end`;
    }
  }
}

/** Of every attribute: nobody's name is `n/a`, and no card has the number 1234567890. */
function unknownWords({ placeholders: own = [] }: OwnAttribute): string {
  const bare = (value: string): string => value.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
  const words = placeholders
    .filter(([attribute]) => attribute === 'name' || attribute === 'tax_id')
    .map(([, value]) => value);
  return [...new Set([...words, ...own].map(bare))].map(quoteText).join(', ');
}
