import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Engine } from '../../../connectors/engines/engine.ts';
import { type Company, type EntityRow, openState, runStages } from '../hand-made-company.ts';

/** Who is one customer, told as cases that every business meets. All cases live in one run, apart by their references. */
let engine: Engine;

const cases: Record<string, EntityRow[]> = {
  sameMail: [
    {
      source: 'crm',
      account_ref: 'mail-1',
      full_name: 'Dr. Ana Garcia Lopez',
      email: 'Ana.Lopez+news@Example.org ',
    },
    { source: 'shop', account_ref: 'mail-2', full_name: 'Lopez, Ana', email: 'ana.lopez@example.org' },
  ],
  nickname: [
    {
      source: 'crm',
      account_ref: 'nick-1',
      given_name: 'Elizabeth',
      family_name: "O'Brien",
      email: 'lob@example.org',
    },
    { source: 'erp', account_ref: 'nick-2', full_name: 'Liz OBrien', email: 'lob@example.org' },
  ],
  dotsOfGmail: [
    { source: 'crm', account_ref: 'dots-1', full_name: 'Tom Reed', email: 't.reed@gmail.com' },
    { source: 'erp', account_ref: 'dots-2', full_name: 'Thomas Reed', email: 'treed@googlemail.com' },
  ],
  dotsElsewhere: [
    { source: 'crm', account_ref: 'nodots-1', email: 't.reed@firm.example' },
    { source: 'erp', account_ref: 'nodots-2', email: 'treed@firm.example' },
  ],
  samePhone: [
    {
      source: 'crm',
      account_ref: 'phone-1',
      full_name: 'Otto Kühn',
      phone: '(0)30 / 901 82 00',
      country: 'Germany',
    },
    {
      source: 'erp',
      account_ref: 'phone-2',
      full_name: 'Kuhn, Otto',
      phone: '+49 30 9018200',
      country: 'DE',
    },
    { source: 'desk', account_ref: 'phone-3', full_name: 'Erna Kühn', phone: '0049309018200' },
  ],
  sharedMailbox: [
    { source: 'crm', account_ref: 'shared-1', full_name: 'Mary Stone', email: 'stones@example.org' },
    { source: 'erp', account_ref: 'shared-2', full_name: 'Paul Stone', email: 'stones@example.org' },
    { source: 'shop', account_ref: 'shared-3', full_name: 'M. Stone', email: 'stones@example.org' },
    { source: 'desk', account_ref: 'shared-4', full_name: null, email: 'stones@example.org' },
  ],
  initialBetween: [
    { source: 'crm', account_ref: 'between-1', full_name: 'John Field', email: 'field@example.org' },
    { source: 'erp', account_ref: 'between-2', full_name: 'Jane Field', email: 'field@example.org' },
    { source: 'shop', account_ref: 'between-3', full_name: 'J. Field', email: 'field@example.org' },
  ],
  twins: [
    {
      source: 'crm',
      account_ref: 'twin-1',
      full_name: 'Ida Moor',
      email: 'moor@example.org',
      phone: '+4930111222',
      date_of_birth: '1990-05-05',
    },
    {
      source: 'crm',
      account_ref: 'twin-2',
      full_name: 'Eva Moor',
      email: 'moor@example.org',
      phone: '+4930111222',
      date_of_birth: '1990-05-05',
    },
  ],
  fatherAndSon: [
    {
      source: 'crm',
      account_ref: 'father',
      full_name: 'Karl Berg',
      email: 'berg@example.org',
      date_of_birth: '1950-03-01',
    },
    {
      source: 'erp',
      account_ref: 'son',
      full_name: 'Karl Berg',
      email: 'berg@example.org',
      date_of_birth: '1980-11-30',
    },
  ],
  swappedBirthDate: [
    {
      source: 'crm',
      account_ref: 'birth-1',
      full_name: 'Lea Noll',
      email: 'noll@example.org',
      date_of_birth: '1971-04-08',
    },
    {
      source: 'erp',
      account_ref: 'birth-2',
      full_name: 'Lea Noll',
      email: 'noll@example.org',
      date_of_birth: '1971-08-04',
    },
  ],
  marriedWithTaxId: [
    { source: 'crm', account_ref: 'tax-1', full_name: 'Nora Bell', tax_id: 'DE 12-345 999' },
    { source: 'erp', account_ref: 'tax-2', full_name: 'Nora Winter', tax_id: 'de12345999' },
  ],
  marriedWithMail: [
    {
      source: 'crm',
      account_ref: 'wed-1',
      full_name: 'Rosa Klein',
      email: 'rosa@example.org',
      date_of_birth: '1985-02-03',
    },
    {
      source: 'erp',
      account_ref: 'wed-2',
      full_name: 'Rosa Gross',
      email: 'rosa@example.org',
      date_of_birth: '1985-02-03',
    },
  ],
  twoTaxIds: [
    {
      source: 'crm',
      account_ref: 'taxes-1',
      full_name: 'Uwe Hahn',
      email: 'hahn@example.org',
      tax_id: 'AA111222',
    },
    {
      source: 'erp',
      account_ref: 'taxes-2',
      full_name: 'Uwe Hahn',
      email: 'hahn@example.org',
      tax_id: 'BB333444',
    },
  ],
  sameNameAtTwoFirms: [
    {
      source: 'crm',
      account_ref: 'firm-1',
      full_name: 'John Smith',
      company_name: 'Acme Ltd',
      phone: '+442079460001',
    },
    {
      source: 'erp',
      account_ref: 'firm-2',
      full_name: 'John Smith',
      company_name: 'Globex Inc.',
      phone: '+442079460001',
    },
  ],
  companyForms: [
    {
      source: 'crm',
      account_ref: 'co-1',
      kind: 'company',
      company_name: 'Müller GmbH & Co. KG',
      full_name: 'Hans Vogel',
      email: 'info@mueller.example',
    },
    {
      source: 'erp',
      account_ref: 'co-2',
      kind: 'company',
      full_name: 'MULLER',
      email: 'info@mueller.example',
    },
    {
      source: 'shop',
      account_ref: 'co-3',
      kind: 'company',
      company_name: 'Meier AG',
      email: 'info@mueller.example',
    },
  ],
  colleaguesAtOneMailbox: [
    {
      source: 'crm',
      account_ref: 'role-1',
      full_name: 'Ann West',
      company_name: 'West AG',
      email: 'sales@west.example',
    },
    {
      source: 'erp',
      account_ref: 'role-2',
      company_name: 'West AG',
      kind: 'company',
      email: 'sales@west.example',
    },
  ],
  reference: [
    { source: 'crm', account_ref: 'ref-1', full_name: 'Gert Lang', other_refs: 'erp:4711 desk:D-9' },
    { source: 'erp', account_ref: '4711', full_name: 'G. Lang' },
    { source: 'shop', account_ref: 'ref-3', full_name: 'Gert Lang', other_refs: 'only-in-desk' },
    { source: 'desk', account_ref: 'only-in-desk', full_name: 'Lang' },
    { source: 'shop', account_ref: 'ref-5', full_name: 'Olaf Rau', other_refs: 'twice' },
    { source: 'desk', account_ref: 'twice', full_name: 'Eins' },
    { source: 'erp', account_ref: 'twice', full_name: 'Zwei' },
  ],
  placeholderMail: [
    { source: 'crm', account_ref: 'ph-1', full_name: 'Iris Wolf', email: 'test@test.com', phone: '0000000' },
    { source: 'erp', account_ref: 'ph-2', full_name: 'Iris Wolf', email: 'test@test.com', phone: '0000000' },
  ],
  shopsOwnAddress: Array.from({ length: 12 }, (_, index) => ({
    source: 'crm',
    account_ref: `own-${index}`,
    full_name: `Person${String.fromCharCode(97 + index)} Lake`,
    email: 'counter@shop.example',
  })),
  manyUnderOneMail: Array.from({ length: 40 }, (_, index) => ({
    source: 'shop',
    account_ref: `many-${index}`,
    full_name: 'Vera Sand',
    email: 'vera@sand.example',
  })),
  twoRowsOfOneAccount: [
    { source: 'crm', account_ref: 'rows', source_table: 'people', full_name: 'Ilse Kern' },
    { source: 'crm', account_ref: 'rows', source_table: 'mails', email: 'kern@example.org' },
    { source: 'erp', account_ref: 'rows-2', full_name: 'Ilse Kern', email: 'kern@example.org' },
  ],
};

