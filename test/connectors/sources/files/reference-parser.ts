/** How a file is written: as `format:` would say it. */
export interface ReferenceForm {
  delimiter: string;
  quote: string;
  hasHeader: boolean;
}

export interface ReferenceTable {
  names: string[];
  rows: (string | null)[][];
  /** For each row, where it ends in the text. */
  ends: number[];
}

interface Field {
  text: string;
  isQuoted: boolean;
}

/**
 * CSV by RFC 4180, written for tests alone and as plainly as can be: letter by letter, over the whole text. Beyond the
 * RFC: any newline ends a row, blanks around quotes and blank lines go, empty fields behind the last column too, a
 * quote within a field without quotes is a letter, and `\N` or nothing without quotes is no value.
 *
 * @returns null for what is not CSV, or no table
 */
export function referenceTable(text: string, form: ReferenceForm): ReferenceTable | null {
  if (text.includes('\0')) return null;
  const records: { fields: Field[]; end: number }[] = [];
  let place = 0;
  while (place < text.length) {
    const record = readRecord(text, place, form);
    if (record === null) return null;
    records.push(record);
    place = record.end;
  }
  while (form.hasHeader && records[0] && isBlank(records[0].fields)) records.shift();
  const header = form.hasHeader ? records.shift() : undefined;
  const first = header ?? records.find(({ fields }) => !isBlank(fields));
  if (first === undefined) return null;
  const width = first.fields.length;
  const rows: (string | null)[][] = [];
  const ends: number[] = [];
  for (const { fields, end } of records) {
    if (isBlank(fields) && width > 1) continue;
    const extra = fields.slice(width);
    if (fields.length < width || extra.some((field) => fieldValue(field) !== null)) return null;
    rows.push(fields.slice(0, width).map(fieldValue));
    ends.push(end);
  }
  return { names: header?.fields.map(({ text }) => text.trim()) ?? [], rows, ends };
}

function isBlank(fields: readonly Field[]): boolean {
  return fields.length === 1 && fields[0]?.text === '' && !fields[0].isQuoted;
}

function fieldValue({ text, isQuoted }: Field): string | null {
  return !isQuoted && (text === '' || text === '\\N') ? null : text;
}

function readRecord(
  text: string,
  start: number,
  { delimiter, quote }: ReferenceForm,
): { fields: Field[]; end: number } | null {
  const fields: Field[] = [];
  let place = start;
  for (;;) {
    let open = place;
    while (text[open] === ' ') open += 1;
    if (text[open] === quote) {
      let value = '';
      let at = open + 1;
      for (;;) {
        if (at >= text.length) return null;
        if (text[at] !== quote) value += text[at++];
        else if (text[at + 1] === quote) {
          value += quote;
          at += 2;
        } else break;
      }
      at += 1;
      while (text[at] === ' ') at += 1;
      if (at < text.length && !text.startsWith(delimiter, at) && !/[\r\n]/.test(text[at] as string))
        return null;
      fields.push({ text: value, isQuoted: true });
      place = at;
    } else {
      let at = place;
      while (at < text.length && !text.startsWith(delimiter, at) && !/[\r\n]/.test(text[at] as string))
        at += 1;
      fields.push({ text: text.slice(place, at), isQuoted: false });
      place = at;
    }
    if (place >= text.length) return { fields, end: place };
    if (!text.startsWith(delimiter, place)) break;
    place += delimiter.length;
    if (place === text.length) {
      fields.push({ text: '', isQuoted: false });
      return { fields, end: place };
    }
  }
  return { fields, end: place + (text.startsWith('\r\n', place) ? 2 : 1) };
}
