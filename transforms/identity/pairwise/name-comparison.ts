import { close, oneStep } from './closeness.ts';
import type { Comparison } from './settings.ts';

/**
 * How alike the given names are: 3 equal, 2 a short form and its formal name, 1 close, 0 different. Few bits in common
 * mean that no group of nicknames can be in common.
 */
const givenLikeness = `case
  when l.given_name = r.given_name then 3
  when (l.nickname_bits & r.nickname_bits) <> 0 and (l.nickname_check_bits & r.nickname_check_bits) <> 0 then 2
  when ${close('given_name', 0.88)} then 1
  when l.given_name is not null and r.given_name is not null then 0 end`;
const familyLikeness = `case
  when l.family_name = r.family_name then 3
  when ${close('family_name', 0.9)} then 1
  when l.family_name is not null and r.family_name is not null then 0 end`;
const sameInitial =
  '(left(l.given_name, 1) = left(r.given_name, 1) and (length(l.given_name) = 1 or length(r.given_name) = 1))';

/** One joint comparison of the names: given and family name depend on each other. */
export const personName: Comparison = {
  name: 'name',
  witnesses: ['date_of_birth', 'tax_id'],
  learnsRelatives: true,
  attributes: ['given_name', 'family_name'],
  missing: 'coalesce(l.given_name, l.family_name) is null or coalesce(r.given_name, r.family_name) is null',
  measures: {
    given: givenLikeness,
    family: familyLikeness,
    is_full:
      '(l.given_name is not null and l.family_name is not null and r.given_name is not null and r.family_name is not null)',
  },
  levels: [
    {
      name: 'equal',
      when: 'given = 3 and family = 3',
      rarity: ['given_name', 'family_name'],
      m: 0.6,
      u: 1,
      relatives: 0.05,
    },
    {
      name: 'nickname',
      when: 'given = 2 and family = 3',
      rarity: ['family_name'],
      m: 0.1,
      u: 0.005,
      relatives: 0.004,
    },
    {
      name: 'swapped',
      when: 'l.given_name = r.family_name and l.family_name = r.given_name',
      rarity: ['family_name'],
      m: 0.01,
      u: 0.02,
      relatives: 0.0005,
    },
    {
      name: 'initial',
      when: `family = 3 and ${sameInitial}`,
      rarity: ['family_name'],
      m: 0.02,
      u: 0.02,
      relatives: 0.003,
    },
    {
      name: 'close given name',
      when: 'family = 3 and given = 1',
      rarity: ['family_name'],
      m: 0.05,
      u: 0.02,
      relatives: 0.02,
    },
    {
      name: 'close family name',
      when: 'family = 1 and given >= 2',
      rarity: ['given_name'],
      m: 0.08,
      u: 0.003,
      relatives: 0.002,
    },
    { name: 'both close', when: 'family = 1 and given = 1', m: 0.02, u: 0.0001, relatives: 0.001 },
    {
      name: 'swapped and close',
      when: `is_full and ${oneStep('given_name', 'family_name')} and ${oneStep('family_name', 'given_name')}`,
      m: 0.005,
      u: 0.00001,
      relatives: 0.0002,
    },
    {
      name: 'family name of one',
      when: 'family = 3 and not is_full',
      rarity: ['family_name'],
      m: 0.04,
      u: 0.3,
      relatives: 0.02,
    },
    {
      name: 'given name of one',
      when: 'given >= 2 and not is_full',
      rarity: ['given_name'],
      m: 0.02,
      u: 0.3,
      relatives: 0.002,
    },
    {
      name: 'one name across',
      when: 'not is_full and (l.given_name = r.family_name or l.family_name = r.given_name)',
      rarity: ['given_name'],
      m: 0.01,
      u: 0.05,
      relatives: 0.001,
    },
    {
      name: 'middle name across',
      when: `given >= 2 and (contains(l.middle_names, ' ' || r.family_name || ' ') or contains(r.middle_names, ' ' || l.family_name || ' '))`,
      rarity: ['given_name'],
      m: 0.01,
      u: 0.002,
      relatives: 0.001,
    },
    {
      name: 'close name of one',
      when: 'not is_full and (family = 1 or given = 1)',
      m: 0.02,
      u: 0.005,
      relatives: 0.003,
    },
    { name: 'given name only', when: 'given >= 2', rarity: ['given_name'], m: 0.03, u: 0.8, relatives: 0.01 },
    {
      name: 'family name only',
      when: 'family = 3',
      rarity: ['family_name'],
      m: 0.003,
      u: 0.8,
      relatives: 0.6,
    },
    { name: 'different', when: 'true', m: 0.005, u: 0.97, relatives: 0.31 },
  ],
};
