import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PersonalColumn } from '../../../config/personal-columns.ts';
import type { Engine } from '../../../connectors/engines/engine.ts';
import { maskedColumn } from '../../../connectors/engines/mask-column.ts';
import { type EngineUnderTest, engines } from './engines.ts';

const byAttribute: PersonalColumn = { by: 'attribute', kinds: { email: 'email', born: 'date_of_birth' } };

const cases: readonly [PersonalColumn, string, string, string | number | null][] = [
  ['name', 'text', 'Ada Lovelace', 'A…'],
  ['name', 'text', ' Éva', 'É…'],
  ['name', 'text', '', '…'],
  ['email', 'text', 'ada@example.org', 'a…@example.org'],
  ['email', 'text', '"ada@home"@example.org', '"…@example.org'],
  ['email', 'text', 'no address', 'n…'],
  ['email', 'text', '@ada', '@…'],
  ['phone', 'text', '+44 20 7946 01-8 9 (home)', '…89'],
  ['phone', 'bigint', '442079460', '…60'],
  ['tax_id', 'text', 'DE136695976', '…76'],
  ['date_of_birth', 'date', '1815-12-10', 1815],
  ['address', 'text', 'Grosvenor Square 10', null],
  ['text', 'text', 'anything', null],
];

describe.each(engines)('a masked column on $name', ({ start }) => {
  let place: EngineUnderTest;
  let engine: Engine;

  beforeAll(async () => {
    place = await start();
    engine = await place.open();
  });
  afterAll(() => place.end());

  it('shows the same of a value on every engine, and nothing of NULL', async () => {
    for (const [kind, type, value, shown] of cases) {
      const masked = maskedColumn('found', kind);
      const [row] = await engine.query(
        `select ${masked} as shown from (select cast($1 as ${type}) as found) as one`,
        [value],
      );
      expect([kind, value, row?.shown]).toEqual([kind, value, shown]);
      const [none] = await engine.query(
        `select ${masked} as shown from (select cast(null as ${type}) as found) as one`,
      );
      expect([kind, none?.shown]).toEqual([kind, null]);
    }
  });

  it('is masked by what another column says that the row holds', async () => {
    const rows = await engine.query(
      `select ${maskedColumn('value', byAttribute)} as value
       from (values (1, 'email', 'ada@example.org'), (2, 'born', '1815-12-10'), (3, 'industry', 'mills'))
         as given (place, attribute, value)
       order by place`,
    );
    expect(rows.map(({ value }) => value)).toEqual(['a…@example.org', '1815', 'mills']);
  });
});
