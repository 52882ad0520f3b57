import { type Account, accountsOf, type System, systemsOf } from './accounts.ts';
import { type Behaviour, behaviourOf, type Order } from './behaviour.ts';
import { atOfficeHours, day, exportedAt } from './calendar.ts';
import { type Customer, customerOf } from './customer.ts';
import { campaignEventsOf, surveysOf, visitsOf } from './marketing.ts';
import { type Random, randomOf } from './random.ts';
import { rates } from './rates.ts';
import { financeRef, marketingRef, salesRef, serial, serviceRef } from './references.ts';
import type { Emit } from './tables.ts';
import { ticketNote } from './ticket-notes.ts';

export interface CompanySize {
  seed: number;
  customers: number;
}

const purpose = { payments: 30, referral: 31, spread: 32 };

/**
 * Makes the demo company, one customer after the other, and hands each row to `emit` as it is made: memory
 * does not grow with the number of customers. Customer i has the same rows whatever `customers` is, since
 * every draw comes from a stream of (seed, i).
 */
export function generateCompany({ seed, customers }: CompanySize, emit: Emit): void {
  generateCustomers(seed, 0, customers, emit);
}

/** Those from `first` to before `end`: a company made in parts is the same company. */
export function generateCustomers(seed: number, first: number, end: number, emit: Emit): void {
  for (let index = first; index < end; index += 1) generateCustomer(seed, index, emit);
}

function generateCustomer(seed: number, index: number, emit: Emit): void {
  const customer = customerOf(seed, index);
  const behaviour = behaviourOf(seed, customer);
  const systems = systemsOf(seed, customer);
  systems.service ||= behaviour.tickets.length > 0;
  const spread = randomOf(seed, index, purpose.spread);
  for (const account of accountsOf(seed, customer, systems)) emitAccount(account, customer, spread, emit);
  if (systems.sales) emitSales(customer, behaviour, spread, emit);
  if (systems.finance) emitPayments(randomOf(seed, index, purpose.payments), customer, behaviour, emit);
  if (systems.service) emitTickets(customer, behaviour, spread, emit);
  if (systems.marketing) {
    campaignEventsOf(seed, customer, behaviour, emit);
    visitsOf(seed, customer, behaviour, emit);
    surveysOf(seed, customer, behaviour, emit);
    emitReferral(seed, customer, emit);
  }
}

function emitAccount(account: Account, customer: Customer, random: Random, emit: Emit): void {
  const { address } = account;
  const names = `${account.givenName} ${account.familyName}`;
  emit('truth', [account.system, account.ref, `t${customer.index}`]);
  if (account.isAbsent) return;
  const rows: Record<System, () => void> = {
    finance: () =>
      emit('billingCustomers', [
        account.ref,
        customer.company ? 'C' : 'P',
        account.companyName ?? names,
        account.email,
        account.phone,
        address?.street ?? null,
        address?.town ?? null,
        address?.postcode ?? null,
        customer.address.country,
        account.taxId,
        customer.company?.industry ?? null,
        account.createdAt,
        account.updatedAt,
      ]),
    sales: () =>
      emit('shopCustomers', [
        Number(account.ref),
        account.givenName,
        account.familyName,
        account.companyName,
        account.email,
        account.phone,
        account.birthDate,
        address?.street ?? null,
        address?.town ?? null,
        address?.postcode ?? null,
        customer.address.country,
        account.otherRef,
        random.pick(['search', 'friend', 'fair', 'advert', 'rep']),
        account.createdAt,
        account.updatedAt,
      ]),
    service: () =>
      emit('contacts', [
        account.ref,
        // The desk writes some names as a telephone book does.
        random.chance(0.05) ? `${account.familyName}, ${account.givenName}` : names,
        account.companyName,
        account.email,
        account.phone,
        address?.street ?? null,
        address?.town ?? null,
        address?.postcode ?? null,
        customer.address.country,
        account.birthDate,
        account.otherRef === null ? null : Number(account.otherRef),
        account.createdAt,
      ]),
    marketing: () =>
      emit('subscribers', [
        account.ref,
        account.email,
        account.givenName,
        account.familyName,
        account.phone,
        address?.postcode ?? null,
        customer.address.country,
        !random.chance(0.1),
        account.createdAt,
      ]),
  };
  rows[account.system]();
}

