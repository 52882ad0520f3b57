import { expect } from '@jest/globals';
import type { Row } from '../../connectors/engines/engine.ts';
import { runPipeline } from '../../pipelines/run-pipeline.ts';
import type { Workplace } from '../pipelines/workplace.ts';

/** What a person reads of a failure. */
export interface Told {
  code: string;
  message: string;
  where?: string;
  hint?: string;
}

let minutes = 0;

/** Each a minute after the one before, so that the newest run is known by its id. */
export function nextNight(): Date {
  minutes += 1;
  return new Date(Date.UTC(2026, 10, 24, 2, minutes));
}

/** What analysts read, apart from the history that failed nights are written down in. */
export function publishedBy(place: Workplace): Promise<Record<string, Row[]>> {
  const except = ['runs', 'run_jobs', 'run_tables', 'quarantine', 'checks'].map(
    (name) => `warehouse.${name}`,
  );
  return place.tables('warehouse', { except });
}

/**
 * Runs a night with a fault: it must fail with this code and say what to do, leave the warehouse as it was, and stand in
 * the history. Gives what it told.
 */
export async function expectFailedNight(
  place: Workplace,
  code: string,
  options: { onBytes?: () => void } = {},
): Promise<Told> {
  const before = await publishedBy(place);
  const now = nextNight();
  const told: Told = await runPipeline(await place.config(), {
    now,
    onProgress: (event) => {
      if (event.kind === 'bytes') options.onBytes?.();
    },
  }).then(
    () => ({ code: 'no failure', message: '' }),
    (error: Told) => error,
  );
  expect(told).toMatchObject({ code, message: expect.stringMatching(/\w+ \w+/) });
  expect(Object.keys(before).length).toBeGreaterThan(5);
  expect(await publishedBy(place)).toEqual(before);
  const [run] = await place.query(
    'state',
    'select status, error_code from whalecurve.runs order by started_at desc limit 1',
  );
  expect(run).toEqual({ status: 'failed', error_code: code });
  return told;
}

export async function expectGoodNight(place: Workplace): Promise<void> {
  expect(await runPipeline(await place.config(), { now: nextNight() })).toMatchObject({ status: 'done' });
}

/** A config with a table of payments in a database; the line of the source is given by the test. */
export function paymentsYaml(source: string, table = ''): string {
  return `
warehouse: { engine: duckdb, path: warehouse.duckdb }
reporting: { as_of: 2026-06-30 }
sources:
  finance:
    ${source}
    tables:
      payments:
        entity: payments
        map: { payment_ref: id, account_ref: client, amount: amount }
        ${table}
run: { attempts: 1 }
`;
}