const company: Company = {
  accounts: Object.values(cases).flat(),
  tickets: [{ source: 'desk', account_ref: 'D-9', ticket_ref: 't1', opened_at: '2024-02-02 10:00:00' }],
};

beforeAll(async () => {
  engine = await openState();
  await runStages(engine, company, { stages: ['identity'] });
});

afterAll(() => engine.close());

/** The groups of account references that are one customer, among those named. */
async function groups(...refs: string[]): Promise<string[][]> {
  const rows = await engine.query<{ refs: string }>(
    `select string_agg(source || ':' || account_ref, ' ' order by account_ref, source) as refs
     from identity.members where account_ref in (${refs.map((_, index) => `$${index + 1}`).join(', ')})
     group by customer_id order by min(account_ref)`,
    refs,
  );
  return rows.map((row) => row.refs.split(' ').map((ref) => ref.split(':')[1] ?? ''));
}

describe('accounts of one customer', () => {
  it('one mailbox and one name are one customer, however the name is written', async () => {
    expect(await groups('mail-1', 'mail-2')).toEqual([['mail-1', 'mail-2']]);
  });

  it('a nickname is the same name under one mailbox', async () => {
    expect(await groups('nick-1', 'nick-2')).toEqual([['nick-1', 'nick-2']]);
  });

  it('dots in a mailbox count for nothing at Gmail and for something elsewhere', async () => {
    expect(await groups('dots-1', 'dots-2')).toHaveLength(1);
    expect(await groups('nodots-1', 'nodots-2')).toHaveLength(2);
  });

  it('a phone written three ways joins those of one name and nobody else', async () => {
    expect(await groups('phone-1', 'phone-2', 'phone-3')).toEqual([['phone-1', 'phone-2'], ['phone-3']]);
  });

  it('a new surname is one customer by tax id, or by mailbox with given name and birth date', async () => {
    expect(await groups('tax-1', 'tax-2')).toHaveLength(1);
    expect(await groups('wed-1', 'wed-2')).toHaveLength(1);
  });

  it('a birth date with day and month swapped is a typing error', async () => {
    expect(await groups('birth-1', 'birth-2')).toHaveLength(1);
  });

  it('companies are one by mailbox and name without legal form, whoever their contact is', async () => {
    expect(await groups('co-1', 'co-2', 'co-3')).toEqual([['co-1', 'co-2'], ['co-3']]);
  });

  it('a reference joins with or without its source, also to an account that only a ticket names', async () => {
    expect(await groups('ref-1', '4711', 'D-9')).toEqual([['4711', 'D-9', 'ref-1']]);
    expect(await groups('ref-3', 'only-in-desk')).toHaveLength(1);
  });

  it('the rows of one account may hold a part of the evidence each', async () => {
    expect(await groups('rows', 'rows-2')).toEqual([['rows', 'rows-2']]);
  });

  it('forty accounts under one name and mailbox are a star of links, not a link for every two', async () => {
    expect(
      await groups(
        ...(company.accounts
          ?.map((row) => String(row.account_ref))
          .filter((ref) => ref.startsWith('many-')) ?? []),
      ),
    ).toHaveLength(1);
    const [row] = await engine.query(
      `select count(*) as links
       from identity.rule_links as link
       inner join identity.accounts as account on account.account_number = link.account_number
       where account.account_ref like 'many-%'`,
    );
    expect(Number(row?.links)).toBe(39);
  });
});

