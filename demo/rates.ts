/**
 * Every rate of the demo company in one place. They are made up, in the order of magnitude that shops and the
 * literature on record linkage report; the shares of behaviour are set so that about a fifth of the customers
 * cost more than they bring (test/demo/demo-run.test.ts holds them to it).
 */
export const rates = {
  companyShare: 0.15,
  /** Subscribers who never bought anything. */
  prospectShare: 0.03,
  customersAtOpening: 0.3,

  /** In which systems a customer appears. The shop has everybody who ever bought. */
  inFinance: { person: 0.62, company: 1 },
  inMarketing: { person: 0.55, company: 0.5 },
  /** In service without ever having asked anything (warranty cards). */
  inServiceUnasked: 0.08,

  missing: { email: 0.04, phone: 0.2, marketingPhone: 0.45, birthDate: 0.45, taxId: 0.2, street: 0.06 },
  /** The shop knows the finance number, service the number in the shop. */
  crossReference: { finance: 0.6, sales: 0.6 },

  discountHunters: 0.1,
  returners: 0.08,
  /** Call support again and again; a few firms and persons alike. */
  supportAbusers: 0.06,
  latePayers: 0.15,
  mailerOpeners: 0.18,
  /** Firms with a monthly invoice for beans, machine and care. */
  contracts: 0.3,
  /** Brought by another customer. */
  referred: 0.08,
} as const;

/**
 * BG/NBD by kind of customer (Fader, Hardie & Lee 2005): purchases at a rate ~ gamma(r, 1/alpha) a day, and
 * after each purchase the customer is lost with a probability ~ beta(a, b). Spend per order ~ gamma-gamma
 * (Fader & Hardie 2013): gamma(p, 1/nu), nu ~ gamma(q, 1/gamma), in pence.
 */
export const purchaseProcess = {
  person: { r: 0.75, alpha: 62, a: 0.8, b: 4.5, p: 4, q: 4, gamma: 3900 },
  company: { r: 1.2, alpha: 62, a: 0.6, b: 6, p: 4, q: 4.5, gamma: 12_500 },
} as const;
