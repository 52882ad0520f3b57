import type { Config } from './schema.ts';

/** The last day that takes part, `YYYY-MM-DD` in `reporting.timezone`; `today` is the day it is there at `now`. */
export function resolveAsOf(config: Pick<Config, 'reporting'>, now: Date): string {
  const { as_of, timezone } = config.reporting;
  return as_of === 'today' ? localDate(now, timezone) : as_of;
}

/** `YYYY-MM-DD` of an instant in an IANA time zone. */
export function localDate(instant: Date, timezone: string): string {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(instant);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`;
}
