import { z } from 'zod';
import { costDrivers } from './cost-rates.ts';
import { segmentDimensions, valueDimensions } from './segment-dimensions.ts';
import { tiers } from './tier-settings.ts';

const share = z.number().min(0).max(1);
const tier = z.enum(tiers);

/** Costs of a customer, by their columns in customer_value, and the share of each that goes away with the customer. */
export const avoidableCosts = z
  .strictObject({
    cost_of_goods: share.default(1),
    order_cost: share.default(1),
    line_cost: share.default(1),
    delivery_cost: share.default(1),
    return_handling_cost: share.default(1),
    support_cost: share.default(0.5),
    campaign_cost: share.default(1),
    statement_cost: share.default(1),
    reminder_cost: share.default(1),
    cost_of_credit: share.default(1),
    bad_debt: share.default(0),
  })
  .describe(
    'Share of each cost that really goes away when a customer is let go: people and buildings stay. Assumption: half of support is staff that stays, and money that is lost stays lost',
  );

const service = z.strictObject({
  driver: z
    .enum(costDrivers)
    .describe('The activity whose use is counted; ticket also counts those with minutes'),
  channel: z.string().optional().describe('Only what came by this channel'),
  unit_cost: z
    .number()
    .min(0)
    .optional()
    .describe('Cost of one use; default: what it did cost each customer'),
  entitled: z
    .partialRecord(tier, z.number().min(0).nullable())
    .default({})
    .describe('Uses a year that each tier is entitled to; null, or a tier that is not named: no limit'),
});

export const serviceCatalogue = z
  .record(
    z.string().regex(/^[a-z][a-z0-9_]*$/, 'lower case letters, digits and _, with a letter first'),
    service,
  )
  .default({
    support: { driver: 'ticket', entitled: { A: 24, B: 12, C: 6, D: 4 } },
    sales_visit: { driver: 'ticket', channel: 'field', entitled: { 'A+': 12, A: 4, B: 1, C: 0, D: 0 } },
  })
  .describe(
    'Services, and how much of each a tier is entitled to a year. Assumption: support is free up to a contact a month for a middling customer, visits go to the best',
  );

export const leverSettings = z
  .strictObject({
    service_fee_share: share
      .default(1)
      .describe('Share of the cost of service beyond the entitlement that a charge recovers. Assumption'),
    self_service_share: share
      .default(0.3)
      .describe('Share of the contacts by phone, e-mail and chat that self-service could take. Assumption'),
    top_cause_share: share
      .default(0.5)
      .describe('Share of the contacts of the costliest category that fixing its cause ends. Assumption'),
    cheaper_channel_share: share
      .default(0.5)
      .describe('Share of the orders that could move to the cheapest sales channel. Assumption'),
  })
  .describe('What the four levers of rebalancing can reach');

export const investmentSettings = z
  .strictObject({
    retention_uplift: share
      .default(0.05)
      .describe(
        'How much likelier an effort makes it that a customer stays; the retention budget is this × lifetime value. Assumption: 0.05',
      ),
    acquisition_share: share
      .default(0.3)
      .describe(
        'Share of the lifetime value that may be spent to win a customer like those of a segment. Assumption: about a third, as in lifetime value : acquisition cost = 3 : 1',
      ),
  })
  .describe('How much may be invested in a customer');

export const groupSettings = z
  .strictObject({
    keep_tiers: z
      .array(tier)
      .default(['A+', 'A'])
      .describe('Tiers whose profitable customers are to be kept before anything else. Assumption'),
    grow_ratio: z
      .number()
      .gt(0)
      .default(1.5)
      .describe(
        'Lifetime value over net contribution so far from which a customer is to be grown. Assumption: 1.5',
      ),
  })
  .describe('How value groups are told apart');

export const supportAbuse = z
  .strictObject({
    robust_z: z
      .number()
      .gt(0)
      .default(3.5)
      .describe('Robust z-score of contacts among those who contact support. 3.5: Iglewicz & Hoaglin 1993'),
    margin_share: share
      .default(0.5)
      .describe('… and cost of support above this share of the gross margin. Assumption'),
  })
  .describe('When a customer is said to abuse support; both must hold');

export const segmentList = z
  .array(z.enum([...segmentDimensions, ...valueDimensions]))
  .default([...segmentDimensions.filter((name) => name !== 'region'), ...valueDimensions])
  .describe('Dimensions of the table `segments`');

export const historySettings = z
  .strictObject({
    score_points: z
      .number()
      .min(0)
      .max(100)
      .default(1)
      .describe('Points by which a score must differ to count as changed; 0: any change. Assumption: 1'),
    lifetime_value_share: share
      .default(0.05)
      .describe(
        'Share of the last lifetime value by which it must differ to count as changed; 0: any change. Assumption: 0.05',
      ),
  })
  .describe(
    'What customer_value_history takes for a change, measured against the last row that was kept, so that a slow drift is kept once it is large enough. A tier or group that is another always is one. With 0 nearly every customer has a row each night, since every day without a purchase moves the forecast',
  );
