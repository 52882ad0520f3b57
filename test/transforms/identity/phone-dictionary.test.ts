import { describe, expect, it } from '@jest/globals';
import { countryCode } from '../../../transforms/identity/country-dictionary.ts';
import { comparableNumber } from '../../../transforms/identity/phone-dictionary.ts';
import { openState, runStages } from '../hand-made-company.ts';

describe('phone numbers', () => {
  it('are E.164 by the country of the account, with or without a prefix', () => {
    expect(comparableNumber('02079460000', 'GB')).toBe('+442079460000');
    expect(comparableNumber('00442079460000', '')).toBe('+442079460000');
    expect(comparableNumber('2125550123', 'US')).toBe('+12125550123');
  });

  it('are compared by their digits where no country is known', () => {
    expect(comparableNumber('02079460000', '')).toBe('02079460000');
  });

  it('are none where they are too short to be anybody’s own', () => {
    expect(comparableNumber('1234', '')).toBeUndefined();
  });

  it('are parsed once: the next night finds them in the dictionary, and drops those no account has', async () => {
    const engine = await openState();
    try {
      const phone = (ref: string, number: string) => ({
        source: 'crm',
        account_ref: ref,
        phone: number,
        country: 'GB',
      });
      await runStages(
        engine,
        { accounts: [phone('1', '020 7946 0000'), phone('2', '020 7946 0001')] },
        { stages: ['identity'] },
      );
      // Marked, so that a number that was parsed again would show.
      await engine.run(`update identity.phone_dictionary set number = '+1' where phone = '02079460000'`);
      await runStages(
        engine,
        { accounts: [phone('1', '020 7946 0000'), phone('3', '+44 (0)20 7946 0002')] },
        { stages: ['identity'] },
      );
      expect(
        await engine.query('select phone, country, number from identity.phone_dictionary order by phone'),
      ).toEqual([
        { phone: '+4402079460002', country: 'GB', number: '+442079460002' },
        { phone: '02079460000', country: 'GB', number: '+1' },
      ]);
    } finally {
      await engine.close();
    }
  });
});

describe('countries', () => {
  it('are understood as code, as name in several languages, and as people write them', () => {
    expect(['DE', 'germany', 'Deutschland', 'Allemagne', 'UK', 'usa', 'Holland'].map(countryCode)).toEqual([
      'DE',
      'DE',
      'DE',
      'DE',
      'GB',
      'US',
      'NL',
    ]);
    expect(countryCode('Atlantis')).toBeUndefined();
  });
});
