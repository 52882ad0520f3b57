import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Engine, Row } from '../../../connectors/engines/engine.ts';
import { type EntityRow, openState, runStages } from '../hand-made-company.ts';

let engine: Engine;

beforeEach(async () => {
  engine = await openState();
});

afterEach(() => engine.close());

/** Mailboxes that no slip makes of one another. */
const mailboxes: Readonly<Record<string, string>> = { x: 'mercury', y: 'jupiter', z: 'neptune' };

/** An account that is linked to those who have the same mailbox. */
function account(ref: string, mailbox: string, openedAt = '2020-01-01'): EntityRow {
  return {
    source: 'crm',
    account_ref: ref,
    full_name: 'Ute Kern',
    email: `${mailboxes[mailbox]}@example.org`,
    created_at: openedAt,
  };
}

/** The first 16 hex digits of md5 of `source|account_ref`: the promise that ids are made of. */
function idFoundedBy(ref: string, attempt = ''): string {
  return `c_${createHash('md5').update(`crm|${ref}${attempt}`).digest('hex').slice(0, 16)}`;
}

async function night(asOf: string, ...accounts: EntityRow[]): Promise<Record<string, string>> {
  await runStages(engine, { accounts }, { asOf, stages: ['identity'] });
  const rows = await engine.query<{ account_ref: string; customer_id: string }>(
    'select account_ref, customer_id from identity.members order by account_ref',
  );
  return Object.fromEntries(rows.map((row) => [row.account_ref, row.customer_id]));
}

function customerIds(): Promise<Row[]> {
  return engine.query(
    `select customer_id, present_customer_id, since, reason from identity.customer_ids order by since, customer_id`,
  );
}

describe('customer ids over the nights', () => {
  it('a customer is named after its oldest account and keeps the name when an older one joins', async () => {
    const first = await night('2024-01-01', account('b', 'x', '2019-05-05'), account('a', 'x', '2020-01-01'));
    expect(first).toEqual({ a: idFoundedBy('b'), b: idFoundedBy('b') });
    const second = await night(
      '2024-01-02',
      account('b', 'x', '2019-05-05'),
      account('a', 'x', '2020-01-01'),
      account('c', 'x', '2001-01-01'),
    );
    expect(new Set(Object.values(second))).toEqual(new Set([idFoundedBy('b')]));
    expect(
      await engine.query('select account_ref, since from identity.members order by account_ref'),
    ).toEqual([
      { account_ref: 'a', since: '2024-01-01' },
      { account_ref: 'b', since: '2024-01-01' },
      { account_ref: 'c', since: '2024-01-02' },
    ]);
  });

  it('when two customers merge, the larger one gives the id and the other id leads to it', async () => {
    await night('2024-01-01', account('a', 'x'), account('b', 'y'), account('c', 'y'));
    const merged = await night('2024-01-02', account('a', 'y'), account('b', 'y'), account('c', 'y'));
    expect(new Set(Object.values(merged))).toEqual(new Set([idFoundedBy('b')]));
    expect(await customerIds()).toEqual([
      {
        customer_id: idFoundedBy('b'),
        present_customer_id: idFoundedBy('b'),
        since: '2024-01-01',
        reason: 'new',
      },
      {
        customer_id: idFoundedBy('a'),
        present_customer_id: idFoundedBy('b'),
        since: '2024-01-02',
        reason: 'merge',
      },
    ]);
  });

  it('of two customers of one size the one with the oldest account gives the id', async () => {
    await night('2024-01-01', account('a', 'x', '2021-01-01'), account('b', 'y', '2020-01-01'));
    const merged = await night(
      '2024-01-02',
      account('a', 'y', '2021-01-01'),
      account('b', 'y', '2020-01-01'),
    );
    expect(merged).toEqual({ a: idFoundedBy('b'), b: idFoundedBy('b') });
  });

  it('an id that was merged twice leads to the customer of today', async () => {
    await night(
      '2024-01-01',
      account('a', 'x'),
      account('b', 'y'),
      account('c', 'y'),
      account('d', 'z'),
      account('e', 'z'),
      account('f', 'z'),
      account('g', 'z'),
    );
    await night(
      '2024-01-02',
      account('a', 'y'),
      account('b', 'y'),
      account('c', 'y'),
      account('d', 'z'),
      account('e', 'z'),
      account('f', 'z'),
      account('g', 'z'),
    );
    await night(
      '2024-01-03',
      account('a', 'z'),
      account('b', 'z'),
      account('c', 'z'),
      account('d', 'z'),
      account('e', 'z'),
      account('f', 'z'),
      account('g', 'z'),
    );
    const ids = await customerIds();
    expect(ids).toHaveLength(3);
    expect(new Set(ids.map((row) => row.present_customer_id))).toEqual(new Set([idFoundedBy('d')]));
  });

  it('when a customer splits, the larger part keeps the id and the other gets its own', async () => {
    await night('2024-01-01', account('a', 'x'), account('b', 'x'), account('c', 'x'));
    // a founded the customer; it leaves, so its own hash is taken by those it leaves behind.
    const split = await night('2024-01-02', account('a', 'y'), account('b', 'x'), account('c', 'x'));
    expect(split).toEqual({ a: idFoundedBy('a', '|1'), b: idFoundedBy('a'), c: idFoundedBy('a') });
    expect(await customerIds()).toContainEqual({
      customer_id: idFoundedBy('a', '|1'),
      present_customer_id: idFoundedBy('a', '|1'),
      since: '2024-01-02',
      reason: 'split',
    });
  });

  it('a merge that is undone gives the old id back', async () => {
    const before = await night('2024-01-01', account('a', 'x'), account('b', 'y'), account('c', 'y'));
    await night('2024-01-02', account('a', 'y'), account('b', 'y'), account('c', 'y'));
    const after = await night('2024-01-03', account('a', 'x'), account('b', 'y'), account('c', 'y'));
    expect(after).toEqual(before);
    expect((await customerIds()).every((row) => row.customer_id === row.present_customer_id)).toBe(true);
  });

  it('the id of a customer whose accounts are gone leads to nobody, until one of them is back', async () => {
    const before = await night('2024-01-01', account('a', 'x'), account('b', 'y'));
    await night('2024-01-02', account('b', 'y'));
    expect(await customerIds()).toContainEqual({
      customer_id: idFoundedBy('a'),
      present_customer_id: null,
      since: '2024-01-02',
      reason: 'gone',
    });
    expect(await night('2024-01-03', account('a', 'x'), account('b', 'y'))).toEqual(before);
  });

  it('the same night run again changes nothing', async () => {
    const accounts = [account('a', 'x'), account('b', 'x'), account('c', 'z')];
    const first = await night('2024-01-01', ...accounts);
    const ids = await customerIds();
    expect(await night('2024-01-01', ...accounts.toReversed())).toEqual(first);
    expect(await customerIds()).toEqual(ids);
  });
});
