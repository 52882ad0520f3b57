/**
 * The hard cases of identity, by name. Every one is present in every demo company of some size, because the
 * first pairs of customers are given one each in this order; after them a case comes with its share.
 *
 * Customers live in pairs, 2k and 2k + 1. A case of `pairs` says what the two share and is a trap for
 * precision: two people who look like one. A case of `customers` happens to the first of the pair and is a
 * trap for recall: one person who looks like two.
 */
export const pairCases = {
  twins: { share: 0.004, what: 'same family name, address and birth date; other given names' },
  father_and_son: { share: 0.006, what: 'same full name, address and landline; a generation apart' },
  family_mailbox: { share: 0.015, what: 'a couple that reads one mailbox, family.…@' },
  family_phone: { share: 0.025, what: 'a household with one landline and two family names' },
  namesakes: { share: 0.006, what: 'same full name in the same town; nothing else in common' },
  same_name_at_two_firms: { share: 0.004, what: 'two firms whose contacts have the same name' },
  switchboard: { share: 0.004, what: 'two firms in one building behind one switchboard' },
  shared_office_mailbox: { share: 0.003, what: 'two firms whose letters go to one bookkeeper’s mailbox' },
  one_person_at_two_firms: {
    share: 0.003,
    what: 'two firms that one person buys for, with her own mobile number',
  },
} as const;

export const customerCases = {
  nickname: { share: 0.12, what: 'Elizabeth in finance, Liz in the shop' },
  typing_error: { share: 0.1, what: 'one letter of a name wrong in one system' },
  changed_surname: { share: 0.02, what: 'married between two systems' },
  moved: { share: 0.1, what: 'the old address in the systems that were not told' },
  second_mailbox: { share: 0.1, what: 'another e-mail address in marketing' },
  tagged_mailbox: { share: 0.06, what: 'Name+Coffee@… in capitals in one system' },
  placeholders: { share: 0.04, what: 'n/a, test@test.com, 0000000 where a value was demanded' },
  bare_record: { share: 0.05, what: 'a record with a name and hardly anything else' },
  registered_twice: { share: 0.05, what: 'two accounts in the same shop' },
  several_contacts: { share: 0.06, what: 'a firm with a second contact person in service' },
  absent_from_export: { share: 0.01, what: 'tickets of a contact whom the export of contacts lacks' },
  thirty_five_contacts_in_a_day: { share: 0.001, what: 'a customer who called support 35 times in a day' },
  till_mailbox: { share: 0.01, what: 'an account opened at the counter, under the shop’s own mailbox' },
} as const;

export type PairCase = keyof typeof pairCases;
export type CustomerCase = keyof typeof customerCases;

const pairCaseNames = Object.keys(pairCases) as PairCase[];
const customerCaseNames = Object.keys(customerCases) as CustomerCase[];

/** The first customer that is sure to be this case; a case of pairs holds for the next customer too. */
export function firstCustomerOf(name: PairCase | CustomerCase): number {
  const inPairs = pairCaseNames.indexOf(name as PairCase);
  if (inPairs >= 0) return inPairs * 2;
  return (pairCaseNames.length + customerCaseNames.indexOf(name as CustomerCase)) * 2;
}

/** The case that the pair is given by its place at the front, if it has one. */
export function givenPairCase(pair: number): PairCase | undefined {
  return pairCaseNames[pair];
}

export function givenCustomerCase(customer: number): CustomerCase | undefined {
  return customer % 2 === 0 ? customerCaseNames[customer / 2 - pairCaseNames.length] : undefined;
}

export { customerCaseNames, pairCaseNames };
