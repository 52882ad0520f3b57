import type { Engine } from '../../../../connectors/engines/engine.ts';
import type {
  BacktestCells,
  BacktestWindow,
  CustomerCells,
  GapRatios,
  LifetimeData,
} from '../lifetime-data.ts';
import { type PlannedWindow, type PlannedWindows, planWindows } from '../plan-windows.ts';
import { backtestSelect, gapCountsSelect, gapRatiosSelect, type HistorySettings } from './history-sql.ts';
import { allSegments, type ColumnsBySegment, readColumns } from './read-columns.ts';

/** What the fits need, of all customers together and of each segment. */
export interface HistoryData {
  wholeBase: LifetimeData;
  /** Empty where the settings name no segment. */
  segments: LifetimeData[];
}

/** Temporary tables with the histories at the cuts, with or without a row. */
export const backtestTables = ['lifetime_whole', 'lifetime_learn', 'lifetime_test'];

/** What distinguishes one history from another. */
export const cellColumns = ['repeats', 'last_days', 'age_days', 'recent_long', 'recent_short'];
const windowColumns = [...cellColumns, 'previous', 'later'];
/** Days that a gap of 0 counts as: orders of one day are half a day apart, on the average of what nobody knows. */
const sameDayGap = 0.5;

/**
 * Reads the histories of value.lifetime_histories and of the three windows of the back-test, grouped. Everything comes
 * as whole numbers in one order, so that both engines give the same fit to the last bit.
 *
 * @param asOfDay days since 1970-01-01
 * @param horizonDays longest horizon that is a number of days
 */
export async function readHistories(
  engine: Engine,
  asOf: string,
  asOfDay: number,
  horizonDays: number,
  settings: HistorySettings & { backtest_share: number },
): Promise<HistoryData | undefined> {
  const cells = await readColumns(engine, presentSelect);
  if (cells.size === 0) return undefined;
  const ratios = await readColumns(engine, gapRatiosSelect());
  const oldest = allSegments(cells, 3)[2]?.reduce((most, age) => Math.max(most, age), 0) ?? 0;
  const planned = planWindows(asOfDay - oldest, asOfDay, horizonDays, settings.backtest_share);
  const windows = planned && (await readWindows(engine, planned, settings));
  // Without a back-test its table is there all the same: nobody had purchased before the first day of all.
  if (planned === undefined) {
    const before = asOfDay - oldest - 1;
    await engine.buildTemporary('lifetime_whole', backtestSelect({ cut: before, end: before }, settings));
  }
  const cuts = [asOfDay, ...(planned === undefined ? [] : [planned.whole.cut, planned.test.cut])];
  const gaps = await readColumns(engine, gapCountsSelect(cuts, settings));

  const dataOf = (segment: string, pick: (read: ColumnsBySegment, columns: number) => Float64Array[]) => {
    const [atAsOf = 0, atFirstCut = 0, atSecondCut = 0] = logGapSums(pick(gaps, 1 + cuts.length));
    const window = (name: keyof PlannedWindows, logGapSum: number): BacktestWindow | undefined => {
      if (planned === undefined || windows === undefined) return undefined;
      return {
        ...daysOf(planned[name]),
        cells: backtestCells(pick(windows[name], windowColumns.length + 1)),
        logGapSum,
      };
    };
    const [whole, learn, test] = [
      window('whole', atFirstCut),
      window('learn', atFirstCut),
      window('test', atSecondCut),
    ];
    const isFilled = whole !== undefined && whole.cells.customers.length > 0;
    return {
      segment,
      asOf,
      cells: customerCells(pick(cells, cellColumns.length + 1)),
      logGapSum: atAsOf,
      gapRatios: gapRatios(pick(ratios, 3)),
      backtest: isFilled && learn !== undefined && test !== undefined ? { whole, learn, test } : undefined,
    };
  };
  const names = settings.segment === 'none' ? [] : [...cells.keys()];
  return {
    wholeBase: dataOf('all', allSegments),
    segments: names.map((name) =>
      dataOf(
        name,
        (read, columns) => read.get(name) ?? Array.from({ length: columns }, () => new Float64Array()),
      ),
    ),
  };
}

/** The distinct histories as of the last day of the run, by segment. */
export async function readCustomerCells(engine: Engine): Promise<Map<string, CustomerCells>> {
  const read = await readColumns(engine, presentSelect);
  return new Map([...read].map(([segment, columns]) => [segment, customerCells(columns)]));
}

async function readWindows(
  engine: Engine,
  planned: PlannedWindows,
  settings: HistorySettings,
): Promise<Record<keyof PlannedWindows, ColumnsBySegment>> {
  const read = async (name: keyof PlannedWindows) => {
    const table = `lifetime_${name}`;
    await engine.buildTemporary(table, backtestSelect(planned[name], settings));
    return readColumns(engine, groupedSelect(table, windowColumns));
  };
  return { whole: await read('whole'), learn: await read('learn'), test: await read('test') };
}

const presentSelect = groupedSelect('value.lifetime_histories', cellColumns);

/** Distinct rows of these columns by segment, with the number of customers last. */
function groupedSelect(table: string, columns: readonly string[]): string {
  const order = ['segment', ...columns].map((column) => `${column} nulls last`).join(', ');
  return `select segment, ${columns.join(', ')}, cast(count(*) as integer) as customers
    from ${table} group by segment, ${columns.join(', ')} order by ${order}`;
}

function customerCells(columns: Float64Array[]): CustomerCells {
  const [repeats, lastDays, ageDays, recentLong, recentShort, customers] = columns as [
    ...Array<Float64Array>,
  ] as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  return { repeats, lastDays, ageDays, recentLong, recentShort, customers };
}

function backtestCells(columns: Float64Array[]): BacktestCells {
  const [previous, later, customers] = columns.slice(cellColumns.length) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  return { ...customerCells([...columns.slice(0, cellColumns.length), customers]), previous, later };
}

/** Σ ln(gap in days) at each cut, from the number of gaps of each length. */
function logGapSums([gapDays = new Float64Array(), ...counts]: Float64Array[]): number[] {
  return counts.map((column) =>
    column.reduce((sum, count, row) => sum + count * Math.log(gapDays[row] || sameDayGap), 0),
  );
}

function gapRatios(columns: Float64Array[]): GapRatios {
  const [customers = 0, sum = 0, squares = 0] = columns.map((column) => column.reduce((a, b) => a + b, 0));
  return { customers, sum: sum / 1e6, sumOfSquares: squares / 1e12 };
}

function daysOf({ cut, end }: PlannedWindow): Pick<BacktestWindow, 'cutDate' | 'endDate' | 'horizonDays'> {
  return { cutDate: dateOf(cut), endDate: dateOf(end), horizonDays: end - cut };
}

function dateOf(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}
