import { describe, expect, it } from '@jest/globals';
import type { FormatConfig } from '../../../../connectors/sources/files/csv-form.ts';
import { tableColumns } from '../../../../connectors/sources/files/table-columns.ts';
import { valuesShown } from '../../../../connectors/sources/files/value-formats.ts';
import type { ColumnForm } from '../../../../connectors/sources/source.ts';

/** What a column of these values, alone in its table, is found to be written like. */
function formatOf(values: string[], format: FormatConfig = {}, kept: ColumnForm = {}) {
  const file = { path: '/a.csv', file: 'a.csv', realPath: '/a.csv', bytes: 1, modifiedMs: 1 };
  const columns = [{ name: 'column', type: 'text' as const, sourceType: 'json' }];
  const shown = valuesShown(
    values.map((value) => [value]),
    ['column'],
    format,
  );
  const profile = { kind: 'jsonl' as const, file, columns, rows: 1n, ...shown };
  const { forms, ambiguousDates } = tableColumns([profile], { column: kept });
  return { ...forms.get('column'), isAmbiguousDate: ambiguousDates.length > 0 };
}

describe('numbers in a column of text', () => {
  it.each([
    ['1.234,56 among integers', ['1.234,56', '7'], ','],
    ['0,5', ['0,5', ''], ','],
    ['-1 234,5', ['-1 234,5'], ','],
    ['1.234.567', ['1.234.567'], ','],
    ['12,345 beside 1,5', ['12,345', '1,5'], ','],
    ['1,234.56', ['1,234.56'], '.'],
    ['0.5', ['0.5', '12'], '.'],
    ['only 1,234, which could be either', ['1,234', '5,678'], undefined],
    ['commas in words', ['1,5', 'red, green'], undefined],
    ['a point in one row and a comma in another', ['1,50', '1.50'], undefined],
  ] as const)('are found to be written as %s', (_, values, decimal) => {
    expect(formatOf([...values]).decimal).toBe(decimal);
  });

  it('are read as the config says', () => {
    expect(formatOf(['1,234'], { decimal: ',' }).decimal).toBe(',');
    expect(formatOf(['1,5', 'twelve'], { decimal: ',' }).decimal).toBe(',');
    expect(formatOf(['red, green', 'blue'], { decimal: ',' }).decimal).toBe('.');
  });
});

describe('dates in a column of text', () => {
  it.each([
    ['%d/%m/%Y %H:%M', ['31/12/2024 23:59', '01/02/2024 00:00']],
    ['%m/%d/%Y', ['12/31/2024', '01/02/2024']],
    ['%d.%m.%Y', ['01.02.2024', '03.04.2024']],
    ['%d-%m-%y', ['31-12-24']],
    ['%Y/%m/%d', ['2024/12/31']],
    ['%m/%d/%Y %I:%M:%S %p', ['12/31/2024 11:59:00 PM']],
  ])('are found to be written as %s', (dateFormat, values) => {
    expect(formatOf(values)).toMatchObject({ dateFormat, isAmbiguousDate: false });
  });

  it('that could be day/month or month/day are left to the config', () => {
    expect(formatOf(['01/02/2024', '12/11/2024'])).toEqual({ isAmbiguousDate: true });
    const given = { date_format: '%d/%m/%Y' };
    expect(formatOf(['01/02/2024'], given)).toMatchObject({ dateFormat: '%d/%m/%Y', isAmbiguousDate: false });
  });

  it.each([
    ['ISO dates', ['2024-12-31', '2024-01-02T03:04:05']],
    ['a day and a month both above 12', ['31/12/2024', '12/31/2024']],
    ['dates with and without a time', ['31/12/2024', '31/12/2024 10:00']],
    ['other text', ['31/12/2024', 'n/a']],
    ['nothing', ['', '']],
  ])('need no format where they are %s', (_, values) => {
    expect(formatOf(values).dateFormat).toBeUndefined();
  });
});
