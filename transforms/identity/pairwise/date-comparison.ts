import type { Comparison } from './settings.ts';

const yearEqual = 'left(l.date_of_birth, 4) = left(r.date_of_birth, 4)';
/** On eight digits a slip changes two places at most. */
const oneStepDate =
  '(hamming(l.date_of_birth, r.date_of_birth) <= 2 and damerau_levenshtein(l.date_of_birth, r.date_of_birth) <= 1)';
const isYearOnly = "(right(l.date_of_birth, 4) = '0101' or right(r.date_of_birth, 4) = '0101')";

/** Dates of birth as YYYYMMDD. The first of January is a year, not a date. */
export const dateOfBirth: Comparison = {
  name: 'date_of_birth',
  attributes: ['date_of_birth'],
  missing: 'l.date_of_birth is null or r.date_of_birth is null',
  levels: [
    {
      name: 'equal',
      when: `l.date_of_birth = r.date_of_birth and not ${isYearOnly}`,
      rarity: ['date_of_birth'],
      m: 0.8,
      u: 1,
      // Twins.
      relatives: 0.01,
    },
    {
      name: 'day and month swapped',
      when: `${yearEqual} and l.date_of_birth <> r.date_of_birth and substr(l.date_of_birth, 5, 2) = substr(r.date_of_birth, 7, 2) and substr(l.date_of_birth, 7, 2) = substr(r.date_of_birth, 5, 2)`,
      m: 0.01,
      u: 0.00005,
      relatives: 0.0001,
    },
    {
      name: 'one character',
      when: `${oneStepDate} and not ${isYearOnly}`,
      m: 0.05,
      u: 0.001,
      relatives: 0.001,
    },
    {
      name: 'equal first of January',
      when: 'l.date_of_birth = r.date_of_birth',
      rarity: ['date_of_birth'],
      m: 0.02,
      u: 1,
      relatives: 0.001,
    },
    {
      name: 'two parts of three',
      when: `not ${isYearOnly} and ((${yearEqual})::int + (substr(l.date_of_birth, 5, 2) = substr(r.date_of_birth, 5, 2))::int + (substr(l.date_of_birth, 7, 2) = substr(r.date_of_birth, 7, 2))::int) >= 2`,
      m: 0.03,
      u: 0.005,
      relatives: 0.005,
    },
    { name: 'same year', when: yearEqual, m: 0.03, u: 0.012, relatives: 0.03 },
    { name: 'one character of a first of January', when: oneStepDate, m: 0.01, u: 0.01, relatives: 0.01 },
    { name: 'different', when: 'true', m: 0.02, u: 0.97, relatives: 0.943 },
  ],
};
