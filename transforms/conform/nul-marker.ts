import { nulMark } from '../../connectors/engines/mark-nuls.ts';
import { unheldMark } from '../../connectors/sources/unheld-text.ts';

/** What stands in raw text where the source has a NUL, or what UTF-8 cannot say. */
const nul = `chr(${nulMark.codePointAt(0)})`;
const unheld = `chr(${unheldMark.codePointAt(0)})`;

/** SQL that is true for a text that could not come as it was; false for any other and for null. */
export function holdsNul(text: string): string {
  return `coalesce(strpos(${text}, ${nul}) > 0 or strpos(${text}, ${unheld}) > 0, false)`;
}

/** SQL of a text as a person may read it: `\0` for each NUL, U+FFFD where UTF-8 had no word. */
export function withVisibleNuls(text: string): string {
  return `replace(replace(${text}, ${nul}, '\\0'), ${unheld}, chr(65533))`;
}
