import { runPipeline } from '../../pipelines/run-pipeline.ts';
import { type EngineKind, makeWorkplace, type Workplace } from '../pipelines/workplace.ts';

/** What somebody may have typed into a form; a page must show it and not run it. */
export const scriptName = '<script>alert(1)</script>';

const yaml = `
warehouse: { engine: duckdb, path: ./warehouse.duckdb }
reporting: { currency: EUR, timezone: UTC, as_of: 2026-09-30 }
sources:
  crm:
    type: files
    path: .
    tables:
      accounts.csv: { entity: accounts, key: account_ref }
      tickets.csv: { entity: tickets, key: ticket_ref }
  shop:
    type: files
    path: shop
    tables:
      accounts.csv: { entity: accounts, key: account_ref }
      purchases.csv: { entity: purchases, key: purchase_ref }
`;

const people = ['Ada Byron', 'Grace Hopper', 'Alan Turing', 'Kurt Gödel', 'Emmy Noether', scriptName];

function csv(header: string, rows: readonly string[]): string {
  return `${[header, ...rows].join('\n')}\n`;
}

/**
 * Six customers of two sources, joined by e-mail and name, one by telephone: its e-mails differ. Two accounts of different customers have the account_ref 7,
 * and one customer, who only calls and calls, costs money.
 */
const files = {
  'accounts.csv': csv('account_ref,full_name,email,phone,industry,updated_at', [
    ...people.map(
      (name, place) =>
        `${place + 1},${name},${mail(place)},${phone(place)},${place < 4 ? 'trade' : scriptName},2026-01-0${place + 1}`,
    ),
    '7,Rosa Caller,rosa@example.org,,trade,2026-01-09',
  ]),
  'shop/accounts.csv': csv('account_ref,full_name,email,phone', [
    ...people
      .slice(0, 4)
      .map(
        (name, place) =>
          `S-${place + 1},${name},${place === 3 ? 'kurt@example.net' : mail(place)},${phone(place)}`,
      ),
    `7,Emmy Noether,${mail(4)},`,
    `S-6,${scriptName},${mail(5)},`,
  ]),
  'shop/purchases.csv': csv('purchase_ref,account_ref,ordered_at,net_amount,cost_amount,category', [
    ...people.flatMap((_, place) => {
      const account = place === 4 ? '7' : `S-${place + 1}`;
      return Array.from(
        { length: 6 - place },
        (_, month) =>
          `P${place}${month},${account},2026-0${month + 1}-1${place},${1000 - place * 100}.25,${300}.00,tools`,
      );
    }),
    'P-bad,S-1,someday,1.00,0.50,tools',
  ]),
  'tickets.csv': csv(
    'ticket_ref,account_ref,opened_at,channel,handling_minutes',
    Array.from({ length: 12 }, (_, place) => `T${place},7,2026-08-${10 + place} 09:00:00,phone,30`),
  ),
};

function phone(place: number): string {
  return place === 3 ? '+43 1 5331234' : '';
}

function mail(place: number): string {
  return `person${place + 1}@example.org`;
}

/** The company after one night. */
export async function publishCompany(engine: EngineKind): Promise<Workplace> {
  const place = await makeWorkplace(yaml, files, {}, engine);
  const summary = await runPipeline(await place.config(), { now: new Date('2026-10-01T02:00:00Z') });
  if (summary.status !== 'done') throw new Error(`the night failed: ${JSON.stringify(summary.failure)}`);
  return place;
}
