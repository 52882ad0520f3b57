import { openDuckdb } from '../connectors/engines/duckdb/duckdb-engine.ts';
import { nightOf, runNight } from '../test/transforms/value/lifetime/night.ts';
import { type PublicLog, readPublicLog } from '../test/transforms/value/lifetime/public-logs.ts';
import {
  customersAt,
  dayOf,
  lifetimeDataAt,
  type PurchaseLog,
  presentCells,
  selectCustomers,
  spendAt,
} from '../test/transforms/value/lifetime/purchase-log.ts';
import { cdnowProcess, simulateLog } from '../test/transforms/value/lifetime/simulate-log.ts';
import { uniformFloat64 } from '../test/transforms/value/lifetime/uniform.ts';
import { readPrelude } from '../transforms/prelude/read-prelude.ts';
import { measurePredictions } from '../transforms/value/lifetime/backtest/measures.ts';
import { fitModel, prepareFit } from '../transforms/value/lifetime/fit/fit-model.ts';
import { fitLifetime } from '../transforms/value/lifetime/fit-lifetime.ts';
import { predictCells } from '../transforms/value/lifetime/forecast/predict-cells.ts';
import { bgNbd } from '../transforms/value/lifetime/models/bg-nbd.ts';
import { mbgNbd } from '../transforms/value/lifetime/models/mbg-nbd.ts';
import { paretoNbd } from '../transforms/value/lifetime/models/pareto-nbd.ts';
import { defaultLifetimeSettings } from '../transforms/value/lifetime/settings.ts';
import { fitSpend } from '../transforms/value/lifetime/spend/fit-spend.ts';

/**
 * Future value: accuracy on public hold-outs beside the plain models, refits, spend, and speed. Prints the tables of
 * results-value.md. Usage: node dist/bench/value.js [accuracy|refits|spend|speed|tables [customers, default
 * 100,000]], all but the last by default.
 */
const part = process.argv[2];

const holdouts = [
  ['cdnowSample', '1997-09-30', 273],
  ['cdnowMaster', '1997-09-30', 273],
  ['onlineRetail', '2011-06-30', 162],
] as const;

if (part === undefined || part === 'accuracy') await accuracy();
if (part === undefined || part === 'refits') await refits();
if (part === undefined || part === 'spend') await spend();
if (part === undefined || part === 'speed') speed();
if (part === 'tables') await tables(Number(process.argv[3] ?? 100_000));

async function accuracy(): Promise<void> {
  console.log(
    '| data | model | RMSE | bias of the total | 90 % of RMSE minus the default | 80 % interval covers | … of those who expect 5 |',
  );
  console.log('|---|---|---|---|---|---|---|');
  for (const [name, date, days] of holdouts) {
    const log = await readPublicLog(name);
    if (log === undefined) continue;
    const asOf = dayOf(date);
    const actual = customersAt(log, asOf, asOf + days);
    const data = lifetimeDataAt(log, asOf, days);
    const fit = fitLifetime(data);
    const [scores] = fit.score(actual, [days]).horizons;
    if (scores === undefined) continue;
    const errors = squaredErrors(actual.later, scores.expectedPurchases);
    const { rmse, bias } = measurePredictions(actual.later, scores.expectedPurchases, actual.customers);
    let [inside, many, manyInside] = [0, 0, 0];
    for (const [row, later] of actual.later.entries()) {
      const covers = later >= (scores.low[row] as number) && later <= (scores.high[row] as number) ? 1 : 0;
      inside += covers;
      if ((scores.expectedPurchases[row] as number) < 5) continue;
      many++;
      manyInside += covers;
    }
    const coverage = `${percent(inside / actual.later.length)} | ${percent(manyInside / many)} of ${many}`;
    console.log(
      `| ${name} | default: ${fit.chosen} | ${rmse.toFixed(4)} | ${percent(bias ?? 0)} | | ${coverage} |`,
    );
    for (const model of [bgNbd, mbgNbd, paretoNbd]) {
      const plain = fitModel(model, prepareFit(data.cells, data.logGapSum), { r: 0.5, alpha: 100 }, false);
      const [expected] = predictCells(model.judge(plain.parameters), actual, [days]).expected as [
        Float64Array,
      ];
      const measured = measurePredictions(actual.later, expected, actual.customers);
      const [low, high] = bootstrap(squaredErrors(actual.later, expected), errors);
      const band = `${low.toFixed(4)} … ${high.toFixed(4)}`;
      console.log(
        `| | plain ${model.title} | ${measured.rmse.toFixed(4)} | ${percent(measured.bias ?? 0)} | ${band} | | |`,
      );
    }
    const { total } = scores;
    console.log(
      `\n${name}: ${fit.reason}. Total ${total.expected.toFixed(0)} (${total.low?.toFixed(0)} … ${total.high?.toFixed(0)}), happened ${actual.later.reduce((a, b) => a + b, 0)}.\n`,
    );
  }
}

async function refits(): Promise<void> {
  for (const [name, first, step, count] of [
    ['cdnowSample', '1997-04-30', 28, 16],
    ['onlineRetail', '2011-01-31', 14, 23],
  ] as const) {
    const log = await readPublicLog(name);
    if (log === undefined) continue;
    const chosen: string[] = [];
    let healthy = 0;
    for (let index = 0; index < count; index++) {
      const { healthy: isHealthy, model } = answerOf(log, dayOf(first) + step * index);
      healthy += isHealthy ? 1 : 0;
      chosen.push(model);
    }
    console.log(`${name}: ${healthy} of ${count} refits healthy (${chosen.join(', ')})`);
    const random = uniformFloat64(31);
    for (const size of [30, 100, 300, 1_000]) {
      let answered = 0;
      for (let sample = 0; sample < 20; sample++) {
        const ids = new Set<number>();
        while (ids.size < size) ids.add(1 + Math.floor(random() * log.customers));
        answered += answerOf(
          selectCustomers(log, ids),
          dayOf(name === 'cdnowSample' ? '1997-09-30' : '2011-06-30'),
        ).healthy
          ? 1
          : 0;
      }
      console.log(`${name}: ${answered} of 20 samples of ${size} customers healthy`);
    }
  }
}

