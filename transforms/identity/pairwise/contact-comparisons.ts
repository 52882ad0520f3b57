import { oneStep, oneStepOfDigits } from './closeness.ts';
import type { Comparison } from './settings.ts';

export const email: Comparison = {
  name: 'email',
  witnesses: ['date_of_birth', 'phone', 'tax_id'],
  attributes: ['email'],
  missing: 'l.email is null or r.email is null',
  levels: [
    { name: 'equal', when: 'l.email = r.email', rarity: ['email'], m: 0.7, u: 1, relatives: 0.3 },
    { name: 'one step', when: oneStep('email'), m: 0.05, u: 0.000005, relatives: 0.01 },
    {
      name: 'same local part',
      when: 'l.mailbox = r.mailbox',
      rarity: ['mailbox'],
      m: 0.05,
      u: 0.3,
      relatives: 0.01,
    },
    {
      name: 'close',
      when: '(bit_count(xor(l.email_letters, r.email_letters)) <= 4 and damerau_levenshtein(l.email, r.email) <= 2)',
      m: 0.05,
      u: 0.0005,
      relatives: 0.03,
    },
    {
      name: 'own domain',
      when: 'l.mail_domain = r.mail_domain and not l.is_public_domain',
      rarity: ['mail_domain'],
      m: 0.05,
      u: 1,
      relatives: 0.05,
    },
    { name: 'different', when: 'true', m: 0.1, u: 0.98, relatives: 0.6 },
  ],
};

export const phone: Comparison = {
  name: 'phone',
  witnesses: ['date_of_birth', 'email', 'tax_id'],
  attributes: ['phone'],
  missing: 'l.phone is null or r.phone is null',
  levels: [
    { name: 'equal', when: 'l.phone = r.phone', rarity: ['phone'], m: 0.7, u: 1, relatives: 0.3 },
    { name: 'one digit', when: oneStepOfDigits('phone', 5), m: 0.03, u: 0.0001, relatives: 0.01 },
    { name: 'different', when: 'true', m: 0.27, u: 0.9999, relatives: 0.69 },
  ],
};
