import type { Engine } from '../../../../connectors/engines/engine.ts';
import type { SpendData } from '../spend/fit-spend.ts';
import type { SpendCells } from '../spend/gamma-gamma.ts';
import { allSegments, type ColumnsBySegment, readColumns } from './read-columns.ts';

/** What the spend models of one segment need. Money in the reporting currency. */
export interface SegmentSpend {
  segment: string;
  margin: SpendData;
  cost: SpendData;
  /** Mean margin and cost of a purchase over all customers, also those whose margin is negative. */
  marginPerPurchase: number;
  costPerPurchase: number;
}

/** Margins are above 0 in the fits; who lost money has a mean of its own. */
const presentSelect = `select segment, purchases - zero_purchases as paid, margin, cast(count(*) as integer) as customers
  from value.lifetime_histories
  where margin > 0 and purchases > zero_purchases
  group by segment, purchases - zero_purchases, margin
  order by segment nulls last, paid nulls last, margin nulls last`;

const backtestSelect = `select segment, purchases - zero_purchases as paid, margin, later - later_zero_purchases as later_paid,
    later_margin, cast(count(*) as integer) as customers
  from lifetime_whole
  where margin > 0 and purchases > zero_purchases and later_margin > 0 and later > later_zero_purchases
  group by segment, purchases - zero_purchases, margin, later - later_zero_purchases, later_margin
  order by segment nulls last, paid nulls last, margin nulls last, later_paid nulls last, later_margin nulls last`;

const costs = 'contribution.cost_to_serve + contribution.cost_of_credit + contribution.bad_debt';

const costSelect = `select history.segment, history.purchases, ${costs} as cost, cast(count(*) as integer) as customers
  from value.lifetime_histories as history
  inner join value.contribution as contribution on contribution.customer_id = history.customer_id
  where ${costs} > 0
  group by history.segment, history.purchases, ${costs}
  order by history.segment nulls last, history.purchases nulls last, cost nulls last`;

const totalsSelect = `select history.segment, cast(sum(history.purchases) as bigint) as purchases,
    cast(sum(history.zero_purchases) as bigint) as zero_purchases,
    cast(sum(history.margin) as decimal(38, 4)) as margin, cast(sum(${costs}) as decimal(38, 4)) as cost
  from value.lifetime_histories as history
  inner join value.contribution as contribution on contribution.customer_id = history.customer_id
  group by history.segment
  order by history.segment nulls last`;

/**
 * Margins and costs per purchase, of the whole base (`all`) and of the segments. The back-test is that of the temporary
 * table lifetime_whole, which readHistories has made.
 */
export async function readSpend(engine: Engine): Promise<[SegmentSpend, ...SegmentSpend[]]> {
  const present = await readColumns(engine, presentSelect);
  const later = await readColumns(engine, backtestSelect);
  const cost = await readColumns(engine, costSelect);
  const totals = await readColumns(engine, totalsSelect);

  const spendOf = (segment: string, pick: (read: ColumnsBySegment, columns: number) => Float64Array[]) => {
    const [purchases = 0, zeroPurchases = 0, margin = 0, costSum = 0] = pick(totals, 4).map((column) =>
      column.reduce((a, b) => a + b, 0),
    );
    return {
      segment,
      margin: {
        segment,
        cells: meansOf(pick(present, 3)),
        zeroOrders: zeroPurchases,
        backtest: laterMeans(pick(later, 5)),
      },
      cost: { segment, cells: meansOf(pick(cost, 3)), zeroOrders: 0, backtest: undefined },
      marginPerPurchase: purchases > 0 ? margin / purchases : 0,
      costPerPurchase: purchases > 0 ? costSum / purchases : 0,
    };
  };
  const names = [...totals.keys()].filter((name) => name !== 'all');
  return [
    spendOf('all', allSegments),
    ...names.map((name) =>
      spendOf(
        name,
        (read, columns) => read.get(name) ?? Array.from({ length: columns }, () => new Float64Array()),
      ),
    ),
  ];
}

function meansOf(columns: Float64Array[]): SpendCells {
  const [orders, sums, customers] = columns as [Float64Array, Float64Array, Float64Array];
  return { orders, meanValue: sums.map((sum, row) => sum / (orders[row] as number)), customers };
}

function laterMeans(columns: Float64Array[]): SpendData['backtest'] {
  const [orders, sums, laterOrders, laterSums, customers] = columns as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  if (orders.length === 0) return undefined;
  return {
    ...meansOf([orders, sums, customers]),
    laterMeanValue: laterSums.map((sum, row) => sum / (laterOrders[row] as number)),
  };
}
