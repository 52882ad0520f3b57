import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openSession } from '../../../../connectors/engines/duckdb/session.ts';
import { bitsOfSecondAccounts } from '../../../../transforms/identity/pairwise/source-comparison.ts';
import { type Account, customersOf, people } from './made-up-people.ts';

let session: Awaited<ReturnType<typeof openSession>>;

beforeAll(async () => {
  session = await openSession({ memoryLimit: '1GB', threads: 2 }, 'look-alikes-test');
});

afterAll(() => session.close());

/**
 * So many homes with two accounts of each person in them; in every third home a couple lives, with one number. Names and dates
 * differ as they do in life: ten thousand names, each date once in years.
 */
function homes(count: number): Account[] {
  const syllables = ['ba', 'de', 'fi', 'go', 'hu', 'ka', 'le', 'mi', 'no', 'ru'];
  const word = (number: number): string =>
    [number, Math.floor(number / 10), number * 7].map((part) => syllables[part % 10]).join('');
  return Array.from({ length: count }, (_, index): Account[] => {
    const home = {
      family_name: word((index * 37) % 100),
      street: `${1 + (index % 90)} ${word(index % 60)} street`,
      city: ['bonn', 'bremen', 'berlin', 'ulm'][index % 4] ?? null,
      postcode: String(10_000 + (index % 251) * 13),
      phone: `+4930${1_000_000 + index * 7919}`,
    };
    return (index % 3 === 0 ? [0, 50] : [0]).flatMap((place): Account[] => {
      const given_name = word((index * 13 + place) % 100);
      const person = {
        ...home,
        given_name,
        email: `${given_name}${home.family_name}@${['mail', 'post', 'web'][index % 3]}.example`,
        date_of_birth: `${1940 + ((index * 7 + place) % 60)}-${String(1 + (index % 12)).padStart(2, '0')}-${String(2 + ((index * 11 + place) % 26)).padStart(2, '0')}`,
      };
      return [person, { ...person, email: index % 5 === 0 ? null : person.email }];
    });
  }).flat();
}

const few = people(12);
const many = homes(180);
/** One pair of twins among some 300 people teaches that one customer may have two given names; among more it does not. */
const more = homes(400);

/** Which of the accounts share a customer, as groups of places, where they stand among so many others. */
async function groupsAmong(others: readonly Account[], accounts: readonly Account[]): Promise<number[][]> {
  // With fewer accounts than a run learns from, what is assumed holds.
  const options = { fewestToLearn: 100 };
  const { clusters } = await customersOf(session.connection, [...others, ...accounts], undefined, options);
  const groups = new Map<number, number[]>();
  for (const [place, cluster] of clusters.slice(others.length).entries()) {
    groups.set(cluster, [...(groups.get(cluster) ?? []), place]);
  }
  return [...groups.values()];
}

const household = {
  family_name: 'Okonkwo',
  street: '4 Harbour Lane',
  city: 'bonn',
  postcode: '53119',
  phone: '+49228555010',
};

const lookAlikes: Record<string, { accounts: Account[]; customers: number[][]; among?: Account[] }> = {
  'a couple with one address, number and mailbox': {
    accounts: ['Adaeze', 'Tobias', 'Adaeze'].map((given_name) => ({
      ...household,
      given_name,
      email: 'family.okonkwo@example.org',
      date_of_birth: null,
    })),
    customers: [[0, 2], [1]],
  },
  'father and son of one name and address': {
    accounts: ['1951-03-14', '1979-08-02', '1951-03-14', '1979-08-02'].map((date_of_birth) => ({
      ...household,
      given_name: 'Tobias',
      email: null,
      date_of_birth,
    })),
    customers: [
      [0, 2],
      [1, 3],
    ],
  },
  'twins, who share all but the given name and the mailbox': {
    among: more,
    accounts: ['Amara', 'Chinedu', 'Amara', 'Chinedu'].map((given_name) => ({
      ...household,
      given_name,
      email: `${given_name}.okonkwo@example.org`,
      date_of_birth: '1988-11-23',
    })),
    customers: [
      [0, 2],
      [1, 3],
    ],
  },
  'people of one name at two firms': {
    accounts: [0, 1, 0, 1].map((firm) => ({
      given_name: 'Robert',
      family_name: 'Fairweather',
      company_name: ['Kestrel Dental Practice Ltd', 'Juniper Solicitors LLP'][firm] ?? null,
      email: `robert.fairweather@${['kestrel', 'juniper'][firm]}.example`,
      street: ['12 Mill Road', '80 Castle Street'][firm] ?? null,
      city: ['bonn', 'bremen'][firm] ?? null,
      postcode: ['53129', '28195'][firm] ?? null,
    })),
    customers: [
      [0, 2],
      [1, 3],
    ],
  },
  'two firms in one building': {
    accounts: ['Kestrel Dental Practice Ltd', 'Juniper Solicitors LLP', 'Kestrel Dental Practice'].map(
      (company_name) => ({
        company_name,
        street: '12 Mill Road',
        city: 'bonn',
        postcode: '53129',
      }),
    ),
    customers: [[0, 2], [1]],
  },
  'namesakes at two addresses under one postcode': {
    accounts: [0, 1, 0, 1].map((one) => ({
      given_name: 'Tobias',
      family_name: 'Okonkwo',
      email: ['tobias.o@mail.example', 'okonkwo1975@web.example'][one] ?? null,
      street: ['4 Harbour Lane', '31 Garden Walk'][one] ?? null,
      city: 'bonn',
      postcode: '53119',
    })),
    customers: [
      [0, 2],
      [1, 3],
    ],
  },
};

