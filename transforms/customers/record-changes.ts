import { countRows, tableExists } from '../identity/temporary-table.ts';
import type { Step } from '../step.ts';
import { removeUnpublished } from '../unpublished-history.ts';

const table = { schema: 'customers', table: 'record_changes' };

/** What is followed: what a customer is, and not what follows from its purchases of each day. */
const attributes = {
  kind: 'person or company',
  full_name: 'Name in one piece',
  given_name: 'Given name',
  family_name: 'Family name',
  company_name: 'Company name',
  email: 'E-mail',
  phone: 'Phone',
  date_of_birth: 'Date of birth',
  street: 'Street and number',
  city: 'Town',
  region: 'State, county or region',
  postcode: 'Postcode',
  country: 'Country',
  tax_id: 'Tax id',
  parent_customer_id: 'The group that the customer belongs to',
  industry: 'Segment: industry',
  channel: 'Segment: sales channel',
  acquisition_source: 'Segment: what brought the customer',
  sales_rep: 'Segment: sales representative',
  territory: 'Segment: territory',
  consent: 'False if any account refuses, else true if any agrees, else null',
  sources: 'Sources that know the customer, by name, separated by commas',
};

/**
 * The golden record of each customer on each day on which it changed; a customer that has gone, such as into another,
 * gets a last row. Rows stay: a run adds those of its day, in the place of those that an earlier run of it had found.
 */
export const recordChanges: Step = {
  table,
  needs: ['customers.customers', 'settings.run'],
  header: {
    comment: 'The golden record of each customer on each as-of date on which it is another than on the last',
    grain: 'one customer on one day of change',
    key: ['customer_id', 'changed_on'],
    tests: [{ not_null: ['is_gone'], severity: 'error' }],
    columns: {
      customer_id: 'The customer, by the id it had then; customer_ids leads to the present one',
      changed_on: 'As-of date of the run that found it so',
      is_gone: 'True where there is no such customer from this day on; the other columns are then null',
      ...attributes,
    },
  },
  build: async (engine) => {
    const name = `${table.schema}.${table.table}`;
    if (!(await tableExists(engine, table.schema, table.table))) {
      await engine.buildTable(table, `select * from (${todaySelect}) as today where 1 = 0`);
    }
    await removeUnpublished(engine, name);
    await engine.run(`insert into ${name} (${columns}) ${changesSelect}`);
    return countRows(engine, name);
  },
};

const names = Object.keys(attributes);
const columns = ['customer_id', 'changed_on', 'is_gone', ...names].join(', ');

const todaySelect = `select customer.customer_id, run.as_of as changed_on, 1 = 0 as is_gone,
    ${names.map((name) => `customer.${name}`).join(', ')}
  from customers.customers as customer
  cross join settings.run as run`;

const changesSelect = `with today as (${todaySelect}),
  dated as (
    select history.*,
      row_number() over (partition by history.customer_id order by history.changed_on desc nulls last) as place
    from ${table.schema}.${table.table} as history
    cross join settings.run as run
    where history.changed_on < run.as_of
  )
  select ${['customer_id', 'changed_on', 'is_gone', ...names].map((name) => `today.${name}`).join(', ')}
  from today
  left join dated as last on last.customer_id = today.customer_id and last.place = 1
  where last.customer_id is null or last.is_gone
    or ${names.map((name) => `today.${name} is distinct from last.${name}`).join(' or ')}
  union all
  select last.customer_id, run.as_of, 1 = 1, ${names.map(() => 'null').join(', ')}
  from dated as last
  cross join settings.run as run
  where last.place = 1 and not last.is_gone
    and not exists (select 1 from customers.customers as customer where customer.customer_id = last.customer_id)`;
