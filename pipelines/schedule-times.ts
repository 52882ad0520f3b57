import { CronExpressionParser } from 'cron-parser';
import type { ScheduleSettings } from '../config/schedule-settings.ts';

/** A schedule with its zone known. */
export type Timetable = Pick<ScheduleSettings, 'cron' | 'blackout'> & { timezone: string };

/**
 * The first time after `after`. A time of day that a change of the clock leaves out comes an hour later, and one that it
 * brings twice comes once.
 */
export function nextTime({ cron, timezone }: Timetable, after: Date): Date {
  const times = CronExpressionParser.parse(cron, { currentDate: after, tz: timezone });
  return times.next().toDate();
}

/** The last time at or before `before`. */
export function lastTime({ cron, timezone }: Timetable, before: Date): Date {
  const justAfter = new Date(before.getTime() + 1);
  return CronExpressionParser.parse(cron, { currentDate: justAfter, tz: timezone }).prev().toDate();
}

/** Whether nothing is to be started at that time. */
export function isBlackedOut({ blackout = [], timezone }: Timetable, at: Date): boolean {
  const time = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(at);
  return blackout.some(({ from, to }) =>
    from <= to ? from <= time && time < to : from <= time || time < to,
  );
}
