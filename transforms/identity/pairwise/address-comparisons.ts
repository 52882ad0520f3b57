import { close, oneStepOfDigits } from './closeness.ts';
import type { Comparison, Level } from './settings.ts';

const isEqual = 'l.street = r.street';
const hasNumber = 'l.street_number = r.street_number';
const isClose =
  'bit_count(xor(l.street_letters, r.street_letters)) <= 4 and (jaro_winkler_similarity(l.street, r.street, 0.92) >= 0.92 or jaro_winkler_similarity(l.street_text, r.street_text, 0.92) >= 0.92)';
const isPart =
  '(length(l.street_text) >= 6 and contains(r.street_text, l.street_text)) or (length(r.street_text) >= 6 and contains(l.street_text, r.street_text))';
const onePostcode = '(l.postcode = r.postcode)';
const oneTown = '(l.city = r.city)';

/**
 * Street and place depend on each other: who moved has neither in common, and under one postcode another street is
 * another person. So the shares of the street hold given the place.
 */
export const street: Comparison = {
  name: 'street',
  witnesses: ['date_of_birth', 'email', 'phone', 'tax_id'],
  attributes: ['street'],
  missing: 'l.street is null or r.street is null',
  levels: [
    ...streetLevels('one postcode', onePostcode, {
      m: [0.8, 0.08, 0.08, 0.02, 0.02],
      u: [0.01, 0.05, 0.01, 0.005, 0.925],
      relatives: [0.93, 0.02, 0.03, 0.01, 0.01],
    }),
    ...streetLevels('one town', oneTown, {
      m: [0.5, 0.1, 0.1, 0.05, 0.25],
      u: [0.0003, 0.01, 0.003, 0.001, 0.9857],
      relatives: [0.7, 0.03, 0.03, 0.01, 0.23],
    }),
    ...streetLevels('elsewhere', 'true', {
      m: [0.3, 0.05, 0.05, 0.02, 0.58],
      u: [0.03, 1, 0.002, 0.001, 0.98],
      relatives: [0.3, 0.03, 0.03, 0.01, 0.63],
    }),
  ],
};

interface StreetShares {
  m: readonly number[];
  u: readonly number[];
  relatives: readonly number[];
}

function streetLevels(given: string, condition: string, { m, u, relatives }: StreetShares): Level[] {
  const conditions: readonly (readonly [name: string, when: string])[] = [
    ['equal with number', `${isEqual} and ${hasNumber}`],
    ['equal', isEqual],
    ['close', isClose],
    ['part', `(${isPart})`],
    ['different', 'true'],
  ];
  return conditions.map(([name, when], index) => ({
    name: `${name}, ${given}`,
    when: condition === 'true' ? when : `${condition} and ${when}`,
    given,
    // Elsewhere a rare name of a street says more; under one postcode it is one of few whatever its name.
    ...(given === 'elsewhere' && index < 2 ? { rarity: ['street'] } : {}),
    m: m[index] ?? 0,
    u: u[index] ?? 0,
    relatives: relatives[index] ?? 0,
  }));
}

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
