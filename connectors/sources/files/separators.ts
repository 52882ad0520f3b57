import { type Separators, sampleRows } from './sample-rows.ts';

interface GivenSeparators {
  delimiter: string | undefined;
  quote: string | undefined;
  hasBackslashEscapes: boolean;
}

/** The pair that cuts the sample into the most even rows, and among equals into the most fields. */
export function findSeparators(text: string, isWhole: boolean, given: GivenSeparators): Separators {
  const { hasBackslashEscapes } = given;
  const candidates = (given.delimiter === undefined ? delimitersIn(text) : [given.delimiter]).flatMap(
    (delimiter) =>
      (given.quote === undefined ? quotesIn(text, delimiter) : [given.quote]).map((quote) => ({
        delimiter,
        quote,
        hasBackslashEscapes,
      })),
  );
  const [only] = candidates;
  if (only && candidates.length === 1) return only;
  // A part of the sample says enough, unless it holds not even one row.
  const part = text.slice(0, 64 * 1024);
  const best = evenest(candidates, part, isWhole && part.length === text.length);
  return (
    best ??
    evenest(candidates, text, isWhole) ?? { delimiter: given.delimiter ?? ',', quote: given.quote ?? '"' }
  );
}

/**
 * By RFC 4180 the quote in `\"x` would close the field, and no text may follow it; so where text does follow, the
 * backslash is an escape.
 */
export function usesBackslashEscapes(text: string, quote: string, delimiter: string | undefined): boolean {
  const mark = literal(quote);
  const border = delimiter === undefined ? '[,;|\\t]' : literal(delimiter);
  const escaped = new RegExp(`(?:^|[^\\\\])\\\\${mark}(?! *(?:${mark}|${border}|[\\r\\n\\\\]|$))`);
  return escaped.test(text) || new RegExp(`\\\\${mark}\\\\`).test(text);
}

export function hasQuotedFields(text: string, { delimiter, quote }: Separators): boolean {
  return quotedFields(text, delimiter, quote) > 0;
}

/** 0 for one field a row; else the share of rows with the usual number of fields, and a little for each field. */
export function evenness(rows: readonly string[][]): number {
  const { fields, count } = usualWidth(rows);
  return fields < 2 ? 0 : count / rows.length + Math.min(fields, 50) / 1000;
}

export function usualWidth(rows: readonly string[][]): { fields: number; count: number } {
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(row.length, (counts.get(row.length) ?? 0) + 1);
  let fields = 0;
  let count = 0;
  for (const [length, times] of counts) {
    if (times > count || (times === count && length > fields)) {
      fields = length;
      count = times;
    }
  }
  return { fields, count };
}

function evenest(candidates: readonly Separators[], text: string, isWhole: boolean): Separators | null {
  let best: Separators | null = null;
  let bestScore = 0;
  for (const candidate of candidates) {
    const score = evenness(sampleRows(text, candidate, isWhole));
    if (score > bestScore) {
      best = candidate;
      bestScore = score;
    }
  }
  return best;
}

/** Pipes that all come in pairs are one delimiter, not two with nothing between. */
function delimitersIn(text: string): string[] {
  return [',', ';', '\t', /(?<!\|)\|\|(?!\|)/.test(text) && !/(?<!\|)\|(?!\|)/.test(text) ? '||' : '|'];
}

const quotes = ['"', "'"];

/** A single quote counts only where fields stand in it on both sides; an apostrophe is no quote. */
function quotesIn(text: string, delimiter: string): string[] {
  const [double = 0, single = 0] = quotes.map((quote) => quotedFields(text, delimiter, quote));
  return single > double ? ["'"] : ['"'];
}

function quotedFields(text: string, delimiter: string, quote: string): number {
  const border = literal(delimiter);
  const mark = literal(quote);
  const field = `(?:^|${border}) *${mark}[^${mark}\\r\\n]*${mark}(?=${border}|\\r?$)`;
  return text.match(new RegExp(field, 'gm'))?.length ?? 0;
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|-]/g, '\\$&');
}
