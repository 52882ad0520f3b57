import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openSession } from '../../../../connectors/engines/duckdb/session.ts';
import { comparePairs } from '../../../../transforms/identity/pairwise/compare.ts';
import { defaultPairwiseSettings } from '../../../../transforms/identity/pairwise/default-settings.ts';
import { standardise } from '../../../../transforms/identity/pairwise/standardise.ts';
import { weighValues } from '../../../../transforms/identity/pairwise/weigh-values.ts';

let session: Awaited<ReturnType<typeof openSession>>;

beforeAll(async () => {
  session = await openSession({ memoryLimit: '1GB', threads: 2 }, 'levels-test');
});

afterAll(() => session.close());

/** The level of a comparison for the two values, both ways round. */
async function levelsOf(
  name: string,
  columns: string,
  one: string,
  other: string,
): Promise<[string, string]> {
  const comparison = defaultPairwiseSettings.comparisons.find((known) => known.name === name);
  if (comparison === undefined) throw new Error(`no comparison ${name}`);
  const { connection } = session;
  await connection.run(
    `create or replace temp table input as select * from (values (1, ${one}), (2, ${other})) as t (account_number, ${columns})`,
  );
  await standardise(connection, 'input', defaultPairwiseSettings);
  const agreement = await weighValues(connection, { attributes: [] });
  await connection.run(
    'create or replace temp table two as select * from (values (0, 1, 0), (1, 0, 0)) as t (l, r, free)',
  );
  await comparePairs(connection, 'two', 'compared', [comparison], agreement);
  const reader = await connection.runAndReadAll('select c0 from compared order by l');
  const [first, second] = reader.getRows().map(([level]) => {
    const place = Number(level);
    return place === 0 ? 'missing' : (comparison.levels[place - 1]?.name ?? 'none');
  });
  return [first ?? 'none', second ?? 'none'];
}

async function expectLevel(
  name: string,
  columns: string,
  one: string,
  other: string,
  level: string,
): Promise<void> {
  expect([one, other, await levelsOf(name, columns, one, other)]).toEqual([one, other, [level, level]]);
}

it('names are compared together, from equal to different, the same both ways round', async () => {
  const cases: [string, string, string][] = [
    ["'Anna Maria', 'Garcia-Lopez'", "'ANNA', 'López'", 'equal'],
    ["'Elizabeth', 'Hall'", "'Liz', 'Hall'", 'nickname'],
    ["'Isla', 'Hall'", "'Hall', 'Isla'", 'swapped'],
    ["'J.', 'Hall'", "'John', 'Hall'", 'initial'],
    ["'Robert', 'Hall'", "'Robret', 'Hall'", 'close given name'],
    ["'Robert', 'Allen'", "'Robert', 'Alen'", 'close family name'],
    ["null, 'Kelly'", "'Grace', 'Kelly'", 'family name of one'],
    ["'Grace', 'Kelly'", "'Grace', 'Moore'", 'given name only'],
    ["'Peter', 'Bell'", "'Mary', 'Bell'", 'family name only'],
    ["'Peter', 'Bell'", "'Mary', 'Stone'", 'different'],
    ['null, null', "'Mary', 'Stone'", 'missing'],
    // Two formal names that share a short form are two names.
    ["'Alexander', 'Bell'", "'Alexandra', 'Bell'", 'close given name'],
    ["'Edward', 'Bell'", "'Theodore', 'Bell'", 'family name only'],
  ];
  for (const [one, other, level] of cases)
    await expectLevel('name', 'given_name, family_name', one, other, level);
});

it('birth dates are compared by parts, and the first of January is a year', async () => {
  const cases: [string, string, string][] = [
    ["'1980-05-12'", "'1980-05-12'", 'equal'],
    ["'1980-01-01'", "'1980-01-01'", 'equal first of January'],
    ["'1980-05-12'", "'1980-12-05'", 'day and month swapped'],
    ["'1980-05-12'", "'1980-05-13'", 'one character'],
    ["'1980-05-12'", "'1980-05-21'", 'one character'],
    ["'1980-05-12'", "'1980-05-27'", 'two parts of three'],
    ["'1980-01-01'", "'1980-05-12'", 'same year'],
    ["'1980-01-01'", "'1981-01-01'", 'one character of a first of January'],
    ["'1980-05-12'", "'2008-07-19'", 'different'],
    ["'1900-01-01'", "'1980-05-12'", 'missing'],
  ];
  for (const [one, other, level] of cases)
    await expectLevel('date_of_birth', 'date_of_birth', one, other, level);
});

