import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Engine, Row } from '../../../connectors/engines/engine.ts';
import { customerValueHistory } from '../../../transforms/value/customer-value-history.ts';
import { type EntityRow, openState, runStages } from '../hand-made-company.ts';

function purchase(account: string, day: string, amount: number): EntityRow {
  return {
    source: 'shop',
    account_ref: account,
    purchase_ref: `${account} ${day}`,
    ordered_at: `${day} 10:00:00`,
    net_amount: amount,
  };
}

const june = [purchase('a', '2024-06-01', 100), purchase('b', '2024-05-01', 50)];
const july = [...june, purchase('b', '2024-07-20', 900), purchase('b', '2024-07-25', 900)];
const value = { tiers: { by: 'rank_share', 'A+': 0.4, A: 0.5, B: 0.9, C: 0.95 } };

let engine: Engine;

beforeAll(async () => {
  engine = await openState();
});

afterAll(() => engine.close());

async function history(): Promise<Row[]> {
  return engine.query('select * from value.customer_value_history order by customer_id, changed_on');
}

describe('the history of value', () => {
  it('keeps each day of change, a run of the same day again adds nothing, and moves between tiers can be asked', async () => {
    await runStages(engine, { purchases: june }, { asOf: '2024-06-30', value });
    const first = await history();
    expect(first).toHaveLength(2);

    await runStages(engine, { purchases: june }, { asOf: '2024-06-30', value });
    expect(await history()).toEqual(first);

    await runStages(engine, { purchases: july }, { asOf: '2024-07-31', value });
    const second = await history();
    expect(second.filter(({ changed_on: day }) => day === '2024-06-30')).toEqual(first);
    expect(second.filter(({ changed_on: day }) => day === '2024-07-31')).toHaveLength(2);

    const moves = await engine.query(
      `select account.account_ref, move.previous_tier, move.tier, move.since, move.until, move.direction
       from value.tier_moves as move
       inner join customers.customer_accounts as account on account.customer_id = move.customer_id
       order by account.account_ref, move.since`,
    );
    const [day, next] = ['2024-06-30', '2024-07-31'];
    expect(moves).toEqual([
      { account_ref: 'a', previous_tier: null, tier: 'A+', since: day, until: next, direction: 'first' },
      { account_ref: 'a', previous_tier: 'A+', tier: 'B', since: next, until: null, direction: 'down' },
      { account_ref: 'b', previous_tier: null, tier: 'B', since: day, until: next, direction: 'first' },
      { account_ref: 'b', previous_tier: 'B', tier: 'A+', since: next, until: null, direction: 'up' },
    ]);

    const matrix = await engine.query(
      `select earlier.tier as from_tier, later.tier as to_tier, count(*) as customers
       from value.tier_moves as earlier
       inner join value.tier_moves as later on later.customer_id = earlier.customer_id
       where earlier.since <= date '2024-07-01' and (earlier.until is null or earlier.until > date '2024-07-01')
         and later.since <= date '2024-08-01' and (later.until is null or later.until > date '2024-08-01')
       group by earlier.tier, later.tier order by from_tier`,
    );
    expect(matrix).toEqual([
      { from_tier: 'A+', to_tier: 'B', customers: '1' },
      { from_tier: 'B', to_tier: 'A+', customers: '1' },
    ]);
  });

  it('can be told to keep only what moves far enough', async () => {
    const before = (await history()).length;
    const far = { ...value, history: { score_points: 100, lifetime_value_share: 1 } };
    await runStages(engine, { purchases: july }, { asOf: '2024-08-01', value: far });
    expect(await history()).toHaveLength(before);
  });

  it('keeps by default what moves by a point of the score or a twentieth of the lifetime value', async () => {
    // Without tiers and groups that move, and with the last row of each written by hand.
    await runStages(engine, { purchases: july }, { asOf: '2024-08-01', value });
    const kept = async (scoreOff: number, valueShare: number) => {
      await engine.run("delete from value.customer_value_history where changed_on >= date '2024-08-01'");
      await engine.run(
        `insert into value.customer_value_history
         select standing.customer_id, date '2024-08-01', standing.score + cast(${scoreOff} as decimal(7, 4)), standing.tier,
           grouped.value_group, 0, cast(future.lifetime_value * ${valueShare} as decimal(18, 4))
         from value.standings as standing
         inner join value.groups as grouped on grouped.customer_id = standing.customer_id
         inner join value.future as future on future.customer_id = standing.customer_id`,
      );
      // Nobody's value of today depends on the date of the run that is compared here.
      await engine.run("update settings.run set as_of = date '2024-08-02'");
      await customerValueHistory.build(engine);
      return (await history()).filter(({ changed_on: day }) => day === '2024-08-02').length;
    };
    expect(await kept(0.99, 1)).toBe(0);
    expect(await kept(-1, 1)).toBe(2);
    expect(await kept(0, 0.96)).toBe(0);
    expect(await kept(0, 0.95)).toBe(2);
  });
});