function emitSales(customer: Customer, behaviour: Behaviour, random: Random, emit: Emit): void {
  const currency = currencyOf(customer);
  const refs = new Map<Order, number>();
  for (const order of behaviour.orders) {
    const isSecond = customer.cases.has('registered_twice') && random.chance(0.35);
    const customerId = salesRef(customer.index, isSecond ? 1 : 0);
    refs.set(order, customerId);
    const orderId = serial(customer.index, order.ordinal);
    emit('shopOrders', [
      orderId,
      customerId,
      order.at,
      order.channel,
      order.isCancelled ? 'cancelled' : 'completed',
      currency,
      order.discountCode,
      order.at,
    ]);
    for (const [position, line] of order.lines.entries()) {
      const { sku, category, quantity, gross, discount, net, cost } = line;
      emit('shopOrderLines', [
        orderId,
        position + 1,
        sku,
        category,
        quantity,
        gross,
        discount,
        net,
        cost,
        order.at,
      ]);
    }
  }
  for (const [ordinal, { order, at, quantity, refund, reason }] of behaviour.returns.entries()) {
    emit('shopReturns', [
      serial(customer.index, ordinal),
      serial(customer.index, order.ordinal),
      refs.get(order) ?? null,
      at,
      quantity,
      refund,
      currency,
      reason,
      at,
    ]);
  }
}

/** One invoice per order; some are paid in two parts, some late, some not at all. */
function emitPayments(random: Random, customer: Customer, behaviour: Behaviour, emit: Emit): void {
  const isCompany = customer.kind === 'company';
  const terms = isCompany ? 30 : 14;
  const meanDays = behaviour.isLatePayer ? terms + 35 : isCompany ? 22 : 8;
  let ordinal = 0;
  for (const order of behaviour.orders) {
    if (order.isCancelled) continue;
    const total = order.lines.reduce((sum, line) => sum + line.net, 0);
    const isInParts = isCompany && random.chance(0.05);
    const first = isInParts ? Math.round(total * 0.4) : total;
    for (const amount of isInParts ? [first, total - first] : [total]) {
      const paidAt = atOfficeHours(order.at + random.gamma(3, meanDays / 3) * day, random.unit());
      const isPaid = paidAt < exportedAt && !random.chance(behaviour.isLatePayer ? 0.04 : 0.003);
      const fate = random.unit();
      const status =
        fate < 0.008 ? 'failed' : fate < 0.011 && isPaid ? 'charged_back' : isPaid ? 'settled' : 'open';
      emit('billingPayments', [
        serial(customer.index, ordinal),
        financeRef(customer.index),
        `R${serial(customer.index, order.ordinal)}`,
        order.at,
        order.at + terms * day,
        status === 'settled' || status === 'charged_back' ? paidAt : null,
        amount,
        currencyOf(customer),
        order.channel === 'contract'
          ? 'direct debit'
          : random.pick(isCompany ? ['transfer', 'card'] : ['card', 'paypal', 'transfer']),
        status,
        isPaid ? paidAt : order.at,
      ]);
      ordinal += 1;
    }
  }
}

function emitTickets(customer: Customer, behaviour: Behaviour, random: Random, emit: Emit): void {
  for (const [ordinal, ticket] of behaviour.tickets.entries()) {
    const isSecond =
      customer.company !== null && customer.cases.has('several_contacts') && random.chance(0.4);
    emit('tickets', [
      `T${serial(customer.index, ordinal)}`,
      serviceRef(customer.index, isSecond ? 1 : 0),
      ticket.at,
      ticket.closedAt,
      ticket.channel,
      ticket.topic,
      ticket.minutes,
      ticket.cost,
      ticket.satisfaction,
      ticketNote(random, ticket.topic),
    ]);
  }
}

/** Brought by an earlier subscriber with a lower number; low numbers come more often, so that some bring many. */
function emitReferral(seed: number, customer: Customer, emit: Emit): void {
  const random = randomOf(seed, customer.index, purpose.referral);
  if (!random.chance(rates.referred) || customer.index === 0) return;
  for (let attempt = 0; attempt < 4; attempt += 1) {
    const referrer = customerOf(seed, Math.floor(random.unit() ** 2 * customer.index));
    if (referrer.since >= customer.since || !systemsOf(seed, referrer).marketing) continue;
    emit('referrals', [marketingRef(referrer.index), marketingRef(customer.index), customer.since]);
    return;
  }
}

function currencyOf(customer: Customer): 'GBP' | 'EUR' {
  return customer.address.country === 'GB' ? 'GBP' : 'EUR';
}
