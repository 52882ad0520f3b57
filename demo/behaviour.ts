import { asOf, atOfficeHours, day, exportedAt, season } from './calendar.ts';
import type { Customer } from './customer.ts';
import { contractPrices, products } from './products.ts';
import { type Random, randomOf } from './random.ts';
import { purchaseProcess, rates } from './rates.ts';

/**
 * What a customer does, by a process that has a meaning:
 *
 * - buys at a personal rate and is lost after a purchase with a personal probability (BG/NBD), busier in some
 *   months than in others, for amounts around a personal mean (gamma-gamma);
 * - discount hunters wait for a code; returners send back what they ordered; late payers pay late;
 * - some firms have a contract with a monthly invoice, until they end it;
 * - support is asked now and then, more after purchases; abusers ask all the time, up to 35 times in a day;
 * - subscribers open letters or do not, visit the shop, answer surveys.
 *
 * The traits are drawn apart from each other, and apart from the rate of buying: the customer who buys most
 * may well be the one who costs most.
 */
export interface Behaviour {
  orders: Order[];
  returns: Return[];
  tickets: Ticket[];
  isLatePayer: boolean;
  isMailerOpener: boolean;
}

export interface Order {
  ordinal: number;
  at: number;
  channel: 'web' | 'phone' | 'rep' | 'contract';
  isCancelled: boolean;
  discountCode: string | null;
  lines: OrderLine[];
}

/** Amounts in pence or cents of the customer's currency, for the whole line. */
export interface OrderLine {
  sku: string;
  category: string;
  quantity: number;
  gross: number;
  discount: number;
  net: number;
  cost: number;
}

export interface Return {
  order: Order;
  at: number;
  quantity: number;
  refund: number;
  reason: string;
}

export interface Ticket {
  at: number;
  closedAt: number | null;
  channel: 'phone' | 'email' | 'chat' | 'self_service' | 'field';
  topic: 'inquiry' | 'complaint' | 'technical' | 'billing';
  /** Hundredths of a minute. */
  minutes: number;
  cost: number | null;
  satisfaction: number | null;
}

const purpose = { traits: 10, orders: 11, returns: 12, tickets: 13 };
const lastDay = Date.parse(asOf);

export function behaviourOf(seed: number, customer: Customer): Behaviour {
  const traits = randomOf(seed, customer.index, purpose.traits);
  const isDiscountHunter = traits.chance(rates.discountHunters);
  const isReturner = traits.chance(rates.returners);
  const isAbuser = traits.chance(rates.supportAbusers) || customer.cases.has('thirty_five_contacts_in_a_day');
  const hasContract = traits.chance(rates.contracts) && customer.kind === 'company';
  const orders = customer.isProspect
    ? []
    : [
        ...ordersOf(randomOf(seed, customer.index, purpose.orders), customer, isDiscountHunter),
        ...(hasContract ? contractOrders(traits, customer) : []),
      ]
        .sort((a, b) => a.at - b.at)
        .map((order, ordinal) => ({ ...order, ordinal }));
  return {
    orders,
    returns: returnsOf(randomOf(seed, customer.index, purpose.returns), orders, isReturner),
    tickets: ticketsOf(randomOf(seed, customer.index, purpose.tickets), customer, orders, isAbuser),
    isLatePayer: traits.chance(rates.latePayers),
    isMailerOpener: traits.chance(rates.mailerOpeners),
  };
}

function ordersOf(random: Random, customer: Customer, isDiscountHunter: boolean): Order[] {
  const process = purchaseProcess[customer.kind];
  const meanGap = Math.max(1, 1 / random.gamma(process.r, 1 / process.alpha));
  const lossAfterOrder = random.beta(process.a, process.b);
  const nu = random.gamma(process.q, 1 / process.gamma);
  const orders: Order[] = [];
  let at = customer.since;
  while (at < exportedAt && orders.length < maximumOrders) {
    orders.push(orderOf(random, customer, at, random.gamma(process.p, 1 / nu), isDiscountHunter));
    if (random.chance(lossAfterOrder)) break;
    // Thinning: candidates come as if every month were the busiest, and the season refuses some.
    do at += random.exponential(meanGap * meanSeason) * day;
    while (at < exportedAt && !random.chance(season(at)));
  }
  return orders;
}

const meanSeason = 0.7;
/** More than once a day for two years is no customer but a mistake of the dice. */
const maximumOrders = 800;

function orderOf(
  random: Random,
  customer: Customer,
  at: number,
  spend: number,
  isDiscountHunter: boolean,
): Order {
  const isCompany = customer.kind === 'company';
  const usesCode = random.chance(isDiscountHunter ? 0.85 : 0.12);
  const percent = isDiscountHunter ? random.pick([20, 25, 30]) : random.pick([5, 10]);
  const share = usesCode ? percent / 100 : 0;
  const count = Math.min(6, 1 + random.poisson(isCompany ? 1.4 : 0.8));
  return {
    ordinal: 0,
    at: atOfficeHours(at, random.unit()),
    channel: random.weighted(isCompany ? companyChannels : personChannels),
    isCancelled: random.chance(0.015),
    discountCode: usesCode ? `COFFEE${percent}` : null,
    lines: Array.from({ length: count }, () => lineOf(random, customer, spend / count, share)),
  };
}

const personChannels = [
  ['web', 0.9],
  ['phone', 0.1],
] as const;
const companyChannels = [
  ['web', 0.5],
  ['phone', 0.2],
  ['rep', 0.3],
] as const;

const byPrice = [...products].sort((a, b) => a.price - b.price);
/** Prices in euros are the pounds' by this factor, to the cent. */
const euroFactor = 1.17;

