import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Engine } from '../../../connectors/engines/engine.ts';
import { localDay, localDaysTable, makeLocalDays } from '../../../transforms/conform/local-days.ts';
import { engineKinds, openOn } from '../both-engines.ts';

describe.each(engineKinds)('the day of a moment where the reports are made, on %s', (kind) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openOn(kind);
  });
  afterAll(() => engine.close());

  // Clocks that change at midnight, zones that skipped a day, and half hours.
  it.each([
    'UTC',
    'Europe/London',
    'America/New_York',
    'America/Sao_Paulo',
    'America/Havana',
    'Asia/Kolkata',
    'Pacific/Apia',
    'Pacific/Chatham',
  ])('is that of the calendar in %s', async (timezone) => {
    await makeLocalDays(engine, { timezone, asOf: '2024-12-31' });
    // Every 15 minutes of two years, one with a day that Apia skipped, and moments outside of the table.
    const [row] = await engine.query(`
        with moments as (
          select cast(moment as timestamp) as moment
          from generate_series(timestamp '2011-01-01', timestamp '2012-12-31', interval '15 minutes') as t(moment)
          union all select timestamp '1953-05-05 23:59:59' union all select timestamp '2400-07-01 23:30:00'
        )
        select count(*) as moments,
          count(case when ${localDay('moment', timezone)} <> local_date(moment, '${timezone}') then 1 end) as wrong
        from moments left join ${localDaysTable} as days on days.day = cast(moment as date)`);
    expect(row).toEqual({ moments: '70083', wrong: '0' });
  });
});
