import { day, exportedAt, openedAt } from './calendar.ts';
import {
  type CustomerCase,
  customerCaseNames,
  customerCases,
  givenCustomerCase,
  givenPairCase,
  type PairCase,
  pairCaseNames,
  pairCases,
} from './cases.ts';
import { firstWords, legalForms, trades } from './names/company-names.ts';
import { familyNames } from './names/family-names.ts';
import { givenNames, nicknames } from './names/given-names.ts';
import { type Country, streets, type Town, towns } from './names/places.ts';
import { landline, mobile } from './phone.ts';
import { type Random, randomOf } from './random.ts';
import { rates } from './rates.ts';

/** A person or a company as it really is: what no system knows completely. */
export interface Customer {
  index: number;
  kind: 'person' | 'company';
  /** Of the person, or of the person who acts for the company. */
  givenName: string;
  familyName: string;
  earlierFamilyName: string;
  birthDate: number;
  company: Company | null;
  email: string;
  secondEmail: string;
  /** E.164. */
  phone: string;
  landline: string;
  address: Address;
  earlierAddress: Address;
  since: number;
  isProspect: boolean;
  cases: ReadonlySet<CustomerCase>;
  pairCase: PairCase | null;
}

export interface Company {
  name: string;
  legalForm: string;
  industry: string;
  taxId: string;
}

export interface Address {
  street: string;
  town: string;
  postcode: string;
  country: Country;
}

const purpose = { pair: 1, person: 2, till: 3 };

export function customerOf(seed: number, index: number): Customer {
  const pair = Math.floor(index / 2);
  const pairRandom = randomOf(seed, pair, purpose.pair);
  const pairCase = givenPairCase(pair) ?? drawPairCase(pairRandom);
  const customer = single(seed, index, pairCase);
  if (pairCase === null || index % 2 === 0) return customer;
  return resemble(customer, single(seed, index - 1, pairCase), pairCase);
}

function single(seed: number, index: number, pairCase: PairCase | null): Customer {
  const random = randomOf(seed, index, purpose.person);
  const given = givenCustomerCase(index);
  const isCompany =
    pairCase === null
      ? given === 'several_contacts' || (given === undefined && random.chance(rates.companyShare))
      : companyPairs.has(pairCase);
  const cases = casesOf(random, given, randomOf(seed, index, purpose.till));
  const country = random.weighted([
    ['GB', 0.72],
    ['DE', 0.13],
    ['FR', 0.08],
    ['IE', 0.07],
  ] as const);
  const names = givenNames[country][random.chance(0.52) ? 'female' : 'male'];
  const givenName = random.pickPopular(
    cases.has('nickname') ? names.filter((name) => nicknames[name]) : names,
  );
  const familyName = random.pickPopular(familyNames[country]);
  const birthDate = Date.UTC(
    1940 + Math.floor((random.unit() + random.unit()) * 32),
    0,
    random.integer(2, 365),
  );
  const town = random.pickPopular(towns[country]);
  const address = addressIn(random, country, town);
  const isAtOpening = random.chance(rates.customersAtOpening);
  const since = isAtOpening
    ? openedAt + random.unit() * 60 * day
    : openedAt + random.unit() * (exportedAt - 10 * day - openedAt);
  const company = isCompany ? companyOf(random, index, country, familyName) : null;
  const domain = company ? domainOf(company.name, index) : random.weighted(mailboxes[country]);
  return {
    index,
    kind: isCompany ? 'company' : 'person',
    givenName,
    familyName,
    earlierFamilyName: random.pickPopular(familyNames[country]),
    birthDate,
    company,
    email: company
      ? `${random.pick(['info', 'office', 'hello', 'accounts'])}@${domain}`
      : mailbox(random, givenName, familyName, index, domain),
    secondEmail: company
      ? `${ascii(givenName)}.${ascii(familyName)}@${domain}`
      : `${ascii(givenName).slice(0, 1)}${ascii(familyName)}.${index}@${random.pick(['mail.example', 'post.example'])}`,
    phone: mobile(country, index),
    landline: landline(country, town, index),
    address,
    earlierAddress: addressIn(random, country, random.pickPopular(towns[country])),
    since,
    isProspect: given === undefined && pairCase === null && random.chance(rates.prospectShare),
    cases,
    pairCase,
  };
}

/** `till_mailbox` has draws of its own, so that everything else about the customers is as it was before there was this case. */
function casesOf(random: Random, given: CustomerCase | undefined, till: Random): Set<CustomerCase> {
  const drawn = customerCaseNames.filter((name) =>
    (name === 'till_mailbox' ? till : random).chance(customerCases[name].share),
  );
  return new Set(given === undefined ? drawn : [given]);
}

const companyPairs: ReadonlySet<PairCase> = new Set([
  'same_name_at_two_firms',
  'switchboard',
  'shared_office_mailbox',
  'one_person_at_two_firms',
]);