function answerOf(log: PurchaseLog, asOf: number): { healthy: boolean; model: string } {
  const fit = fitLifetime(lifetimeDataAt(log, asOf, 365));
  const scores = fit.score(presentCells(log, asOf), [365]);
  const columns = scores.horizons.flatMap((h) => [h.expectedPurchases, h.discountedPurchases, h.low, h.high]);
  const healthy = [scores.probabilityActive, ...columns].every((column) =>
    column.every((value) => Number.isFinite(value) && value >= 0),
  );
  return { healthy, model: fit.chosen };
}

async function spend(): Promise<void> {
  for (const [name, date, days] of holdouts) {
    const log = await readPublicLog(name as PublicLog);
    if (log === undefined) continue;
    const asOf = dayOf(date);
    const { cells, laterOrders, zeroOrders } = spendAt(log, asOf, asOf + days);
    const fit = fitSpend({ segment: 'all', cells, zeroOrders, backtest: undefined });
    const rows = Array.from(laterOrders.keys()).filter((row) => (laterOrders[row] as number) > 0);
    const later = Float64Array.from(rows, (row) => Math.round((cells.laterMeanValue[row] as number) * 100));
    const expected = Float64Array.from(rows, (row) =>
      fit.score(cells.orders[row] as number, cells.meanValue[row] as number),
    );
    const { rankCorrelation } = measurePredictions(later, expected, new Float64Array(rows.length).fill(1));
    console.log(
      `${name}: rank correlation of expected and later order value ${rankCorrelation?.toFixed(3)} (${rows.length} customers)`,
    );
  }
}

function speed(): void {
  console.log(
    '| customers | ages | cells | fit, back-test and choice, CPU s | score, three horizons, CPU s | both | Pareto/NBD alone |',
  );
  console.log('|---|---|---|---|---|---|---|');
  for (const [customers, firstDays, asOf] of [
    [100_000, 84, 272],
    [1_000_000, 84, 272],
    [1_000_000, 730, 730],
  ] as const) {
    const data = lifetimeDataAt(
      simulateLog({ ...cdnowProcess, firstDays, lastDay: asOf }, customers, 7),
      asOf,
      365,
    );
    const [fit, fitSeconds] = timed(() => fitLifetime(data));
    const [, scoreSeconds] = timed(() => fit.score(data.cells, [365, 1_096, 3_652]));
    const [, pareto] = timed(() => fitModel(paretoNbd, prepareFit(data.cells, 0), { r: 0.5, alpha: 100 }));
    console.log(
      `| ${customers} | ${firstDays} days | ${data.cells.customers.length} | ${fitSeconds.toFixed(2)} | ${scoreSeconds.toFixed(2)} | ${(fitSeconds + scoreSeconds).toFixed(2)} | ${pareto.toFixed(2)} |`,
    );
  }
  console.log(
    `cap of cells ${defaultLifetimeSettings.maximumCells}; peak resident memory with the simulation ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`,
  );
}

/** The steps of a night, SQL included, on DuckDB: simulated customers who came over two years. */
async function tables(customers: number): Promise<void> {
  const asOf = 730;
  const log = simulateLog({ ...cdnowProcess, firstDays: 700, lastDay: asOf }, customers, 7);
  const random = uniformFloat64(3);
  for (let row = 0; row < log.amount.length; row++)
    log.amount[row] = Math.round(2_000 + 8_000 * random()) / 100;
  const engine = await openDuckdb({
    databasePath: ':memory:',
    warehousePath: 'unused.duckdb',
    memoryLimit: '2GB',
    prelude: await readPrelude('duckdb'),
  });
  try {
    console.log('| step | rows | CPU s |\n|---|---|---|');
    await runNight(
      engine,
      nightOf(log, new Date(asOf * 86_400_000).toISOString().slice(0, 10)),
      {},
      async (step) => {
        const before = process.cpuUsage();
        const rows = await step.build(engine);
        const { user, system } = process.cpuUsage(before);
        console.log(`| ${step.table.table} | ${rows} | ${((user + system) / 1e6).toFixed(2)} |`);
      },
    );
    console.log(`peak resident memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`);
  } finally {
    await engine.close();
  }
}

function timed<Result>(work: () => Result): [Result, number] {
  const before = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(before);
  return [result, (user + system) / 1e6];
}

function squaredErrors(actual: Float64Array, expected: Float64Array): Float64Array {
  return actual.map((value, row) => (value - (expected[row] as number)) ** 2);
}

/** 90 % interval of the difference of two RMSE, by resampling customers (2,000 times, seeded). */
function bootstrap(left: Float64Array, right: Float64Array): [number, number] {
  const random = uniformFloat64(41);
  const size = left.length;
  const differences = new Float64Array(2_000);
  for (let round = 0; round < differences.length; round++) {
    let [leftSum, rightSum] = [0, 0];
    for (let draw = 0; draw < size; draw++) {
      const row = Math.floor(random() * size);
      leftSum += left[row] as number;
      rightSum += right[row] as number;
    }
    differences[round] = Math.sqrt(leftSum / size) - Math.sqrt(rightSum / size);
  }
  differences.sort();
  return [differences[100] as number, differences[1_900] as number];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
