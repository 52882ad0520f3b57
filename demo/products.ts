export interface Product {
  sku: string;
  name: string;
  category: 'beans' | 'machines' | 'accessories' | 'capsules' | 'cleaning' | 'gifts';
  /** List price and cost of goods in pence. */
  price: number;
  cost: number;
}

/**
 * What Kestrel & Finch sells. Margins differ by category as they do in the trade: capsules are a loss leader
 * in all but name, machines are sold near cost to win the beans, and cleaning agents earn the most.
 */
export const products: readonly Product[] = [
  ...of('beans', 0.52, 'House Blend 250 g:695 House Blend 1 kg:2250 Ethiopia 250 g:995 Colombia 250 g:950'),
  ...of('beans', 0.55, 'Kenya 250 g:1095 Espresso Nero 1 kg:2395 Decaf 250 g:875 Guatemala 1 kg:2750'),
  ...of('capsules', 0.86, 'Capsules Mild 50:1495 Capsules Strong 50:1495 Capsules Decaf 50:1595'),
  ...of(
    'machines',
    0.78,
    'Filter Machine:8900 Espresso Machine One:34900 Bean-to-Cup:64900 Office Station:149000',
  ),
  ...of('machines', 0.74, 'Hand Grinder:4900 Burr Grinder:15900 Milk Frother:5900'),
  ...of(
    'accessories',
    0.42,
    'Filter Papers 100:450 Cups 6:2400 Tamper:2900 Kettle:6500 Server:1950 Scale:3900',
  ),
  ...of('cleaning', 0.35, 'Descaler:895 Cleaning Tablets:1195 Brush Set:995 Water Filter:1650'),
  ...of('gifts', 0.58, 'Gift Box:3495 Tasting Set:2995 Coffee Book:2200'),
];

/** Pence a month of a contract, by size of firm: beans, machine and care in one. */
export const contractPrices = [8900, 14900, 24900, 49900] as const;

function of(category: Product['category'], costShare: number, text: string): Product[] {
  return [...text.matchAll(/\s*(.+?):(\d+)/g)].map(([, name = '', price = '']) => ({
    sku: `${category.slice(0, 2).toUpperCase()}-${name.replace(/[^A-Za-z0-9]/g, '').slice(0, 12)}`,
    name,
    category,
    price: Number(price),
    cost: Math.round(Number(price) * costShare),
  }));
}
