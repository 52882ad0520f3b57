import { describe, expect, it } from '@jest/globals';
import { metricsOf } from '../../../report/customer/metrics.ts';

describe('the metrics of a customer', () => {
  const row = {
    customer_id: 'c_1',
    net_revenue: '80.0000',
    cost_of_goods: '30.0000',
    net_contribution: '50.0000',
    lifetime_value: null,
    rank: '3',
    net_revenue_before: '20.0000',
    my_metric: 0.5,
  };
  const comments = {
    net_contribution: 'net_revenue - cost_of_goods',
    net_revenue_before: 'net_revenue of the year before',
    my_metric: 'What the user says,\n  by rank',
  };
  const metrics = new Map(metricsOf(row, comments).map((metric) => [metric.metric, metric]));

  it('are every column but the key, a column of the user too', () => {
    expect([...metrics.keys()]).toEqual(Object.keys(row).slice(1));
    expect(metrics.get('my_metric')).toEqual({
      metric: 'my_metric',
      group: 'behaviour',
      value: 0.5,
      formula: 'What the user says, by rank',
      inputs: {},
    });
  });

  it('name the inputs of their formula with the values', () => {
    expect(metrics.get('net_contribution')?.inputs).toEqual({
      net_revenue: '80.0000',
      cost_of_goods: '30.0000',
    });
    expect(metrics.get('net_revenue_before')?.inputs).toEqual({});
  });

  it('stand in groups: money up to net contribution and by period, future, standing, behaviour', () => {
    const groups = Object.fromEntries([...metrics].map(([name, { group }]) => [name, group]));
    expect(groups).toMatchObject({
      net_revenue: 'money',
      net_revenue_before: 'money',
      lifetime_value: 'future',
      rank: 'standing',
      my_metric: 'behaviour',
    });
  });
});
