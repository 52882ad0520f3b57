import type { ValueSettings } from '../../config/value-settings.ts';
import type { SettingsTable } from '../settings-table.ts';

/** The settings that the value models join. */
export function valueSettingsTables(settings: ValueSettings): SettingsTable[] {
  const { cost_rates: rates } = settings;
  return [
    {
      table: 'value',
      columns: {
        window_months: 'integer',
        margin_rate: 'decimal(9, 6)',
        returned_stock_recovery: 'decimal(9, 6)',
        capital_rate_year: 'decimal(9, 6)',
        bad_debt_after_days: 'integer',
        reminder_after_days: 'integer',
        neutral_amount: 'decimal(18, 4)',
        neutral_share: 'decimal(9, 6)',
      },
      rows: [
        [
          settings.window_months,
          settings.margin_rate,
          settings.returned_stock_recovery,
          settings.capital_rate_year,
          settings.bad_debt_after_days,
          rates.reminder_after_days,
          settings.neutral_amount,
          settings.neutral_share,
        ],
      ],
    },
    {
      table: 'value_margin_rates',
      columns: { category: 'text', margin_rate: 'decimal(9, 6)' },
      rows: Object.entries(settings.margin_rates),
    },
    {
      table: 'value_cost_rates',
      columns: {
        order_rate: 'decimal(18, 4)',
        line_rate: 'decimal(18, 4)',
        delivery_rate: 'decimal(18, 4)',
        return_rate: 'decimal(18, 4)',
        ticket_minute_rate: 'decimal(18, 4)',
        ticket_other_rate: 'decimal(18, 4)',
        campaign_other_rate: 'decimal(18, 4)',
        statement_rate: 'decimal(18, 4)',
        reminder_rate: 'decimal(18, 4)',
      },
      rows: [
        [
          rates.order,
          rates.line,
          rates.delivery,
          rates.return,
          rates.ticket_minute,
          rates.ticket_other,
          rates.campaign_other,
          rates.statement,
          rates.reminder,
        ],
      ],
    },
    channelRates('value_ticket_rates', rates.ticket),
    channelRates('value_campaign_rates', rates.campaign_contact),
    {
      table: 'value_metrics',
      columns: { metric: 'text', weight: 'decimal(9, 4)', direction: 'text' },
      rows: Object.entries(settings.weights).map(([metric, weight]) => [
        metric,
        weight,
        lowerIsBetter.has(metric) ? 'lower' : 'higher',
      ]),
    },
    { table: 'value_tiers', columns: tierColumns, rows: tierRows(settings.tiers) },
  ];
}

/** Metrics of which less is better: days since the last purchase, days to pay, returns and support. */
const lowerIsBetter = new Set(['recency_days', 'days_to_pay', 'return_rate', 'tickets']);

function channelRates(table: string, rates: Readonly<Record<string, number>>): SettingsTable {
  return {
    table,
    columns: { channel: 'text', rate: 'decimal(18, 4)' },
    rows: Object.entries(rates),
  };
}

const tierColumns = {
  tier: 'text',
  position: 'integer',
  basis: 'text',
  above: 'decimal(18, 6)',
  up_to: 'decimal(18, 6)',
};

/** Each tier as the range (above, up_to] of its basis; for scores the cut itself belongs to the better tier. */
function tierRows({ by, cuts }: ValueSettings['tiers']): (string | number | null)[][] {
  const tiers = [...Object.keys(cuts), 'D'];
  const limits = Object.values(cuts);
  return tiers.map((tier, index) => {
    const better = limits[index - 1] ?? null;
    const worse = limits[index] ?? null;
    return by === 'rank_share' ? [tier, index + 1, by, better, worse] : [tier, index + 1, by, worse, better];
  });
}
