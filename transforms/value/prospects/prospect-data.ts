import type { GroupedOutcomes } from './logistic-regression.ts';

/** What the model sees of a prospect: columns of value.prospect_features, with their comments in model_fits' words. */
export const featureColumns = [
  'known_level',
  'touch_level',
  'message_level',
  'opened_level',
  'response_level',
  'visit_level',
  'ticket_level',
  'social_level',
  'is_referred',
  'has_unsubscribed',
] as const;

/** Those who had not bought on a day, grouped by what was known of them, and how many then did. */
export interface PastProspects extends GroupedOutcomes {
  /** The day, ISO. */
  seenOn: string;
}

/** All that the forecast of first purchases is learned from. */
export interface ProspectData {
  horizonDays: number;
  /** Prospects of the as-of date: without one, nothing needs a forecast. */
  present: number;
  /** One horizon before the as-of date. */
  last: PastProspects;
  /** Two horizons before. */
  before: PastProspects;
}
