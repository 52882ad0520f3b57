import { z } from 'zod';
import { segmentDimensions } from './segment-dimensions.ts';

const rate = z.number().min(0);

/** What sets off a cost: an activity of the business, done once. `ticket_minute` is counted in minutes. */
export const costDrivers = [
  'order',
  'line',
  'delivery',
  'return',
  'ticket',
  'ticket_minute',
  'campaign_contact',
  'statement',
  'reminder',
] as const;

const rateRule = z.strictObject({
  driver: z.enum(costDrivers),
  channel: z.string().optional().describe('Channel of the order, line, ticket or message, in any case'),
  category: z.string().optional().describe('Category of the line or ticket, in any case'),
  segment: z
    .partialRecord(z.enum(segmentDimensions), z.string())
    .default({})
    .describe('Columns of `customers` and the value that each must have, in any case'),
  rate,
});

/**
 * Cost to serve by activity: driver × rate, in the reporting currency (activity-based costing, Kaplan &
 * Cooper 1998; minutes × rate per minute is the time-driven form, Kaplan & Anderson 2004). A cost that a row
 * brings along wins over the rate. All defaults are assumptions in the right order of magnitude.
 */
export const costRates = z.strictObject({
  order: rate.default(1.5).describe('Taking one order. Assumption'),
  line: rate.default(0.1).describe('Handling one order line. Assumption'),
  delivery: rate.default(4).describe('Delivering one order. Assumption'),
  return: rate.default(6).describe('Handling one returned line. Assumption'),
  ticket_minute: rate
    .default(0.7)
    .describe(
      'One minute of support, where the ticket has its minutes. Assumption: 42 an hour, fully loaded',
    ),
  ticket: z
    .strictObject({
      phone: rate.default(8),
      email: rate.default(6),
      chat: rate.default(5),
      self_service: rate.default(0.1),
      field: rate.default(120),
    })
    .prefault({})
    .describe(
      'One ticket by channel, where it has neither a cost nor minutes; a sales visit is a ticket of channel field. Assumption',
    ),
  ticket_other: rate.default(8).describe('One ticket without a channel. Assumption'),
  campaign_contact: z
    .record(z.string(), rate)
    .default({ email: 0.01, sms: 0.05, mail: 0.9, post: 0.9, phone: 5 })
    .describe('One message sent, by channel as it is written in the campaign responses. Assumption'),
  campaign_other: rate.default(0.05).describe('One message sent by any other channel. Assumption'),
  statement: rate.default(0.3).describe('One invoice written and sent. Assumption'),
  reminder: rate.default(3).describe('One reminder of an invoice that was not paid in time. Assumption'),
  reminder_after_days: z
    .int()
    .min(0)
    .default(7)
    .describe('Days after the due date at which a reminder goes out. Assumption'),
  rules: z
    .array(rateRule)
    .default([])
    .describe(
      'Rates for a channel, a category or a segment of customers. The rule with most conditions wins, of several the first; then the rates above',
    ),
});

export type CostRates = z.output<typeof costRates>;
