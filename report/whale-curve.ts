import type { Row } from '../connectors/engines/engine.ts';

/** The whale curve as charts need it. */
export interface WhaleCurve {
  /** Profit of the best p % of the customers as a share of the whole profit, for p = 0 … 100; 1 is 100 %. */
  points: readonly { percentile: number; share: number }[];
  /** Share of the customers at the peak, and the profit there as a share of the whole. */
  peak: { customerShare: number; share: number };
  netContribution: string;
}

/** Reads the curve of the last published run; null where there are no customers, or no profit to be shared. */
export async function readWhaleCurve(engine: {
  query(sql: string): Promise<Row[]>;
}): Promise<WhaleCurve | null> {
  const rows = await engine.query(
    `select percentile, cumulative_profit_share from warehouse.whale_curve order by percentile nulls last`,
  );
  const [summary] = await engine.query(
    'select net_contribution, peak_share, peak_customer_share from warehouse.whale_summary',
  );
  if (!summary || summary.peak_share === null || summary.peak_customer_share === null) return null;
  return {
    points: [
      { percentile: 0, share: 0 },
      ...rows.map((row) => ({
        percentile: Number(row.percentile),
        share: Number(row.cumulative_profit_share),
      })),
    ],
    peak: { customerShare: Number(summary.peak_customer_share), share: Number(summary.peak_share) },
    netContribution: String(summary.net_contribution),
  };
}
