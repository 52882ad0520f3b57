/** The demo has a fixed calendar, so that it says the same on every day. */
export const day = 86_400_000;

/** The shop opened for business. */
export const openedAt = Date.UTC(2023, 6, 1);
/** The last day that the demo's config lets take part. */
export const asOf = '2025-12-31';
/** The silos were copied four days later, so that a few rows are from after `as_of`. */
export const exportedAt = Date.UTC(2026, 0, 4, 3);

/**
 * How busy each month is beside the busiest, January first: coffee is a present in December and iced in
 * summer.
 */
const seasons = [0.72, 0.66, 0.7, 0.68, 0.64, 0.58, 0.52, 0.55, 0.68, 0.76, 0.95, 1] as const;

export function season(at: number): number {
  return seasons[new Date(at).getUTCMonth()] ?? 1;
}

/** Moves a moment to a likely time of the same day, in whole seconds. `unit` is uniform in [0, 1). */
export function atOfficeHours(at: number, unit: number): number {
  return Math.floor(at / day) * day + Math.floor((8 + unit * 11) * 3600) * 1000;
}

/** `2025-12-31`. */
export function dateText(at: number): string {
  return dayText(Math.floor(at / day));
}

/** `2025-12-31 14:05:09`, UTC. */
export function timeText(at: number): string {
  const days = Math.floor(at / day);
  const seconds = Math.floor((at - days * day) / 1000);
  return `${dayText(days)} ${twoDigits(seconds / 3600)}:${twoDigits((seconds % 3600) / 60)}:${twoDigits(seconds % 60)}`;
}

// A company has hundreds of millions of times and a few thousand days: Date is asked once for each.
const dayTexts = new Map<number, string>();

function dayText(days: number): string {
  const known = dayTexts.get(days);
  if (known !== undefined) return known;
  const text = new Date(days * day).toISOString().slice(0, 10);
  dayTexts.set(days, text);
  return text;
}

function twoDigits(value: number): string {
  const whole = Math.floor(value);
  return whole < 10 ? `0${whole}` : String(whole);
}
