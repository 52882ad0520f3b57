import { day, exportedAt } from './calendar.ts';
import { type Address, ascii, type Customer, familyMailbox } from './customer.ts';
import { legalForms } from './names/company-names.ts';
import { nicknames } from './names/given-names.ts';
import { writtenPhone } from './phone.ts';
import { type Random, randomOf } from './random.ts';
import { rates } from './rates.ts';
import { financeRef, marketingRef, salesRef, serviceRef } from './references.ts';

export type System = 'finance' | 'sales' | 'service' | 'marketing';

/** One system's record of a customer, with what this system got wrong. */
export interface Account {
  system: System;
  ref: string;
  givenName: string;
  familyName: string;
  companyName: string | null;
  email: string | null;
  phone: string | null;
  birthDate: number | null;
  address: Address | null;
  taxId: string | null;
  /** The id that this party has in another system, where this one knows it. */
  otherRef: string | null;
  createdAt: number;
  updatedAt: number;
  /** In the truth and in the events, but not in the export of accounts. */
  isAbsent: boolean;
}

const purpose = { presence: 20, mess: 21 };

/** In which systems the customer is, apart from service, where tickets decide too. */
export function systemsOf(seed: number, customer: Customer): Record<System, boolean> {
  const random = randomOf(seed, customer.index, purpose.presence);
  // A hard case would be none if one of its records were missing.
  const isCase = customer.pairCase !== null || customer.cases.size > 0;
  const isInFinance = random.chance(rates.inFinance[customer.kind]);
  const isInMarketing = random.chance(rates.inMarketing[customer.kind]);
  const isInService = random.chance(rates.inServiceUnasked);
  if (customer.isProspect) return { finance: false, sales: false, service: false, marketing: true };
  return {
    finance: isInFinance || isCase,
    sales: true,
    service: isInService || isCase,
    marketing: isInMarketing || isCase,
  };
}

export function accountsOf(seed: number, customer: Customer, systems: Record<System, boolean>): Account[] {
  const random = randomOf(seed, customer.index, purpose.mess);
  const { cases, index } = customer;
  const accounts: Account[] = [];
  const add = (system: System, ref: string, changes: Partial<Account> = {}): void => {
    accounts.push({ ...accountOf(random, customer, system, ref, systems), ...changes });
  };
  if (systems.finance) add('finance', financeRef(index));
  if (systems.sales) add('sales', String(salesRef(index)));
  if (systems.sales && cases.has('registered_twice')) {
    add('sales', String(salesRef(index, 1)), { email: customer.secondEmail, otherRef: null });
  }
  if (systems.service) add('service', serviceRef(index), { isAbsent: cases.has('absent_from_export') });
  if (systems.service && cases.has('several_contacts') && customer.company) {
    add('service', serviceRef(index, 1), {
      familyName: customer.earlierFamilyName,
      email: `${ascii(customer.earlierFamilyName)}@${customer.email.split('@')[1]}`,
      otherRef: random.chance(0.7) ? String(salesRef(index)) : null,
    });
  }
  if (systems.marketing) add('marketing', marketingRef(index));
  return accounts;
}

function accountOf(
  random: Random,
  customer: Customer,
  system: System,
  ref: string,
  systems: Record<System, boolean>,
): Account {
  const createdAt = Math.floor((customer.since + random.unit() * 3 * day) / 1000) * 1000;
  const clean: Account = {
    system,
    ref,
    givenName: customer.givenName,
    familyName: customer.familyName,
    companyName: customer.company && `${customer.company.name} ${formOf(random, customer, system)}`,
    email: mailboxFor(random, customer, system),
    phone: phoneFor(random, customer, system),
    birthDate:
      customer.kind === 'person' && !random.chance(rates.missing.birthDate) ? customer.birthDate : null,
    address: random.chance(rates.missing.street) ? null : customer.address,
    taxId: customer.company && !random.chance(rates.missing.taxId) ? customer.company.taxId : null,
    otherRef: otherRefFor(random, customer, system, systems),
    createdAt: Math.min(createdAt, exportedAt - day),
    updatedAt: Math.min(createdAt + Math.floor(random.unit() * 400) * day, exportedAt - day),
    isAbsent: false,
  };
  return withErrors(random, customer, clean);
}

/** Of the shop itself: so many accounts have it that it is nobody's own. */
const tillMailbox = 'counter@kestrelandfinch.example';

