import { close, oneStepOfDigits } from './closeness.ts';
import type { Comparison } from './settings.ts';

export const street: Comparison = {
  name: 'street',
  attributes: ['street'],
  missing: 'l.street is null or r.street is null',
  levels: [
    {
      name: 'equal with number',
      when: 'l.street = r.street and l.street_number = r.street_number',
      rarity: ['street'],
      m: 0.6,
      u: 0.03,
      relatives: 0.9,
    },
    { name: 'equal', when: 'l.street = r.street', rarity: ['street'], m: 0.1, u: 1, relatives: 0.03 },
    {
      name: 'close',
      when: `bit_count(xor(l.street_letters, r.street_letters)) <= 4 and (jaro_winkler_similarity(l.street, r.street, 0.92) >= 0.92 or jaro_winkler_similarity(l.street_text, r.street_text, 0.92) >= 0.92)`,
      m: 0.1,
      u: 0.002,
      relatives: 0.03,
    },
    {
      name: 'part',
      when: '(length(l.street_text) >= 6 and contains(r.street_text, l.street_text)) or (length(r.street_text) >= 6 and contains(l.street_text, r.street_text))',
      m: 0.05,
      u: 0.001,
      relatives: 0.01,
    },
    { name: 'different', when: 'true', m: 0.2, u: 0.99, relatives: 0.03 },
  ],
};

const closeCity = close('city', 0.9);

/** Postcode and town say the same thing twice, so one comparison has both. */
export const place: Comparison = {
  name: 'place',
  attributes: ['postcode', 'city'],
  missing:
    'not ((l.postcode is not null and r.postcode is not null) or (l.city is not null and r.city is not null))',
  levels: [
    { name: 'equal', when: 'l.postcode = r.postcode', rarity: ['postcode'], m: 0.6, u: 1, relatives: 0.93 },
    {
      name: 'postcode one step',
      when: `${oneStepOfDigits('postcode', 2)} and (l.city = r.city or ${closeCity} or l.city is null or r.city is null)`,
      m: 0.05,
      u: 0.0005,
      relatives: 0.02,
    },
    {
      name: 'same area and town',
      when: `l.postcode_area = r.postcode_area and l.city = r.city`,
      rarity: ['city'],
      m: 0.1,
      u: 0.3,
      relatives: 0.02,
    },
    { name: 'same town', when: 'l.city = r.city', rarity: ['city'], m: 0.1, u: 0.8, relatives: 0.01 },
    { name: 'close town', when: closeCity, m: 0.03, u: 0.004, relatives: 0.005 },
    {
      name: 'same area',
      when: 'l.postcode_area = r.postcode_area',
      rarity: ['postcode_area'],
      m: 0.03,
      u: 0.5,
      relatives: 0.005,
    },
    { name: 'different', when: 'true', m: 0.1, u: 0.98, relatives: 0.01 },
  ],
};
