import type { CostRates } from '../../config/cost-rates.ts';

/** A rate and what must hold for it; a condition that is not there always does. */
interface RateRule {
  driver: string;
  channel?: string | undefined;
  category?: string | undefined;
  segment: CostRates['rules'][number]['segment'];
  rate: number;
}

/**
 * All rates of the settings as rules, in order of precedence: the rule with most conditions first, of several the
 * one that is written first, then the rates by channel, then those that always hold, so that each activity has one.
 */
export function rateRules(rates: CostRates): RateRule[] {
  const conditions = ({ channel, category, segment }: RateRule) =>
    [channel, category].filter((condition) => condition !== undefined).length + Object.keys(segment).length;
  // Sorting keeps the order of equals.
  const written = [...rates.rules].sort((one, other) => conditions(other) - conditions(one));
  const channels = [
    ...Object.entries(rates.ticket).map(([channel, rate]) => rule('ticket', rate, channel)),
    ...Object.entries(rates.campaign_contact).map(([channel, rate]) =>
      rule('campaign_contact', rate, channel),
    ),
  ];
  const always = [
    rule('order', rates.order),
    rule('line', rates.line),
    rule('delivery', rates.delivery),
    rule('return', rates.return),
    rule('ticket', rates.ticket_other),
    rule('ticket_minute', rates.ticket_minute),
    rule('campaign_contact', rates.campaign_other),
    rule('statement', rates.statement),
    rule('reminder', rates.reminder),
  ];
  return [...written, ...channels, ...always];
}

function rule(driver: string, rate: number, channel?: string): RateRule {
  return { driver, channel, segment: {}, rate };
}
