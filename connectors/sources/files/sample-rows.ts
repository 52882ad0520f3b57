export interface Separators {
  delimiter: string;
  quote: string;
  /** `\"` inside quotes stands for a quote, and `\\` for a backslash. */
  hasBackslashEscapes?: boolean;
}

/**
 * The records of a sample, as fields, under separators that may be the wrong ones: nothing is refused. A sample that
 * is not the whole file loses its last record, which may be cut.
 */
export function sampleRows(text: string, separators: Separators, isWhole: boolean): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let index = 0;
  while (index < text.length) {
    const field = readField(text, index, separators);
    row.push(field.text);
    index = field.end;
    if (text.startsWith(separators.delimiter, index)) {
      index += separators.delimiter.length;
      if (index < text.length) continue;
      row.push('');
    }
    index += text.startsWith('\r\n', index) ? 2 : 1;
    rows.push(row);
    row = [];
  }
  if (!isWhole) rows.pop();
  return rows.filter((fields) => fields.length > 1 || fields[0] !== '');
}

function readField(text: string, start: number, separators: Separators): { text: string; end: number } {
  const { delimiter, quote } = separators;
  let open = start;
  while (text[open] === ' ' && delimiter !== ' ') open += 1;
  if (!text.startsWith(quote, open)) {
    const end = endOfPlain(text, start, delimiter);
    return { text: text.slice(start, end), end };
  }
  const quoted = readQuoted(text, open + quote.length, separators);
  // Whatever follows the closing quote is left out, or kept where it is more than blanks.
  const end = endOfPlain(text, quoted.end, delimiter);
  return { text: quoted.text + text.slice(quoted.end, end).trimEnd(), end };
}

function endOfPlain(text: string, start: number, delimiter: string): number {
  let end = start;
  while (end < text.length) {
    const letter = text[end];
    if (letter === '\n' || letter === '\r' || text.startsWith(delimiter, end)) break;
    end += 1;
  }
  return end;
}

/** From behind the opening quote to behind the closing one, or to the end of the text. */
function readQuoted(text: string, start: number, separators: Separators): { text: string; end: number } {
  const { quote, hasBackslashEscapes } = separators;
  let value = '';
  let kept = start;
  let index = start;
  while (index < text.length) {
    if (hasBackslashEscapes && text[index] === '\\') {
      const isEscape = text[index + 1] === '\\' || text.startsWith(quote, index + 1);
      if (isEscape) {
        value += text.slice(kept, index);
        kept = index + 1;
        index += 1;
      }
      index += 1;
    } else if (!text.startsWith(quote, index)) {
      index += 1;
    } else if (text.startsWith(quote, index + quote.length)) {
      value += text.slice(kept, index + quote.length);
      index += 2 * quote.length;
      kept = index;
    } else {
      return { text: value + text.slice(kept, index), end: index + quote.length };
    }
  }
  return { text: value + text.slice(kept), end: text.length };
}
