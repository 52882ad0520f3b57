import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { loadConfig } from '../../../config/load-config.ts';
import { declaredTests } from '../../../jobs/gates/declared-tests.ts';
import { type ConfigFolder, makeConfigFolder } from '../../config/config-folder.ts';

let folder: ConfigFolder;
beforeAll(async () => {
  folder = await makeConfigFolder();
});
afterAll(() => folder.remove());

async function declared(tests: Record<string, unknown[]>) {
  const path = await folder.write(
    'whalecurve.yml',
    `sources: { shop: { type: files, path: ., tables: {} } }\n${stringify({ tests })}`,
  );
  return declaredTests(await loadConfig(path, {}));
}

describe('tests of the config', () => {
  it('are about a published table by its name, else about an entity', async () => {
    const found = await declared({
      customer_value: [{ not_null: 'tier' }],
      accounts: [{ unique: ['source', 'account_ref'], severity: 'warn', max_share: 0.01 }],
      'entities.purchases': [
        { relationships: { column: 'account_ref', to: 'entities.accounts.account_ref' } },
      ],
    });
    expect(found).toMatchObject([
      {
        subject: 'warehouse.customer_value',
        table: { schema: 'value', table: 'customer_value' },
        key: ['customer_id'],
        test: { not_null: ['tier'], severity: 'error', max_failures: 0 },
      },
      { subject: 'entities.accounts', test: { severity: 'warn', max_share: 0.01 } },
      { subject: 'entities.purchases', test: { relationships: { to: 'entities.accounts.account_ref' } } },
    ]);
  });

  it.each([
    [
      'a table that does not exist',
      { customer_valeu: [{ not_null: 'tier' }] },
      'WC-CONFIG-003',
      'customer_valeu',
    ],
    [
      'a column that does not exist',
      { customer_value: [{ not_null: 'teir' }] },
      'WC-CONFIG-003',
      'did you mean `tier`?',
    ],
    [
      'the target of a relationship that does not exist',
      { customer_value: [{ relationships: { column: 'customer_id', to: 'customers.id' } }] },
      'WC-CONFIG-003',
      'warehouse.customers has none of that name',
    ],
    [
      'an expression that is no SQL',
      { customer_value: [{ expression: 'score >=' }] },
      'WC-CONFIG-002',
      'syntax error',
    ],
    [
      'an expression over a column that does not exist',
      { customer_value: [{ expression: 'skore >= 0' }] },
      'WC-CONFIG-003',
      'skore',
    ],
    [
      'a shift of scores elsewhere',
      { customers: [{ score_shift: { max_share: 0.1 } }] },
      'WC-CONFIG-002',
      'customer_value',
    ],
  ])('are refused before the run where they name %s', async (_what, tests, code, words) => {
    const error = await declared(tests as Record<string, unknown[]>).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, where: expect.stringMatching(/whalecurve\.yml:\d+:\d+$/) });
    const { message, hint } = error as { message: string; hint?: string };
    expect(`${message} ${hint ?? ''}`).toContain(words);
  });

  it('are refused with what a test may be where they are none', async () => {
    await expect(declared({ customer_value: [{ uniq: 'customer_id' }] })).rejects.toMatchObject({
      code: expect.stringMatching(/^WC-CONFIG-00[23]$/),
    });
  });
});
