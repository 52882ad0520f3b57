import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Engine, Row } from '../../../connectors/engines/engine.ts';
import { recordChanges } from '../../../transforms/customers/record-changes.ts';
import { loadModels } from '../../../transforms/load-models.ts';
import { engineKinds, openOn } from '../both-engines.ts';

const texts = Object.keys(recordChanges.header.columns).filter(
  (name) => !['customer_id', 'changed_on', 'is_gone', 'date_of_birth', 'consent'].includes(name),
);

describe.each(engineKinds)('the history of golden records on %s', (kind) => {
  let engine: Engine;

  beforeAll(async () => {
    engine = await openOn(kind);
    await engine.run(`
      create schema settings; create schema customers;
      create schema if not exists whalecurve;
      create table settings.run (as_of date);
      create table whalecurve.runs (as_of date, status text);
      create table customers.customers (
        customer_id text, date_of_birth date, consent boolean, ${texts.map((name) => `${name} text`).join(', ')})`);
  }, 60_000);
  afterAll(() => engine.close());

  /** One night: the customers with their town, and whether the run published. */
  async function night(asOf: string, towns: Record<string, string | null>, status = 'done'): Promise<Row[]> {
    await engine.run(`delete from settings.run; insert into settings.run values (date '${asOf}')`);
    await engine.run('delete from customers.customers');
    for (const [id, town] of Object.entries(towns)) {
      await engine.run('insert into customers.customers (customer_id, city) values ($1, $2)', [id, town]);
    }
    const model = (await loadModels()).find(({ table }) => table.table === 'customer_history');
    await engine.transaction(async () => {
      await recordChanges.build(engine);
      await model?.build(engine);
    });
    await engine.run('insert into whalecurve.runs values (cast($1 as date), $2)', [asOf, status]);
    return engine.query(
      `select customer_id, valid_from, valid_to, is_current, city from customers.customer_history
       order by customer_id, valid_from`,
    );
  }

  const span = (id: string, from: string, to: string | null, city: string | null) => ({
    customer_id: id,
    valid_from: from,
    valid_to: to,
    is_current: to === null,
    city,
  });

  it('has a row for each time without a change, closed where another begins or the customer has gone', async () => {
    await night('2026-01-01', { c1: 'Bonn', c2: null });
    // A night without a change adds nothing.
    expect(await night('2026-01-02', { c1: 'Bonn', c2: null })).toEqual([
      span('c1', '2026-01-01', null, 'Bonn'),
      span('c2', '2026-01-01', null, null),
    ]);
    expect(await night('2026-01-03', { c1: 'Köln', c3: 'Ulm' })).toEqual([
      span('c1', '2026-01-01', '2026-01-03', 'Bonn'),
      span('c1', '2026-01-03', null, 'Köln'),
      span('c2', '2026-01-01', '2026-01-03', null),
      span('c3', '2026-01-03', null, 'Ulm'),
    ]);
    // It comes back: the gap stays a gap.
    expect((await night('2026-01-04', { c1: 'Köln', c2: null, c3: 'Ulm' })).slice(2, 4)).toEqual([
      span('c2', '2026-01-01', '2026-01-03', null),
      span('c2', '2026-01-04', null, null),
    ]);
  });

  it('is the same when a day is run again, and follows what its last run found', async () => {
    const again = await night('2026-01-04', { c1: 'Köln', c2: null, c3: 'Ulm' });
    expect(await night('2026-01-04', { c1: 'Köln', c2: null, c3: 'Ulm' })).toEqual(again);
    const corrected = await night('2026-01-04', { c1: 'Köln', c2: 'Trier', c3: 'Ulm' });
    expect(corrected[3]).toEqual(span('c2', '2026-01-04', null, 'Trier'));
    expect(corrected).toHaveLength(again.length);
  });

  it('forgets what a night found that never published', async () => {
    await night('2026-01-05', { c1: 'wrong', c2: 'wrong', c3: 'wrong' }, 'failed');
    const after = await night('2026-01-06', { c1: 'Köln', c2: 'Trier', c3: 'Jena' });
    expect(after.map(({ city }) => city)).not.toContain('wrong');
    expect(after.slice(-2)).toEqual([
      span('c3', '2026-01-03', '2026-01-06', 'Ulm'),
      span('c3', '2026-01-06', null, 'Jena'),
    ]);
  });
});
