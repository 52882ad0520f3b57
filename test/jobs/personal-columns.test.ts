import { describe, expect, it } from '@jest/globals';
import { publishedTables } from '../../jobs/published-tables.ts';
import { readModelHeader } from '../../transforms/read-model-header.ts';

/** What an account tells about a person, by the names of the contract. */
const personal =
  /^(full_name|given_name|family_name|company_name|email|phone|date_of_birth|street|postcode|tax_id)$/;

describe('the personal columns of the published tables', () => {
  it('are all those that have the name of a personal attribute of an account', async () => {
    for (const table of await publishedTables()) {
      const named = Object.keys(table.columnComments).filter((column) => personal.test(column));
      const declared = Object.keys(table.personal ?? {});
      expect([table.name, declared]).toEqual([table.name, expect.arrayContaining(named)]);
    }
  });

  it('are also the values of attributes, and what was refused', async () => {
    const tables = new Map((await publishedTables()).map(({ name, personal: columns }) => [name, columns]));
    expect(tables.get('customer_attributes')).toMatchObject({
      value: { by: 'attribute', kinds: { name: 'name', address: 'address' } },
    });
    expect(tables.get('quarantine')).toEqual({ value: 'text', message: 'text' });
    expect(tables.get('whale_summary')).toBeUndefined();
  });

  it('stand among the columns of the model', () => {
    const header = (wrong: string) => `/*
comment: Contacts
grain: one contact
key: id
personal: { ${wrong} }
columns: { id: Number, mail: E-mail }
*/ select 1`;
    const read = (wrong: string) => () => readModelHeader('contacts.sql', header(wrong));
    expect(read('mail: email')).not.toThrow();
    expect(read('email: email')).toThrow("the personal column email is not among the header's columns");
    expect(read('mail: { by: kind, kinds: {} }')).toThrow('the personal column kind is not among');
    expect(read('mail: e_mail')).toThrow(expect.objectContaining({ code: 'WC-MODEL-001' }));
  });
});
