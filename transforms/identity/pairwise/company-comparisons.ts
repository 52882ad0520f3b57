import { close, oneStepOfDigits } from './closeness.ts';
import type { Comparison } from './settings.ts';

export const taxId: Comparison = {
  name: 'tax_id',
  attributes: ['tax_id'],
  missing: 'l.tax_id is null or r.tax_id is null',
  levels: [
    { name: 'equal', when: 'l.tax_id = r.tax_id', rarity: ['tax_id'], m: 0.95, u: 1 },
    { name: 'one step', when: oneStepOfDigits('tax_id', 3), m: 0.03, u: 0.0001 },
    { name: 'different', when: 'true', m: 0.02, u: 0.9999 },
  ],
};

export const company: Comparison = {
  name: 'company',
  attributes: ['company_name'],
  missing: 'l.company_name is null or r.company_name is null',
  levels: [
    {
      name: 'equal',
      when: 'l.company_name = r.company_name',
      rarity: ['company_name'],
      m: 0.85,
      u: 1,
      relatives: 0.5,
    },
    {
      name: 'close',
      when: `${close('company_name', 0.92)} or starts_with(l.company_name, r.company_name) or starts_with(r.company_name, l.company_name)`,
      m: 0.1,
      u: 0.001,
      relatives: 0.05,
    },
    { name: 'different', when: 'true', m: 0.05, u: 0.998, relatives: 0.45 },
  ],
};
