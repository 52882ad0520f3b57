import { defaultLifetimeSettings } from './settings.ts';

/** Days since 1970-01-01. `cut` is the last day that the model sees, `end` the last day of the window. */
export interface PlannedWindow {
  cut: number;
  end: number;
}

/** The windows of the back-test, in days since 1970-01-01. */
export interface PlannedWindows {
  whole: PlannedWindow;
  learn: PlannedWindow;
  test: PlannedWindow;
}

/** Days before the first cut, and in the window after it, without which a back-test says nothing. */
const shortestDays = 28;

/**
 * Where a back-test cuts the history: its last 40 %, at most the horizon, are left out; the second cut halves what
 * was left out. Undefined where the history is too short.
 *
 * @param firstDay day of the first purchase of all
 * @param horizonDays longest horizon that is a number of days
 */
export function planWindows(
  firstDay: number,
  asOfDay: number,
  horizonDays: number,
  share = defaultLifetimeSettings.backtestShare,
): PlannedWindows | undefined {
  const left = Math.min(Math.round((asOfDay - firstDay) * share), horizonDays);
  const cut = asOfDay - left;
  if (left < shortestDays || cut - firstDay < shortestDays) return undefined;
  const second = asOfDay - Math.round(left / 2);
  return {
    whole: { cut, end: asOfDay },
    learn: { cut, end: second },
    test: { cut: second, end: asOfDay },
  };
}
