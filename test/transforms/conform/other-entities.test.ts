import { describe, expect, it } from '@jest/globals';
import { engineKinds } from '../both-engines.ts';
import { conformOn } from './conformed.ts';
import { orders } from './orders.ts';

describe.each(engineKinds)('accounts and events of other kinds, on %s', (kind) => {
  const { conform } = conformOn(kind);

  it('columns of the source may be called like those of the entity, or be SQL words', async () => {
    const { rows } = await conform({
      entity: 'purchases',
      columns: ['source', 'status', 'local_date', 'order', 'rate', 'computed', 'we "quote"'],
      config: {
        key: 'order',
        map: {
          purchase_ref: 'order',
          account_ref: 'source',
          ordered_at: 'local_date',
          net_amount: 'rate * 2',
          category: 'computed',
          channel: 'we "quote"',
        },
      },
      rows: [['c1', 'new', '2024-05-01', '7', '1.5', 'x', 'web']],
    });
    expect(rows).toMatchObject([
      {
        source: 'shop',
        account_ref: 'c1',
        purchase_ref: '7',
        status: 'new',
        local_date: '2024-05-01',
        net_amount: '3.0000',
        category: 'x',
        channel: 'web',
      },
    ]);
  });

  it('an account is told by its account_ref where no key is given', async () => {
    const { rows, quarantine } = await conform({
      entity: 'accounts',
      name: 'people.csv',
      columns: ['account_ref', 'full_name', 'email', 'consent'],
      rows: [
        ['a1', 'Ann', 'ann@example.com', 'ja'],
        ['a1', 'Ann again', null, 'nein'],
        ['a2', 'Bob', null, 'maybe'],
      ],
    });
    expect(rows).toMatchObject([{ source_key: 'a1', full_name: 'Ann', consent: true }]);
    expect(quarantine).toMatchObject([
      { source_key: 'a1', rule: 'key_unique' },
      { source_key: 'a2', rule: 'type', column_name: 'consent', value: 'maybe' },
    ]);
  });

  it('accepted values are compared without regard to case and stored in lower case', async () => {
    const { rows, quarantine } = await conform({
      entity: 'tickets',
      name: 'tickets.csv',
      columns: ['ticket_ref', 'account_ref', 'opened_at', 'channel'],
      config: { key: 'ticket_ref' },
      rows: [
        ['1', 'a1', '2024-01-01', ' Phone'],
        ['2', 'a1', '2024-01-01', 'fax'],
        ['3', 'a1', '2024-01-01', ''],
      ],
    });
    expect(rows).toMatchObject([{ channel: 'phone' }, { source_key: '3', channel: null }]);
    expect(quarantine).toMatchObject([
      {
        source_key: '2',
        rule: 'accepted_values',
        value: 'fax',
        message: 'channel: "fax" is not one of phone, email, chat, self_service, field',
      },
    ]);
  });

  it('events can belong to the accounts of another source', async () => {
    const { rows } = await conform({
      ...orders,
      config: { ...orders.config, account_source: 'sales' },
      rows: [['1', 'c1', '2024-01-01', '1']],
    });
    expect(rows).toMatchObject([{ source: 'shop', account_source: 'sales' }]);
  });
});