describe('accounts of different customers', () => {
  it('a family that shares a mailbox stays apart, and so does what could be either of them', async () => {
    expect(await groups('between-1', 'between-2', 'between-3')).toEqual([
      ['between-1'],
      ['between-2'],
      ['between-3'],
    ]);
    const family = await groups('shared-1', 'shared-2', 'shared-3', 'shared-4');
    expect(family.find((group) => group.includes('shared-2'))).toEqual(['shared-2']);
    expect(family.find((group) => group.includes('shared-4'))).toEqual(['shared-4']);
  });

  it('twins with one mailbox, phone and birth date are two', async () => {
    expect(await groups('twin-1', 'twin-2')).toHaveLength(2);
  });

  it('father and son of one name are two by their birth dates', async () => {
    expect(await groups('father', 'son')).toHaveLength(2);
  });

  it('two tax ids are two customers, whatever else agrees', async () => {
    expect(await groups('taxes-1', 'taxes-2')).toHaveLength(2);
  });

  it('one name behind the switchboard of two firms is two people', async () => {
    expect(await groups('firm-1', 'firm-2')).toHaveLength(2);
  });

  it('a mailbox that a firm shares does not make a person the firm', async () => {
    expect(await groups('role-1', 'role-2')).toHaveLength(2);
  });

  it('a reference that two systems could mean joins nothing', async () => {
    expect(await groups('ref-5', 'twice')).toHaveLength(3);
  });

  it('placeholders and values under too many names join nobody and are listed with their count', async () => {
    expect(await groups('ph-1', 'ph-2')).toHaveLength(2);
    const own = Array.from({ length: 12 }, (_, index) => `own-${index}`);
    expect(await groups(...own)).toHaveLength(12);
    const ignored = await engine.query(
      `select attribute, value, reason, accounts, names from identity.ignored_values order by attribute, value`,
    );
    expect(ignored).toEqual([
      {
        attribute: 'email',
        value: 'counter@shop.example',
        reason: 'many names',
        accounts: '12',
        names: '12',
      },
      { attribute: 'email', value: 'test@test.com', reason: 'placeholder', accounts: '2', names: '1' },
      { attribute: 'phone', value: '0000000', reason: 'placeholder', accounts: '2', names: '1' },
    ]);
  });
});

it('every account is in one customer, also those that only events name', async () => {
  const rows = await engine.query(
    `select source, account_ref, rule, is_implied from identity.members where account_ref = 'D-9'`,
  );
  expect(rows).toEqual([{ source: 'desk', account_ref: 'D-9', rule: 'other_refs', is_implied: true }]);
});
