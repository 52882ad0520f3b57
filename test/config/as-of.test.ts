import { describe, expect, it } from '@jest/globals';
import { localDate, resolveAsOf } from '../../config/as-of.ts';

describe('the as-of day', () => {
  it('is the one that the config names', () => {
    const reporting = { currency: 'EUR', timezone: 'UTC', as_of: '2011-12-10' };
    expect(resolveAsOf({ reporting }, new Date('2026-01-01T00:00:00Z'))).toBe('2011-12-10');
  });

  it('today is the day that it is in the reporting time zone', () => {
    // 23:30 UTC on New Year's Eve is 08:30 on the first of January in Tokyo (UTC+9) and 18:30 in New York (UTC-5).
    const instant = new Date('2025-12-31T23:30:00Z');
    const today = (timezone: string) =>
      resolveAsOf({ reporting: { currency: 'USD', timezone, as_of: 'today' } }, instant);
    expect(today('Asia/Tokyo')).toBe('2026-01-01');
    expect(today('America/New_York')).toBe('2025-12-31');
  });

  it('counts the hour that summer time adds', () => {
    // 22:30 UTC is 00:30 of the next day in Berlin while summer time (UTC+2) holds, and 23:30 in winter (UTC+1).
    expect(localDate(new Date('2026-07-01T22:30:00Z'), 'Europe/Berlin')).toBe('2026-07-02');
    expect(localDate(new Date('2026-01-01T22:30:00Z'), 'Europe/Berlin')).toBe('2026-01-01');
  });
});
