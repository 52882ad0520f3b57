import { describe, expect, it } from '@jest/globals';
import { day } from '../../demo/calendar.ts';
import { type CustomerCase, customerCaseNames, firstCustomerOf, type PairCase } from '../../demo/cases.ts';
import { customerOf } from '../../demo/customer.ts';
import { nicknames } from '../../demo/names/given-names.ts';
import { financeRef, marketingRef, salesRef, serviceRef } from '../../demo/references.ts';
import { rowsOfCompany } from './rows-of-company.ts';

const seed = 42;
const company = rowsOfCompany({ seed, customers: 60 });

/** The records of a customer in each system; undefined where it has none. */
function recordsOf(index: number) {
  return {
    finance: company.billingCustomers.find(({ customer_no }) => customer_no === financeRef(index)),
    sales: company.shopCustomers.find(({ customer_id }) => customer_id === salesRef(index)),
    secondSales: company.shopCustomers.find(({ customer_id }) => customer_id === salesRef(index, 1)),
    service: company.contacts.find(({ contact_no }) => contact_no === serviceRef(index)),
    secondService: company.contacts.find(({ contact_no }) => contact_no === serviceRef(index, 1)),
    marketing: company.subscribers.find(({ subscriber }) => subscriber === marketingRef(index)),
  };
}

function pairOf(name: PairCase) {
  const first = firstCustomerOf(name);
  return [customerOf(seed, first), customerOf(seed, first + 1)] as const;
}

describe('two customers who look like one', () => {
  it('twins have one family name, address and birth date, and two given names', () => {
    const [one, other] = pairOf('twins');
    expect([other.familyName, other.address, other.birthDate]).toEqual([
      one.familyName,
      one.address,
      one.birthDate,
    ]);
    expect(other.givenName).not.toBe(one.givenName);
    expect(other.email).not.toBe(one.email);
  });

  it('father and son have one name and address, a generation apart', () => {
    const [father, son] = pairOf('father_and_son');
    expect([son.givenName, son.familyName, son.address]).toEqual([
      father.givenName,
      father.familyName,
      father.address,
    ]);
    expect(son.birthDate - father.birthDate).toBe(28 * 365 * day);
  });

  it('a couple reads one mailbox', () => {
    const first = firstCustomerOf('family_mailbox');
    const [one, other] = [recordsOf(first).marketing, recordsOf(first + 1).marketing];
    expect(one?.email).toMatch(/^family\./i);
    expect(String(other?.email).toLowerCase()).toBe(String(one?.email).toLowerCase());
    expect(other?.first_name).not.toBe(one?.first_name);
  });

  it('a household has one landline', () => {
    const [one, other] = pairOf('family_phone');
    expect(other.phone).toBe(one.landline);
  });

  it('namesakes live in one town and share nothing else', () => {
    const [one, other] = pairOf('namesakes');
    expect(`${other.givenName} ${other.familyName}`).toBe(`${one.givenName} ${one.familyName}`);
    expect(other.address.town).toBe(one.address.town);
    expect([other.birthDate === one.birthDate, other.email === one.email]).toEqual([false, false]);
  });

  it.each([
    'same_name_at_two_firms',
    'switchboard',
    'shared_office_mailbox',
    'one_person_at_two_firms',
  ] as const)('two firms in the case %s are two firms', (name) => {
    const [one, other] = pairOf(name);
    expect(one.company?.taxId).toBeDefined();
    expect(other.company?.taxId).not.toBe(one.company?.taxId);
    const shared = {
      same_name_at_two_firms: other.familyName === one.familyName && other.givenName === one.givenName,
      switchboard: other.phone === one.landline,
      shared_office_mailbox: other.email === one.email,
      one_person_at_two_firms:
        other.phone === one.phone &&
        `${other.givenName} ${other.familyName}` === `${one.givenName} ${one.familyName}`,
    };
    expect(shared[name]).toBe(true);
  });
});

describe('one customer who looks like two', () => {
  it.each(customerCaseNames)('the case %s is there', (name) => {
    const index = firstCustomerOf(name);
    const customer = customerOf(seed, index);
    const { finance, sales, secondSales, service, secondService, marketing } = recordsOf(index);
    expect([...customer.cases]).toEqual([name]);
    const isThere: Record<CustomerCase, () => void> = {
      nickname: () => {
        expect(finance?.display_name).toContain(customer.givenName);
        expect(nicknames[customer.givenName]).toContain(sales?.first_name);
      },
      typing_error: () => expect(String(service?.name)).not.toContain(customer.familyName),
      changed_surname: () => {
        expect(sales?.last_name).toBe(customer.familyName);
        expect(String(finance?.display_name)).not.toContain(customer.familyName);
      },
      moved: () =>
        expect(service?.postcode ?? customer.earlierAddress.postcode).toBe(customer.earlierAddress.postcode),
      second_mailbox: () => expect(String(marketing?.email).toLowerCase()).toBe(customer.secondEmail),
      tagged_mailbox: () => expect(marketing?.email).toMatch(/\+coffee@/i),
      placeholders: () => {
        expect(['n/a', 'test@test.com', 'none@none.com']).toContain(service?.email);
        expect(['0000000', '0123456789', 'n/a']).toContain(service?.phone);
      },
      bare_record: () =>
        expect([service?.email, service?.street, service?.birth_date]).toEqual([null, null, null]),
      registered_twice: () => expect(secondSales?.last_name).toBe(sales?.last_name),
      several_contacts: () => {
        expect(customer.kind).toBe('company');
        expect(secondService?.name).not.toBe(service?.name);
      },
      absent_from_export: () => {
        expect(service).toBeUndefined();
        expect(company.truth.some(({ account_ref }) => account_ref === serviceRef(index))).toBe(true);
      },
      thirty_five_contacts_in_a_day: () => {
        const days = company.tickets
          .filter(({ contact_no }) => contact_no === serviceRef(index))
          .map(({ opened }) => Math.floor(Number(opened) / day));
        const counts = days.map((one) => days.filter((other) => other === one).length);
        expect(Math.max(...counts)).toBe(35);
      },
      till_mailbox: () => {
        expect(sales?.email).toBe('counter@kestrelandfinch.example');
        expect(String(finance?.billing_email ?? customer.email).toLowerCase()).toBe(customer.email);
      },
    };
    isThere[name]();
  });
});
