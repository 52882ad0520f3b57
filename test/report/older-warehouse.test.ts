import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCommand } from '../cli/run-command.ts';
import { type ConfigFolder, makeConfigFolder } from '../config/config-folder.ts';

/** What a version without models of the future published, of a company that earns nothing: tables and columns are missing. */
let folder: ConfigFolder;
beforeAll(async () => {
  folder = await makeConfigFolder();
  await folder.write('whalecurve.yml', 'sources: { shop: { type: files, path: ., tables: {} } }\n');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`
    attach '${join(folder.path, 'warehouse.duckdb')}' as file;
    use file;
    create schema warehouse;
    create table warehouse.runs as
      select 'r_1' as run_id, 'nightly' as pipeline, 'done' as status, date '2026-01-31' as as_of,
        timestamp '2026-02-01 02:00:00' as started_at, timestamp '2026-02-01 02:00:07' as ended_at, 7.000 as seconds,
        1::bigint as accounts, 1::bigint as customers, null::decimal(38, 4) as money_in, null::decimal(38, 4) as money_out,
        null::varchar as error_code, null::varchar as error_message;
    create table warehouse.checks (run_id text, check_name text, subject text, severity text, is_ok boolean,
      failures bigint, expected text, found text);
    create table warehouse.run_tables (run_id text, source text, source_table text, entity text, bytes bigint,
      seconds decimal(12, 3), ${['extracted', 'loaded', 'filtered', 'quarantined', 'deleted', 'after_as_of']
        .map((fate) => `${fate}_rows bigint, ${fate}_money decimal(38, 4)`)
        .join(', ')});
    create table warehouse.quarantine (run_id text, source text, source_table text, rule text, column_name text);
    create table warehouse.customers as
      select 'c_1' as customer_id, null::varchar as kind, 'Eve' || chr(27) || '[2J' as full_name, null::varchar as given_name,
        null::varchar as family_name, null::varchar as company_name, null::varchar as email;
    create table warehouse.customer_ids as
      select 'c_1' as customer_id, 'c_1' as present_customer_id, date '2026-01-31' as since, 'new' as reason union all
      select 'c_0', 'c_1', date '2026-01-30', 'merge' union all
      select 'c_9', null, date '2026-01-29', 'gone';
    create table warehouse.customer_accounts as
      select 'c_1' as customer_id, 'shop' as source, 'A' as account_ref, 'only_account' as rule union all
      select 'c_2', 'crm', 'B', 'only_account';
    create table warehouse.account_cuts as
      select 'crm' as source, 'B' as account_ref, 'shop' as other_source, 'A' as other_account_ref,
        'cannot_link' as reason, true as is_direct, null::varchar as rule, 7.500::decimal(12, 3) as evidence;
    create table warehouse.tier_moves as
      select 'c_1' as customer_id, date '2026-01-31' as since, 'C' as tier, 'B' as previous_tier union all
      select 'c_1', date '2026-01-30', 'B', 'A' union all
      select 'c_2', date '2026-01-31', 'A', null;
    create table warehouse.customer_value as
      select 'c_1' as customer_id, 0.0000::decimal(18, 4) as net_revenue, 0.0000::decimal(18, 4) as gross_margin,
        5.0000::decimal(18, 4) as support_cost, 5.0000::decimal(18, 4) as cost_to_serve,
        0.0000::decimal(18, 4) as cost_of_credit, 0.0000::decimal(18, 4) as bad_debt,
        -5.0000::decimal(18, 4) as net_contribution, null::decimal(7, 4) as score, 1::bigint as rank,
        null::varchar as tier, 'destroyer' as value_band, 'fix' as value_group;
    create table warehouse.whale_curve as
      select 100 as percentile, 1::bigint as customers, 0.0000::decimal(18, 4) as revenue,
        -5.0000::decimal(18, 4) as cumulative_profit, null::decimal(18, 4) as cumulative_profit_share;
    create table warehouse.whale_summary as
      select -5.0000::decimal(18, 4) as net_contribution, 0.0000::decimal(18, 4) as peak_contribution,
        5.0000::decimal(18, 4) as erosion, 0::bigint as profitable_customers, 1::bigint as unprofitable_customers,
        null::decimal(18, 4) as peak_share, 0.0000::decimal(18, 4) as peak_customer_share,
        null::decimal(18, 4) as top_20_percent_share, null::double as gini;
  `);
  await connection.run('use memory; detach file');
  connection.closeSync();
  instance.closeSync();
});
afterAll(() => folder.remove());

const run = (...words: string[]) => runCommand(words, { cwd: folder.path });

describe('a warehouse that an older version published, of a company without profit', () => {
  it('gives a page of what is there, and says what is left out', async () => {
    const { exitCode, stdout } = await run('report', '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      sections: ['whale', 'tiers', 'costs', 'customers', 'identity', 'data'],
      leftOut: [
        'today and tomorrow',
        'who may buy next',
        'what if',
        'service by tier',
        'segments',
        'how well the future is known',
      ],
    });
  });

  it('shows who moved between tiers on the last day on which somebody did', async () => {
    const page = await readFile(join(folder.path, 'report.html'), 'utf8');
    const [, table] = page.split('<caption>Moves between tiers on 2026-01-31</caption>');
    expect(table?.match(/<tbody>[\s\S]*?<\/tbody>/)?.[0]).toBe(
      '<tbody>\n<tr><th scope="row">B</th><td>C</td><td class="number">1</td></tr>\n</tbody>',
    );
  });

  it('explains whom a customer was kept apart from, and lets a name give the terminal no orders', async () => {
    const { stdout } = await run('explain', 'shop:A');
    expect(stdout).toMatch(/crm:B +shop:A +cannot_link +· +7\.50\n/);
    expect(stdout).toContain('Eve\ufffd[2J');
    expect(stdout).not.toContain('\u001b');
  });

  it('explains a customer by the id that it had before a merge, without a score or a future', async () => {
    const { exitCode, stdout } = await run('explain', 'c_0');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('asked for c_0, which is this customer since 2026-01-30 (merge)');
    expect(stdout).toContain('score none of 100, rank 1 of 1');
    expect(stdout).toContain('this night has no estimate');
    expect(stdout).not.toMatch(/undefined|NaN|Infinity/);
  });

  it('says since when a customer is gone (WC-USAGE-003)', async () => {
    const { exitCode, stderr } = await run('explain', 'c_9');
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('customer c_9 is gone since 2026-01-29')]);
  });
});