function lineOf(random: Random, customer: Customer, target: number, discountShare: number): OrderLine {
  const affordable = byPrice.findLastIndex((product) => product.price <= target * 1.5);
  const product = byPrice[random.integer(0, Math.max(affordable, 4))] ?? products[0];
  if (product === undefined) throw new RangeError('the catalogue is empty');
  const factor = customer.address.country === 'GB' ? 1 : euroFactor;
  const quantity = Math.max(1, Math.min(200, Math.round(target / product.price)));
  const gross = Math.round(product.price * factor) * quantity;
  const discount = Math.round(gross * discountShare);
  return {
    sku: product.sku,
    category: product.category,
    quantity,
    gross,
    discount,
    net: gross - discount,
    cost: Math.round(product.cost * factor) * quantity,
  };
}

function contractOrders(random: Random, customer: Customer): Order[] {
  const factor = customer.address.country === 'GB' ? 1 : euroFactor;
  const price = Math.round(random.pick(contractPrices) * factor);
  // What it costs to keep the promise of a contract differs a lot, and the price does not follow it.
  const costShare = 0.45 + random.unit() * 0.8;
  const start = customer.since + random.unit() * 200 * day;
  const end = start + random.exponential(900) * day;
  const orders: Order[] = [];
  for (let month = new Date(start); ; month.setUTCMonth(month.getUTCMonth() + 1, 1)) {
    const at = Math.floor(month.getTime() / day) * day + 7 * 3_600_000;
    if (at > end || at > exportedAt || orders.length >= 40) return orders;
    orders.push({
      ordinal: 0,
      at,
      channel: 'contract',
      isCancelled: false,
      discountCode: null,
      lines: [
        {
          sku: 'CO-OfficeCoffee',
          category: 'contract',
          quantity: 1,
          gross: price,
          discount: 0,
          net: price,
          cost: Math.round(price * costShare),
        },
      ],
    });
  }
}

function returnsOf(random: Random, orders: readonly Order[], isReturner: boolean): Return[] {
  const share = isReturner ? 0.42 : 0.035;
  const reasons = isReturner
    ? ['changed my mind', 'does not suit', 'ordered too much']
    : ['damaged', 'wrong item', 'changed my mind'];
  return orders.flatMap((order) =>
    order.channel === 'contract' || order.isCancelled
      ? []
      : order.lines.flatMap((line) => {
          if (!random.chance(share)) return [];
          const quantity = random.chance(0.7) ? line.quantity : random.integer(1, line.quantity);
          const at = atOfficeHours(order.at + random.integer(4, 30) * day, random.unit());
          const refund = Math.round((line.net * quantity) / line.quantity);
          return at < exportedAt ? [{ order, at, quantity, refund, reason: random.pick(reasons) }] : [];
        }),
  );
}

function ticketsOf(
  random: Random,
  customer: Customer,
  orders: readonly Order[],
  isAbuser: boolean,
): Ticket[] {
  const last = Math.min(exportedAt, (orders.at(-1)?.at ?? customer.since) + 120 * day);
  const years = (last - customer.since) / (365 * day);
  const ticketAt = (at: number): Ticket =>
    ticketOf(random, customer, atOfficeHours(at, random.unit()), isAbuser);
  const anyTime = (): number => customer.since + random.unit() * (last - customer.since);
  const mean = isAbuser ? years * (14 + random.exponential(26)) : years * 0.25 + orders.length * 0.06;
  const tickets = Array.from({ length: Math.min(random.poisson(mean), 250) }, () => ticketAt(anyTime()));
  if (isAbuser && random.chance(0.4)) {
    const calls = random.integer(6, 28);
    const worstDay = anyTime();
    tickets.push(...Array.from({ length: calls }, () => ticketAt(worstDay)));
  }
  if (customer.cases.has('thirty_five_contacts_in_a_day')) {
    const worstDay = Math.min(lastDay, customer.since + 40 * day);
    const already = tickets.filter(({ at }) => Math.floor(at / day) === Math.floor(worstDay / day)).length;
    tickets.push(...Array.from({ length: 35 - already }, () => ticketAt(worstDay)));
  }
  return tickets.filter(({ at }) => at < exportedAt).sort((a, b) => a.at - b.at);
}

function ticketOf(random: Random, customer: Customer, at: number, isAbuser: boolean): Ticket {
  const channel = random.weighted([
    ['phone', 0.42],
    ['email', 0.28],
    ['chat', 0.16],
    ['self_service', 0.12],
    ['field', customer.kind === 'company' ? 0.05 : 0],
  ] as const);
  const meanMinutes = { phone: 9, email: 7, chat: 8, self_service: 0.5, field: 75 }[channel];
  const minutes = Math.max(10, Math.round(random.gamma(2, meanMinutes / 2) * 100));
  const closedAt = at + minutes * 600 + random.exponential(channel === 'email' ? 20 : 1) * 3_600_000;
  return {
    at,
    closedAt: closedAt < exportedAt ? Math.floor(closedAt / 60_000) * 60_000 : null,
    channel,
    topic: random.weighted([
      ['inquiry', 0.4],
      ['complaint', isAbuser ? 0.5 : 0.12],
      ['technical', 0.28],
      ['billing', 0.2],
    ] as const),
    minutes,
    // A technician on the road sends a bill of his own; the others cost their minutes.
    cost: channel === 'field' ? Math.round(9500 + random.exponential(9000)) : null,
    satisfaction: random.chance(0.35)
      ? Math.max(1, Math.min(5, Math.round(random.normal(isAbuser ? 2 : 4, 1))))
      : null,
  };
}
