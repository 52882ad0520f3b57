import { contractPeriods } from '../../config/contract-settings.ts';
import { horizonDays } from '../../config/lifetime-settings.ts';
import { segmentDimensions } from '../../config/segment-dimensions.ts';
import { tiers } from '../../config/tier-settings.ts';
import type { ValueSettings } from '../../config/value-settings.ts';
import type { SettingsTable } from '../settings-table.ts';
import { rateRules } from './rate-rules.ts';

/** The settings that the value models join. */
export function valueSettingsTables(settings: ValueSettings): SettingsTable[] {
  const { cost_rates: rates, avoidable, levers, investment, groups, support_abuse: abuse } = settings;
  const money = 'decimal(18, 4)';
  const share = 'decimal(9, 6)';
  return [
    oneRow('value', {
      window_months: ['integer', settings.window_months],
      margin_rate: [share, settings.margin_rate],
      returned_stock_recovery: [share, settings.returned_stock_recovery],
      capital_rate_year: [share, settings.capital_rate_year],
      bad_debt_after_days: ['integer', settings.bad_debt_after_days],
      reminder_after_days: ['integer', rates.reminder_after_days],
      neutral_amount: [money, settings.neutral_amount],
      neutral_share: [share, settings.neutral_share],
      grow_ratio: ['decimal(9, 4)', groups.grow_ratio],
      abuse_robust_z: ['decimal(9, 4)', abuse.robust_z],
      abuse_margin_share: [share, abuse.margin_share],
      retention_uplift: [share, investment.retention_uplift],
      acquisition_share: [share, investment.acquisition_share],
      history_score_points: [share, settings.history.score_points],
      history_lifetime_value_share: [share, settings.history.lifetime_value_share],
      actions_per_customer: ['integer', settings.actions_per_customer],
      contract_period_months: ['integer', contractPeriods[settings.contracts.period]],
      contract_grace_days: ['integer', settings.contracts.grace_days],
      contract_backtest_months: ['integer', settings.contracts.backtest_months],
      prospect_horizon_days: ['integer', horizonDays(settings.prospects.horizon, 0)],
    }),
    oneRow('value_levers', {
      service_fee_share: [share, levers.service_fee_share],
      self_service_share: [share, levers.self_service_share],
      self_service_rate: [money, rates.ticket.self_service],
      top_cause_share: [share, levers.top_cause_share],
      cheaper_channel_share: [share, levers.cheaper_channel_share],
    }),
    oneRow(
      'value_avoidable',
      Object.fromEntries(Object.entries(avoidable).map(([cost, part]) => [cost, [share, part]])),
    ),
    {
      table: 'value_margin_rates',
      columns: { category: 'text', margin_rate: share },
      rows: Object.entries(settings.margin_rates),
    },
    {
      table: 'value_rates',
      columns: {
        precedence: 'integer',
        driver: 'text',
        channel: 'text',
        category: 'text',
        ...Object.fromEntries(segmentDimensions.map((name) => [`customer_${name}`, 'text'])),
        rate: money,
      },
      rows: rateRules(rates).map(({ driver, channel, category, segment, rate }, index) => [
        index + 1,
        driver,
        channel?.toLowerCase() ?? null,
        category?.toLowerCase() ?? null,
        ...segmentDimensions.map((name) => segment[name]?.toLowerCase() ?? null),
        rate,
      ]),
    },
    {
      table: 'value_tiers',
      columns: {
        tier: 'text',
        position: 'integer',
        basis: 'text',
        above: 'decimal(18, 6)',
        up_to: 'decimal(18, 6)',
        is_kept: 'boolean',
      },
      rows: tierRows(settings),
    },
    {
      table: 'value_services',
      columns: { service: 'text', driver: 'text', channel: 'text', unit_cost: money },
      rows: Object.entries(settings.services).flatMap(([name, { driver, channel, unit_cost: cost }]) =>
        driversOf(driver).map((each) => [name, each, channel?.toLowerCase() ?? null, cost ?? null]),
      ),
    },
    {
      table: 'value_entitlements',
      columns: { service: 'text', tier: 'text', entitled: money },
      rows: Object.entries(settings.services).flatMap(([name, { entitled }]) =>
        tiers.map((tier) => [name, tier, entitled[tier] ?? null]),
      ),
    },
    listOf('value_cancelled', 'status', 'text', [
      ...new Set(settings.cancelled_statuses.map((status) => status.toLowerCase())),
    ]),
    listOf('value_contract_categories', 'category', 'text', [
      ...new Set(settings.contracts.categories.map((category) => category.toLowerCase())),
    ]),
    listOf('value_segments', 'dimension', 'text', [...new Set(settings.segments)]),
    listOf('value_let_go', 'percent', 'integer', [...new Set(settings.let_go_percents)]),
  ];
}

/** Tickets with minutes are priced by another driver than those without; a service counts both. */
function driversOf(driver: ValueSettings['services'][string]['driver']): string[] {
  return driver === 'ticket' ? ['ticket', 'ticket_minute'] : [driver];
}

function oneRow(
  table: string,
  cells: Readonly<Record<string, readonly [type: string, value: number]>>,
): SettingsTable {
  return {
    table,
    columns: Object.fromEntries(Object.entries(cells).map(([name, [type]]) => [name, type])),
    rows: [Object.values(cells).map(([, value]) => value)],
  };
}

function listOf(
  table: string,
  column: string,
  type: string,
  values: readonly (string | number)[],
): SettingsTable {
  return { table, columns: { [column]: type }, rows: values.map((value) => [value]) };
}

/** Each tier as the range (above, up_to] of its basis; for scores the cut itself belongs to the better tier. */
function tierRows({ tiers: { by, cuts }, groups }: ValueSettings): (string | number | boolean | null)[][] {
  const limits = Object.values(cuts);
  return tiers.map((tier, index) => {
    const better = limits[index - 1] ?? null;
    const worse = limits[index] ?? null;
    const range = by === 'score' ? [worse, better] : [better, worse];
    return [tier, index + 1, by, ...range, groups.keep_tiers.includes(tier)];
  });
}
