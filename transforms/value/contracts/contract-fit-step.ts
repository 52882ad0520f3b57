import { type ContractSettings, contractPeriods } from '../../../config/contract-settings.ts';
import type { Engine } from '../../../connectors/engines/engine.ts';
import type { Step } from '../../step.ts';
import { oneBatch } from '../lifetime/tables/one-batch.ts';
import { readColumns } from '../lifetime/tables/read-columns.ts';
import type { ContractData, ContractHistories } from './contract-data.ts';
import { fitContracts } from './fit-contracts.ts';

const table = { schema: 'value', table: 'contract_fit' };

/** Learns how contracts are renewed. */
export function contractFitStep(settings: ContractSettings): Step {
  return {
    table,
    needs: ['value.contract_histories', 'settings.run', 'settings.value'],
    header: {
      comment: 'What is known of how contracts are renewed',
      grain: 'the run',
      key: ['segment'],
      tests: [],
      columns: {
        segment: 'contracts',
        model: 'Model of renewals; null where too few contracts could be seen',
        alpha: 'Of the beta distribution of the probability to leave at a renewal',
        beta: 'The same',
        reason: 'Why this model, or why there is none',
        fits: 'JSON: rows of model_fits',
        backtests: 'JSON: rows of model_backtests',
      },
    },
    build: async (engine) => {
      const found = fitContracts(await readContracts(engine, settings), settings.minimum_customers);
      const { model, reason, fits, backtests } = found;
      const row = [
        'contracts',
        model?.title ?? null,
        model?.fit.alpha ?? null,
        model?.fit.beta ?? null,
        reason,
        JSON.stringify(fits),
        JSON.stringify(backtests),
      ];
      const types = {
        segment: 'text',
        model: 'text',
        alpha: 'double precision',
        beta: 'double precision',
        reason: 'text',
        fits: 'text',
        backtests: 'text',
      };
      return engine.buildFromRows(table, types, oneBatch([row]));
    },
  };
}

/** Whole numbers in one order, so that both engines give the same fit to the last bit. */
async function readContracts(engine: Engine, settings: ContractSettings): Promise<ContractData> {
  const [run] = await engine.query<{ cut_date: string; days: string }>(
    `select cut.cut_date, days_between(cut.cut_date, cut.as_of) as days from (
       select run.as_of, cast(run.as_of - settings.contract_backtest_months * interval '1 month' as date) as cut_date
       from settings.run as run cross join settings.value as settings
     ) as cut`,
  );
  if (run === undefined) throw new Error('settings.run has no row');
  const columns = ['renewals', 'is_ended', 'previous_invoices', 'later_invoices'];
  const read = await readColumns(
    engine,
    `select cast(is_present as text), ${columns.join(', ')}, cast(count(*) as integer) as customers
     from value.contract_histories
     group by is_present, ${columns.join(', ')}
     order by ${['is_present', ...columns].map((name) => `${name} nulls last`).join(', ')}`,
  );
  const at = (isPresent: string): ContractHistories => {
    const [renewals, ended, previous, later, customers] = (read.get(isPresent) ??
      Array.from({ length: columns.length + 1 }, () => new Float64Array())) as [
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    return { renewals, ended, previous, later, customers };
  };
  return {
    present: at('1'),
    before: at('0'),
    cutDate: run.cut_date,
    horizonDays: Number(run.days),
    periods: Math.floor(settings.backtest_months / contractPeriods[settings.period]),
  };
}
