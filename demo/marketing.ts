import type { Behaviour } from './behaviour.ts';
import { atOfficeHours, day, exportedAt, openedAt } from './calendar.ts';
import type { Customer } from './customer.ts';
import { randomOf } from './random.ts';
import { marketingRef, serial } from './references.ts';
import type { Emit } from './tables.ts';

const purpose = { campaigns: 40, visits: 41, surveys: 42 };

/** Pence per piece. */
const pieceCost = { email: 1, post: 160 } as const;

interface Campaign {
  name: string;
  at: number;
  channel: keyof typeof pieceCost;
}

/** A newsletter every second month; a printed catalogue before Christmas. */
const campaigns: readonly Campaign[] = Array.from({ length: 15 }, (_, number) => {
  const start = new Date(openedAt);
  const at = Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + number * 2, 12);
  const month = new Date(at).getUTCMonth();
  const isCatalogue = month === 10;
  return {
    name: `${new Date(at).toISOString().slice(0, 7)} ${isCatalogue ? 'catalogue' : 'newsletter'}`,
    at,
    channel: isCatalogue ? ('post' as const) : ('email' as const),
  };
});

export function campaignEventsOf(seed: number, customer: Customer, behaviour: Behaviour, emit: Emit): void {
  const random = randomOf(seed, customer.index, purpose.campaigns);
  const subscriber = marketingRef(customer.index);
  let ordinal = 0;
  const add = (campaign: Campaign, event: string, at: number, cost: number | null): void => {
    if (at >= exportedAt) return;
    const id = `e${serial(customer.index, ordinal)}`;
    ordinal += 1;
    emit('campaignEvents', [id, subscriber, campaign.name, event, at, campaign.channel, cost]);
  };
  for (const campaign of campaigns) {
    if (campaign.at < customer.since) continue;
    const sentAt = campaign.at + 6 * 3_600_000;
    add(campaign, 'sent', sentAt, pieceCost[campaign.channel]);
    if (!random.chance(behaviour.isMailerOpener ? 0.92 : 0.24)) continue;
    const openedOn = atOfficeHours(sentAt + random.exponential(1.5) * day, random.unit()) + day;
    if (campaign.channel === 'email') add(campaign, 'opened', openedOn, null);
    if (!random.chance(0.15)) continue;
    add(campaign, 'clicked', openedOn + 40_000, null);
    if (random.chance(0.2)) add(campaign, 'converted', openedOn + 900_000, null);
    if (random.chance(0.04)) {
      add(campaign, 'unsubscribed', openedOn + 60_000, null);
      return;
    }
  }
}

export function visitsOf(seed: number, customer: Customer, behaviour: Behaviour, emit: Emit): void {
  const random = randomOf(seed, customer.index, purpose.visits);
  const times = behaviour.orders
    .filter(({ channel }) => channel === 'web')
    .flatMap(({ at }) => [
      at - random.integer(60, 2400) * 1000,
      ...(random.chance(0.4) ? [at - random.unit() * 9 * day] : []),
    ]);
  const years = (exportedAt - customer.since) / (365 * day);
  const idle = random.poisson(years * (behaviour.isMailerOpener ? 5 : 1.5));
  for (let visit = 0; visit < idle; visit += 1) {
    times.push(customer.since + random.unit() * (exportedAt - customer.since));
  }
  for (const [ordinal, at] of times.sort((a, b) => a - b).entries()) {
    const pages = 1 + random.poisson(4);
    const began = Math.floor(Math.max(at, customer.since) / 1000) * 1000;
    const seconds = Math.round(pages * random.exponential(38)) + 3;
    emit('visits', [
      `v${serial(customer.index, ordinal)}`,
      marketingRef(customer.index),
      began,
      seconds,
      pages,
    ]);
  }
}

export function surveysOf(seed: number, customer: Customer, behaviour: Behaviour, emit: Emit): void {
  const random = randomOf(seed, customer.index, purpose.surveys);
  const mood = random.normal(behaviour.tickets.length > 8 ? 5 : 8, 1.5);
  for (const order of behaviour.orders) {
    if (!random.chance(0.05)) continue;
    const at = atOfficeHours(order.at + 12 * day, random.unit());
    if (at >= exportedAt) continue;
    const score = Math.max(0, Math.min(10, Math.round(random.normal(mood, 1))));
    emit('surveys', [
      `a${serial(customer.index, order.ordinal)}`,
      marketingRef(customer.index),
      at,
      'nps',
      score,
    ]);
  }
}