/** What the second of a pair has in common with the first. */
function resemble(second: Customer, first: Customer, pairCase: PairCase): Customer {
  const household = { address: first.address, landline: first.landline };
  // A name that was copied takes the mailbox of that name with it.
  const renamed = (givenName: string, familyName: string): Partial<Customer> => ({
    givenName,
    familyName,
    email: second.email.replace(/^[^@\d]*/, `${ascii(givenName)}.${ascii(familyName)}`),
  });
  const shared: Record<PairCase, Partial<Customer>> = {
    twins: {
      ...household,
      ...renamed(otherThan(first.givenName, second.givenName), first.familyName),
      birthDate: first.birthDate,
    },
    father_and_son: {
      ...household,
      ...renamed(first.givenName, first.familyName),
      birthDate: first.birthDate + 28 * 365 * day,
    },
    family_mailbox: {
      ...household,
      givenName: otherThan(first.givenName, second.givenName),
      familyName: first.familyName,
      email: familyMailbox(first),
    },
    family_phone: { ...household, phone: first.landline },
    namesakes: {
      ...renamed(first.givenName, first.familyName),
      address: {
        ...second.address,
        town: first.address.town,
        postcode: first.address.postcode,
        country: first.address.country,
      },
    },
    same_name_at_two_firms: { givenName: first.givenName, familyName: first.familyName },
    switchboard: { address: first.address, phone: first.landline, landline: first.landline },
    shared_office_mailbox: { email: first.email },
    one_person_at_two_firms: {
      givenName: first.givenName,
      familyName: first.familyName,
      phone: first.phone,
      secondEmail: `${ascii(first.givenName)}.${ascii(first.familyName)}@${second.email.split('@')[1]}`,
    },
  };
  return { ...second, ...shared[pairCase] };
}

/** The mailbox of both of a couple; the first one uses it too (accounts.ts). */
export function familyMailbox(first: Customer): string {
  return `family.${ascii(first.familyName)}${first.index}@${first.email.split('@')[1]}`;
}

function drawPairCase(random: Random): PairCase | null {
  let left = random.unit();
  for (const name of pairCaseNames) {
    left -= pairCases[name].share;
    if (left < 0) return name;
  }
  return null;
}

function companyOf(random: Random, index: number, country: Country, familyName: string): Company {
  const [trade, industry] = random.pick(trades);
  const first = random.chance(0.2) ? familyName : random.pick(firstWords);
  const digits = String(100_000_000 + ((index * 7919 + 12_345) % 899_999_981));
  const taxId = {
    GB: `GB${digits}`,
    DE: `DE${digits}`,
    FR: `FR${17 + (index % 80)}${digits}`,
    IE: `IE${digits.slice(2)}W`,
  };
  return {
    name: `${first} ${random.chance(0.3) ? `${random.pick(firstWords)} ` : ''}${trade}`,
    legalForm: legalForms[country][0] ?? '',
    industry,
    taxId: taxId[country],
  };
}

function addressIn(random: Random, country: Country, town: Town): Address {
  const street = random.pickPopular(streets[country]);
  const number = random.integer(1, 140);
  const letters = 'ABDEFGHJLNPQRSTUWXYZ';
  const letter = (): string => letters.charAt(random.integer(0, letters.length - 1));
  const digits = (count: number): string => String(random.integer(0, 10 ** count - 1)).padStart(count, '0');
  const postcode = {
    GB: () => `${town.postcodeArea} ${digits(1)}${letter()}${letter()}`,
    IE: () => `${town.postcodeArea} ${letter()}${digits(1)}${letter()}${digits(1)}`,
    DE: () => `${town.postcodeArea}${digits(2)}`,
    FR: () => `${town.postcodeArea}${digits(2)}`,
  };
  return {
    street: country === 'DE' ? `${street} ${number}` : `${number} ${street}`,
    town: town.name,
    postcode: postcode[country](),
    country,
  };
}

const mailboxes: Record<Country, readonly (readonly [string, number])[]> = {
  GB: [
    ['gmail.com', 5],
    ['outlook.com', 3],
    ['btinternet.com', 1],
    ['yahoo.co.uk', 1],
  ],
  IE: [
    ['gmail.com', 5],
    ['eircom.net', 1],
  ],
  DE: [
    ['gmx.de', 3],
    ['web.de', 3],
    ['gmail.com', 3],
    ['t-online.de', 1],
  ],
  FR: [
    ['orange.fr', 2],
    ['gmail.com', 3],
    ['laposte.net', 1],
  ],
};

/** The index ends every local part, so that no two people have one mailbox by chance. */
function mailbox(
  random: Random,
  givenName: string,
  familyName: string,
  index: number,
  domain: string,
): string {
  const given = ascii(givenName);
  const family = ascii(familyName);
  const name = random.pick([
    `${given}.${family}`,
    `${given}${family}`,
    `${given.slice(0, 1)}.${family}`,
    given,
  ]);
  return `${name}${index}@${domain}`;
}

function domainOf(name: string, index: number): string {
  return `${ascii(name)}${index}.example`;
}

function otherThan(taken: string, wanted: string): string {
  if (wanted !== taken) return wanted;
  return taken === 'Robin' ? 'Kim' : 'Robin';
}

/** Letters a to z only, as in mailboxes. */
export function ascii(text: string): string {
  return text
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .normalize('NFKD')
    .replace(/[^a-z]/g, '');
}
