import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runPipeline } from '../../pipelines/run-pipeline.ts';
import { makeWorkplace, type Workplace } from './workplace.ts';

const yaml = `
warehouse: { engine: duckdb, path: whole.duckdb, masked: masked.duckdb }
quarantine: { max_share: 1 }
sources:
  crm:
    type: files
    path: crm
    tables:
      people.csv:
        entity: accounts
        key: id
        map: { account_ref: id, full_name: who, email: mail, phone: tel, date_of_birth: born, street: street, city: town, tax_id: vat }
`;
const people = `id,who,mail,tel,born,street,town,vat
1,Ada Lovelace,ada@example.org,+442079460189,1815-12-10,12 St James Square,London,GB980780684
2,Grace Hopper,grace@example.org,,not a date,,,
`;

describe('a night with a masked file', () => {
  let place: Workplace;

  beforeAll(async () => {
    place = await makeWorkplace(yaml, { 'crm/people.csv': people });
    await runPipeline(await place.config(), { now: new Date('2026-11-24T02:00:00Z') });
  }, 60_000);
  afterAll(() => place.remove());

  async function masked(sql: string) {
    const instance = await DuckDBInstance.create(join(place.folder, 'masked.duckdb'), {
      access_mode: 'READ_ONLY',
    });
    const connection = await instance.connect();
    try {
      return (await connection.runAndReadAll(sql)).getRowObjectsJson();
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  }

  it('shows analysts who buys what, and not who that is', async () => {
    const shown = {
      full_name: 'A…',
      email: 'a…@example.org',
      phone: '…89',
      date_of_birth: 1815,
      street: null,
      city: 'London',
      tax_id: '…84',
    };
    const columns = Object.keys(shown).join(', ');
    expect(await masked(`select ${columns} from warehouse.customers`)).toEqual([shown]);
    expect(await masked(`select ${columns} from warehouse.customer_history`)).toEqual([shown]);
    expect(
      await masked(
        'select attribute, value from warehouse.customer_attributes where value is not null order by attribute',
      ),
    ).toEqual([
      { attribute: 'date_of_birth', value: '1815' },
      { attribute: 'email', value: 'a…@example.org' },
      { attribute: 'name', value: 'A…' },
      { attribute: 'phone', value: '…89' },
      { attribute: 'tax_id', value: '…84' },
    ]);
    expect(await masked('select rule, column_name, value, message from warehouse.quarantine')).toEqual([
      { rule: 'type', column_name: 'date_of_birth', value: null, message: null },
    ]);
  });

  it('has nothing of a person anywhere in the file', async () => {
    const tables = await masked(
      "select table_name as name from duckdb_tables() where schema_name = 'warehouse'",
    );
    expect(tables.length).toBeGreaterThan(30);
    for (const { name } of tables) {
      const rows = JSON.stringify(await masked(`select * from warehouse."${String(name)}"`));
      expect([name, rows]).toEqual([
        name,
        expect.not.stringMatching(
          /lovelace|hopper|ada@|grace@|2079460189|1815-12|james|980780684|not a date/i,
        ),
      ]);
    }
  });
});
