import { describe, expect, it } from '@jest/globals';
import { openEngine } from '../../../connectors/engines/open-engine.ts';
import { distributeSql, statementsFor } from '../../../connectors/engines/postgres/distribution.ts';
import { createWarehouseDatabase } from '../../servers/postgres.ts';
import { postgresWarehouse } from './engines.ts';

describe('spreading tables over a cluster', () => {
  it.each([
    ['by customer', 'customers', ['source', 'account_ref', 'customer_id'], 'customer_id'],
    ['by account, where no customer is known', 'entities', ['source', 'account_ref'], 'account_ref'],
    ['by row, where no account is known', 'raw', ['amount', '_row'], '_row'],
  ])('goes %s', (_case, schema, columns, column) => {
    expect(distributeSql({ schema, table: 'x"y' }, columns)).toBe(
      `select create_distributed_table('"${schema}"."x""y"', '${column}', colocate_with => 'default')`,
    );
  });

  it('keeps settings, and what has nothing to be spread by, whole on every node', () => {
    expect(distributeSql({ schema: 'settings', table: 'cost' }, ['customer_id'])).toBe(
      `select create_reference_table('"settings"."cost"')`,
    );
    expect(distributeSql({ schema: 'identity', table: 'weights' }, ['field'])).toBe(
      `select create_reference_table('"identity"."weights"')`,
    );
  });

  it('leaves the history of runs and what is landing on the coordinator', () => {
    expect(distributeSql({ schema: 'whalecurve', table: 'runs' }, ['customer_id'])).toBeNull();
    expect(distributeSql({ schema: 'landing', table: 'landed' }, ['_row'])).toBeNull();
  });

  it('begins with the settings, which the others may be joined with', () => {
    expect(
      statementsFor([
        { table: { schema: 'value', table: 'scores' }, columns: ['customer_id'] },
        { table: { schema: 'whalecurve', table: 'runs' }, columns: [] },
        { table: { schema: 'settings', table: 'cost' }, columns: [] },
      ]),
    ).toEqual([
      `select create_reference_table('"settings"."cost"')`,
      `select create_distributed_table('"value"."scores"', 'customer_id', colocate_with => 'default')`,
    ]);
  });

  it('is refused with WC-ENGINE-006 on a server without the extension', async () => {
    const database = await createWarehouseDatabase();
    try {
      const warehouse = { ...postgresWarehouse(database.url, ''), distribute: true };
      await expect(openEngine(warehouse, { prelude: '' })).rejects.toMatchObject({
        code: 'WC-ENGINE-006',
        hint: expect.stringContaining('create extension citus'),
      });
    } finally {
      await database.drop();
    }
  });
});