/** What goes wrong, case by case; each case has the systems it happens in. */
function withErrors(random: Random, customer: Customer, account: Account): Account {
  const { cases } = customer;
  const { system } = account;
  const wrong = { ...account };
  if (cases.has('nickname') && (system === 'sales' || system === 'marketing')) {
    wrong.givenName = nicknames[account.givenName]?.[0] ?? account.givenName;
  }
  if (cases.has('changed_surname') && (system === 'finance' || system === 'service')) {
    wrong.familyName = customer.earlierFamilyName;
  }
  if (cases.has('typing_error') && system === 'service') {
    wrong.familyName = mistyped(random, account.familyName);
    wrong.givenName = random.chance(0.3) ? mistyped(random, account.givenName) : account.givenName;
  }
  if (cases.has('moved') && (system === 'finance' || system === 'service')) {
    wrong.address = account.address && customer.earlierAddress;
  }
  if (cases.has('second_mailbox') && system === 'marketing') wrong.email = customer.secondEmail;
  if (cases.has('tagged_mailbox') && system === 'marketing') wrong.email = tagged(account.email);
  if (cases.has('placeholders') && (system === 'service' || system === 'finance')) {
    wrong.email = random.pick(['n/a', 'test@test.com', 'none@none.com']);
    wrong.phone = random.pick(['0000000', '0123456789', 'n/a']);
    wrong.birthDate = Date.UTC(1900, 0, 1);
  }
  if (cases.has('till_mailbox') && system === 'sales') wrong.email = tillMailbox;
  if (cases.has('bare_record') && system === 'service') {
    Object.assign(wrong, { email: null, birthDate: null, address: null, otherRef: null });
  }
  return wrong;
}

function mailboxFor(random: Random, customer: Customer, system: System): string | null {
  const isFamily = customer.pairCase === 'family_mailbox' && customer.index % 2 === 0;
  const own = isFamily ? familyMailbox(customer) : customer.email;
  const isContactsOwn = customer.company !== null && random.chance(system === 'marketing' ? 0.5 : 0.12);
  const email = isContactsOwn && customer.pairCase === null ? customer.secondEmail : own;
  const isMissing = system !== 'marketing' && random.chance(rates.missing.email);
  if (isMissing) return null;
  return random.chance(0.06) ? email.toUpperCase() : email;
}

function phoneFor(random: Random, customer: Customer, system: System): string | null {
  const isLandline = system !== 'marketing' && random.chance(customer.company ? 0.6 : 0.15);
  const number = isLandline ? customer.landline : customer.phone;
  const style = random.integer(0, 5);
  const isMissing = random.chance(
    system === 'marketing' ? rates.missing.marketingPhone : rates.missing.phone,
  );
  return isMissing ? null : writtenPhone(number, customer.address.country, style);
}

function formOf(random: Random, customer: Customer, system: System): string {
  const forms = legalForms[customer.address.country];
  return system === 'finance' ? (customer.company?.legalForm ?? '') : random.pick(forms);
}

/** Sales knows the number in finance, service the number in the shop. */
function otherRefFor(
  random: Random,
  { index }: Customer,
  system: System,
  systems: Record<System, boolean>,
): string | null {
  const isKnown = random.chance(rates.crossReference[system === 'sales' ? 'finance' : 'sales']);
  if (!isKnown) return null;
  if (system === 'sales' && systems.finance) return financeRef(index);
  if (system === 'service' && systems.sales) return String(salesRef(index));
  return null;
}

/** One slip of the fingers inside the word: a swap, a letter lost, doubled or replaced. */
function mistyped(random: Random, word: string): string {
  if (word.length < 3) return word + word.slice(-1);
  const at = random.integer(1, word.length - 2);
  const [head, letter, next, tail] = [
    word.slice(0, at),
    word.charAt(at),
    word.charAt(at + 1),
    word.slice(at + 2),
  ];
  const slips = [
    `${head}${next}${letter}${tail}`,
    `${head}${next}${tail}`,
    `${head}${letter}${letter}${next}${tail}`,
    `${head}${letter === 'e' ? 'a' : 'e'}${next}${tail}`,
  ];
  return random.pick(slips.filter((slip) => slip !== word));
}

function tagged(email: string | null): string | null {
  const [local = '', domain = ''] = email?.split('@') ?? [];
  return email === null ? null : `${local.charAt(0).toUpperCase()}${local.slice(1)}+coffee@${domain}`;
}
