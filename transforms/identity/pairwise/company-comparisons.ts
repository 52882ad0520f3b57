import { close, oneStepOfDigits } from './closeness.ts';
import type { Comparison } from './settings.ts';

export const taxId: Comparison = {
  name: 'tax_id',
  attributes: ['tax_id'],
  missing: 'l.tax_id is null or r.tax_id is null',
  levels: [
    { name: 'equal', when: 'l.tax_id = r.tax_id', rarity: ['tax_id'], m: 0.95, u: 1 },
    { name: 'one step', when: oneStepOfDigits('tax_id', 3), m: 0.03, u: 0.0001 },
    { name: 'different', when: 'true', m: 0.01, u: 0.9999 },
  ],
};

export const company: Comparison = {
  name: 'company',
  witnesses: ['tax_id', 'email'],
  attributes: ['company_name'],
  missing: 'l.company_name is null or r.company_name is null',
  levels: [
    {
      name: 'equal',
      when: 'l.company_name = r.company_name',
      rarity: ['company_name'],
      m: 0.85,
      u: 1,
      relatives: 0.1,
    },
    {
      name: 'close',
      when: close('company_name', 0.92),
      m: 0.06,
      u: 0.001,
      relatives: 0.02,
    },
    {
      name: 'part',
      when: 'starts_with(l.company_name, r.company_name) or starts_with(r.company_name, l.company_name) or list_has_all(l.company_words, r.company_words) or list_has_all(r.company_words, l.company_words)',
      m: 0.04,
      u: 0.001,
      relatives: 0.02,
    },
    {
      name: 'same first word',
      when: 'l.company_word = r.company_word',
      rarity: ['company_word'],
      m: 0.03,
      u: 0.9,
      relatives: 0.02,
    },
    { name: 'different', when: 'true', m: 0.02, u: 0.99, relatives: 0.84 },
  ],
};