for (const [name, { accounts, customers, among = many }] of Object.entries(lookAlikes)) {
  it(`${name} stay apart, among few people and among many`, async () => {
    // Where little is known, two accounts of one customer may stay apart, but no two customers are one.
    for (const group of await groupsAmong(few, accounts)) {
      expect(customers.some((customer) => group.every((place) => customer.includes(place)))).toBe(true);
    }
    expect(await groupsAmong(among, accounts)).toEqual(customers);
  });
}

it('a source that is free of duplicates speaks against a second account in it, one that is full of them does not', async () => {
  const weightsOf = async (isFree: boolean): Promise<(number | undefined)[]> => {
    const accounts = people(150).map((account, index) => ({
      ...account,
      source: isFree && index % 2 === 1 ? 'shop' : index % 4 < 2 ? 'finance' : isFree ? 'finance' : 'shop',
    }));
    const { model } = await customersOf(session.connection, accounts);
    return model.comparisons.find(({ name }) => name === 'source')?.levels.map(({ weight }) => weight) ?? [];
  };
  const [, sameWhereFree = 0] = await weightsOf(true);
  const [, sameWhereFull = 0] = await weightsOf(false);
  expect(sameWhereFree).toBeLessThan(-2);
  expect(sameWhereFull).toBeGreaterThan(0.5);
});

it('each source is judged for itself: one may be free of duplicates beside one that is full of them', async () => {
  // Of each person two accounts: in finance and the shop, or twice in the shop.
  const accounts = people(150).map((account, index) => ({
    ...account,
    source: index % 4 === 0 ? 'finance' : 'shop',
  }));
  const { model } = await customersOf(session.connection, accounts);
  const bits = bitsOfSecondAccounts(model);
  expect(bits.get('finance')).toBeLessThan(-2);
  expect(bits.get('shop')).toBeGreaterThan(-0.5);
});

it('names and dates of birth alone, with one entry in ten twice, are enough to learn from', async () => {
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  const name = (number: number): string =>
    [number, number * 7, number * 31].map((part) => `${letters[part % 23]}${'aeiou'[part % 5]}`).join('');
  const accounts = Array.from({ length: 1500 }, (_, index): Account[] => {
    const entry = {
      given_name: name(index % 211),
      family_name: name(Math.floor(index / 3) + 500),
      date_of_birth: `19${40 + ((index * 17) % 60)}-${String(1 + ((index * 5) % 12)).padStart(2, '0')}-${String(2 + ((index * 11) % 26)).padStart(2, '0')}`,
    };
    // The second entry has a slip in the family name.
    return index % 10 === 0 ? [entry, { ...entry, family_name: `${entry.family_name}e` }] : [entry];
  });
  const truth = accounts.flatMap((entries, person) => entries.map(() => person));
  const { clusters, model, kind } = await customersOf(session.connection, accounts.flat());
  expect(kind).toBe('learned');
  expect(model.comparisons.find(({ name: comparison }) => comparison === 'name')?.isLearned).toBe(true);
  let [found, right] = [0, 0];
  for (const [node, cluster] of clusters.entries()) {
    if (cluster === node) continue;
    found += 1;
    if (truth[cluster] === truth[node]) right += 1;
  }
  expect(right / found).toBeGreaterThan(0.98);
  expect(right / 150).toBeGreaterThan(0.95);
});
