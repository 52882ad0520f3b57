import type { Engine } from '../../../../connectors/engines/engine.ts';
import type { LifetimeFit } from '../fit-lifetime.ts';
import type { LifetimeState } from '../lifetime-state.ts';
import type { ModelBacktestRow, ModelFitRow } from '../result-rows.ts';
import { stateFromJson, stateToJson } from './state-json.ts';

/** One row of value.lifetime_state: what a night found out about one segment. */
export interface StoredFit {
  segment: string;
  asOf: string;
  /** The settings that it was found with, as JSON. */
  settings: string;
  /** Title of the model that forecasts: `MBG/NBD`. */
  model: string;
  reason: string;
  /** Nights in a row on which an earlier fit was kept. */
  keptNights: number;
  state: LifetimeState;
  fits: readonly ModelFitRow[];
  backtests: readonly ModelBacktestRow[];
}

/** What is kept of the fit of purchases; what a purchase is worth is fitted anew each night. */

export const storedFitTypes: Readonly<Record<string, string>> = {
  segment: 'text',
  as_of: 'date',
  settings: 'text',
  model: 'text',
  reason: 'text',
  kept_nights: 'integer',
  state: 'text',
  fits: 'text',
  backtests: 'text',
};

export function storedFitCells(stored: StoredFit): (string | number)[] {
  return [
    stored.segment,
    stored.asOf,
    stored.settings,
    stored.model,
    stored.reason,
    stored.keptNights,
    stateToJson(stored.state),
    JSON.stringify(stored.fits),
    JSON.stringify(stored.backtests),
  ];
}

/** What value.lifetime_state holds, by segment; rows of a version that wrote another form are left out. */
export async function readStoredFits(engine: Engine): Promise<Map<string, StoredFit>> {
  const rows = await engine.query<Record<string, string>>(
    `select ${Object.keys(storedFitTypes).join(', ')} from value.lifetime_state order by segment nulls last`,
  );
  const stored = rows.flatMap((row): [string, StoredFit][] => {
    const [
      segment = '',
      asOf = '',
      settings = '',
      model = '',
      reason = '',
      keptNights,
      text,
      fits,
      backtests,
    ] = Object.keys(storedFitTypes).map((name) => row[name]);
    const state = stateFromJson(text ?? '{}');
    if (state === undefined) return [];
    const known = { segment, asOf, settings, model, reason, state, keptNights: Number(keptNights) };
    return [
      [
        segment,
        {
          ...known,
          fits: JSON.parse(fits ?? '[]') as ModelFitRow[],
          backtests: JSON.parse(backtests ?? '[]') as ModelBacktestRow[],
        },
      ],
    ];
  });
  return new Map(stored);
}

/** What stands in `lifetime_reason` of each customer; all the rest of the reasons is in model_fits. */
export function shortReason({ reason, trusted }: Pick<LifetimeFit, 'reason' | 'trusted'>): string {
  const [first = reason] = reason.split('; ');
  return trusted ? first : `not to be relied on: ${first}`;
}