it('e-mails are compared without tag and without the dots that a provider ignores', async () => {
  const cases: [string, string, string][] = [
    ["'J.Smith+shop@googlemail.com'", "'jsmith@gmail.com'", 'equal'],
    ["'j.smith@a.example'", "'jsmith@a.example'", 'one step'],
    ["'jsmith@a.example'", "'jsmith@quite-other.example'", 'same local part'],
    ["'robert255@smith.net'", "'roberta25@smith.net'", 'close'],
    ["'anna@firm.example'", "'otto@firm.example'", 'own domain'],
    ["'anna@gmail.com'", "'otto@gmail.com'", 'different'],
    ["'n/a'", "'otto@gmail.com'", 'missing'],
  ];
  for (const [one, other, level] of cases) await expectLevel('email', 'email', one, other, level);
});

it('lines of an address may stand in any order, and a part of it is known as such', async () => {
  const cases: [string, string, string][] = [
    ["'Flat 3, 12 High Street'", "'12 High Street, Flat 3'", 'equal with number'],
    ["'12 High Street'", "'14 High Street'", 'equal'],
    ["'12 High Street'", "'12 Hihg Street'", 'close'],
    ["'10 Bateplace'", "'10 bateplace janglen'", 'part'],
    ["'12 High Street'", "'1 Mill Road'", 'different'],
  ];
  for (const [one, other, level] of cases)
    await expectLevel('street', 'street', one, other, `${level}, elsewhere`);
});

it('a street is compared given the place: under one postcode, in one town, elsewhere', async () => {
  const columns = 'street, city, postcode';
  const mill = "'12 Mill Road', 'Bonn', '53119'";
  await expectLevel('street', columns, mill, mill, 'equal with number, one postcode');
  await expectLevel('street', columns, mill, "'3 Elm Walk', 'Bonn', '53119'", 'different, one postcode');
  await expectLevel('street', columns, mill, "'3 Elm Walk', 'Bonn', null", 'different, one town');
  await expectLevel('street', columns, mill, "'3 Elm Walk', 'Ulm', '89073'", 'different, elsewhere');
});

it('companies are known without their legal form, with a slip, a word less, or by their first word', async () => {
  const kestrel = "'The Kestrel Dental Practice Ltd'";
  const cases: [string, string][] = [
    ["'KESTREL Dental Practice & Co'", 'equal'],
    ["'Kestrel Dental Practise'", 'close'],
    ["'Kestrel Practice'", 'part'],
    ["'Kestrel Solicitors'", 'same first word'],
    ["'Juniper Solicitors'", 'different'],
  ];
  for (const [other, level] of cases) await expectLevel('company', 'company_name', kestrel, other, level);
});

it('agreement on a rare value says more than on a common one, by the ratio of their shares', async () => {
  const { connection } = session;
  const names = ['smith', 'smith', 'smith', 'smith', 'smith', 'smith', 'quill', 'quill'];
  await connection.run(
    `create or replace temp table input as select * from (values ${names.map((name, index) => `(${index + 1}, '${name}', 'x')`).join(', ')}) as t (account_number, family_name, given_name)`,
  );
  await standardise(connection, 'input', defaultPairwiseSettings);
  const agreement = await weighValues(connection, { attributes: [] });
  // 6 x 5 + 2 x 1 of 8 x 7 ordered pairs agree on the family name.
  expect(agreement.get('family_name')).toBeCloseTo(-Math.log2(32 / 56), 6);
  const name = defaultPairwiseSettings.comparisons.filter((comparison) => comparison.name === 'name');
  await connection.run(
    'create or replace temp table two as select * from (values (0, 1, 0), (6, 7, 0)) as t (l, r, free)',
  );
  await comparePairs(connection, 'two', 'compared', name, agreement);
  const reader = await connection.runAndReadAll('select rarity from compared order by l');
  const [smith = 0, quill = 0] = reader.getRows().map(([bits]) => Number(bits));
  // 6 of 8 against 2 of 8: three times as rare.
  expect(quill - smith).toBeCloseTo(Math.log2(3), 2);
});
