import { type Behaviour, behaviourOf } from '../../demo/behaviour.ts';
import { asOf, dateText } from '../../demo/calendar.ts';
import { type Customer, customerOf } from '../../demo/customer.ts';

/** Pounds: what the demo's config says that one of each costs, and 0.10 for a line, the default. */
const costs = { order: 1.2 + 3.2, line: 0.1, return: 7, minute: 0.7 };
/** Pounds for a euro, about the mean of the demo's rates. */
const poundsPerEuro = 0.856;

/**
 * What each customer of the demo company truly earned in pounds, `t0`, `t1`, …: out of what it was made to do, without a
 * silo, an account or a pipeline between. Left out is what is small and depends on when invoices are paid: credit, lost
 * money, statements and reminders; and what was sent to it.
 */
export function trueProfits(seed: number, customers: number): Map<string, number> {
  return new Map(
    Array.from({ length: customers }, (_, index) => {
      const customer = customerOf(seed, index);
      return [`t${index}`, profitOf(customer, behaviourOf(seed, customer))];
    }),
  );
}

function profitOf(customer: Customer, { orders, returns, tickets }: Behaviour): number {
  const rate = (customer.address.country === 'GB' ? 1 : poundsPerEuro) / 100;
  const counts = ({ at }: { at: number }) => dateText(at) <= asOf;
  let profit = 0;
  for (const { lines } of orders.filter((order) => counts(order) && !order.isCancelled)) {
    profit -= costs.order + costs.line * lines.length;
    for (const { net, cost } of lines) profit += rate * (net - cost);
  }
  for (const { refund } of returns.filter(counts)) profit -= rate * refund + costs.return;
  // Minutes and own costs are in hundredths.
  for (const { minutes, cost } of tickets.filter(counts))
    profit -= cost === null ? (costs.minute * minutes) / 100 : cost / 100;
  return profit;
}
