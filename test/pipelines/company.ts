import { createMariadbDatabase } from '../servers/mariadb.ts';
import { createPostgresDatabase, type TestDatabase } from '../servers/postgres.ts';

/** A small company in three silos: finance in PostgreSQL, sales in MariaDB, service in files. */
export interface Company {
  finance: TestDatabase;
  sales: TestDatabase;
  environment: Record<string, string>;
  drop(): Promise<void>;
}

export async function foundCompany(servers: { finance?: string; sales?: string } = {}): Promise<Company> {
  const [finance, sales] = await Promise.all([
    createPostgresDatabase(servers.finance),
    createMariadbDatabase(servers.sales),
  ]);
  await finance.run(`
    create schema billing;
    create table billing.customers (
      customer_no int primary key, display_name text, billing_email text, vat_id text, updated_at timestamptz);
    insert into billing.customers values
      (1, 'Ada Byron', 'ada@example.org', null, '2026-01-05 10:00+00'),
      (2, 'Grace Hopper', 'grace@example.org', null, '2026-01-06 10:00+00'),
      (3, 'Kurt "K" Gödel', null, null, '2026-01-07 10:00+00'),
      (4, 'Acme, Ltd', 'office@acme.example', 'GB123456789', '2026-01-08 10:00+00');
    create table billing.payments (
      payment_id bigint primary key, customer_no int, amount_cents int, invoice_date date, due_date date, paid_on date);
    insert into billing.payments values
      (100, 1, 1999, '2026-02-01', '2026-03-01', '2026-02-20'),
      (101, 2, 50000, '2026-02-02', '2026-03-02', null),
      (102, 4, 12345, '2026-04-01', '2026-05-01', '2026-06-01'),
      (103, 3, 700, '2026-10-01', '2026-11-01', null)`);
  await sales.run(`
    create table clients (id varchar(10) primary key, name varchar(100), mail varchar(100), tax varchar(20));
    insert into clients values
      ('A-1', 'Ada Byron', 'ADA@example.org', null),
      ('B-2', 'Alan Turing', 'alan@example.org', null),
      ('C-3', 'ACME Ltd', 'info@acme.example', 'GB 123 456 789');
    create table order_lines (
      order_no int, line int, client_id varchar(10), at_time datetime, sku varchar(20), pieces decimal(10,2),
      amount decimal(12,4), currency char(3), primary key (order_no, line));
    insert into order_lines values
      (1, 1, 'A-1', '2026-02-01 12:00:00', 'X', 2, 20.0000, 'USD'),
      (1, 2, 'A-1', '2026-02-01 12:00:00', 'Y', 1, 0.1250, 'USD'),
      (2, 1, 'B-2', '2026-03-01 23:59:59', 'X', 1, 10.0000, 'EUR'),
      (3, 1, 'C-3', '2026-06-30 08:00:00', 'Z', 10, 1000.5000, 'EUR'),
      (4, 1, 'Z-9', '2026-07-01 08:00:00', 'Z', 1, 5.0000, 'USD'),
      (5, 1, 'A-1', '2026-09-01 08:00:00', 'X', 1, 99.0000, 'XXX')`);
  return {
    finance,
    sales,
    environment: { FINANCE_URL: finance.url, SALES_URL: sales.url },
    drop: async () => {
      await Promise.all([finance.drop(), sales.drop()]);
    },
  };
}

export const companyFiles = {
  'rates.csv': 'date,from,to,rate\n2026-01-01,EUR,USD,1.10000000\n2026-06-01,EUR,USD,1.20000000\n',
  'exports/tickets.csv':
    '\uFEFFticket;client;opened;minutes;channel\n' +
    'T1;1;2026-03-01 09:00:00;12,5;phone\n' +
    'T2;1;2026-03-02 09:00:00;3;"email"\n' +
    'T3;2;2026-08-02 09:00:00;1;carrier pigeon\n',
};

/** `runner` and further keys are appended by the test that needs them. */
export const companyYaml = `
warehouse: { engine: duckdb, path: ./warehouse.duckdb }
reporting: { currency: USD, timezone: UTC, as_of: 2026-09-30, exchange_rates: { file: rates.csv } }
sources:
  finance:
    type: postgres
    url: \${FINANCE_URL}
    tables:
      billing.customers: { entity: accounts, key: customer_no, cursor: updated_at,
                           map: { account_ref: customer_no, full_name: display_name, email: billing_email, tax_id: vat_id } }
      billing.payments:  { entity: payments, key: payment_id,
                           map: { payment_ref: payment_id, account_ref: customer_no, amount: money(amount_cents * 0.01),
                                  invoiced_at: invoice_date, due_at: due_date, paid_at: paid_on } }
  sales:
    type: mysql
    url: \${SALES_URL}
    tables:
      clients:     { entity: accounts, map: { account_ref: id, full_name: name, email: mail, tax_id: tax } }
      order_lines: { entity: purchases,
                     map: { purchase_ref: order_no, account_ref: client_id, ordered_at: at_time, product_ref: sku,
                            quantity: pieces, net_amount: amount } }
  service:
    type: files
    path: exports
    tables:
      tickets.csv: { entity: tickets, key: ticket, account_source: finance,
                     map: { ticket_ref: ticket, account_ref: client, opened_at: opened, handling_minutes: minutes } }
`;
