import { describe, expect, it } from '@jest/globals';
import type { EntityName } from '../../../config/entities.ts';
import type { Column } from '../../../connectors/sources/source.ts';
import type { ColumnType } from '../../../transforms/conform/mapping.ts';
import { moneyColumns, resolveMapping } from '../../../transforms/conform/resolve-mapping.ts';
import { columnsOf, tableConfig } from './conformed.ts';

interface Given {
  columns: readonly (string | Column)[];
  config: Record<string, unknown>;
  entity?: EntityName;
  types?: Record<string, ColumnType>;
  placeOf?: (entry: string) => string | undefined;
}

function resolve({ columns, config, entity = 'purchases', types = {}, placeOf }: Given) {
  return resolveMapping({
    sourceName: 'shop',
    sourceType: 'files',
    tableName: 'orders.csv',
    table: tableConfig({ entity, ...config }),
    columns: columnsOf(columns),
    entityName: entity,
    columnTypes: types,
    placeOf,
  });
}

const retail = ['InvoiceNo', 'StockCode', 'Quantity', 'InvoiceDate', 'UnitPrice', 'CustomerID'];
const map = {
  purchase_ref: 'InvoiceNo',
  account_ref: 'CustomerID',
  ordered_at: 'InvoiceDate',
  net_amount: 'Quantity * UnitPrice',
};

/** The SQL of one entity column, or the raw column that it is. */
function sqlOf(given: Given, name: string): string | undefined {
  const expression = resolve(given).columns.find((column) => column.name === name)?.expression;
  return expression?.kind === 'compound' ? expression.sql : expression?.column;
}

const amount = (expression: string, types: Record<string, ColumnType> = {}) =>
  sqlOf({ columns: retail, config: { map: { ...map, net_amount: expression } }, types }, 'net_amount');

describe('what a mapping takes each column from', () => {
  it('is the map, else the raw column of the same name, else nothing', () => {
    const { columns } = resolve({ columns: [...retail, 'Product_Ref', 'CURRENCY'], config: { map } });
    const matched = Object.fromEntries(
      columns.map(({ name, matched: how, expression }) => [name, [how, expression?.text ?? null]]),
    );
    expect(matched).toMatchObject({
      purchase_ref: ['map', 'InvoiceNo'],
      product_ref: ['name', 'Product_Ref'],
      currency: ['name', 'CURRENCY'],
      category: ['missing', null],
      quantity: ['name', 'Quantity'],
    });
  });

  it('leaves out a column of the same name whose type cannot be cast', () => {
    const { columns } = resolve({
      columns: [...retail, { name: 'cost_amount', type: 'date', sourceType: 'date' }],
      config: { map },
    });
    expect(columns.find(({ name }) => name === 'cost_amount')?.matched).toBe('missing');
  });

  it('takes a column whose name is no SQL name, written as it is', () => {
    const given = {
      columns: ['Order', 'Invoice No', 'when', 'Customer'],
      config: {
        map: { purchase_ref: 'Order', account_ref: 'Customer', ordered_at: 'when', net_amount: 'Invoice No' },
      },
    };
    expect(sqlOf(given, 'purchase_ref')).toBe('Order');
    expect(sqlOf(given, 'net_amount')).toBe('Invoice No');
  });

  it('says which raw columns the money comes from', () => {
    const mapping = resolve({
      columns: [...retail, 'Cost'],
      config: { map: { ...map, cost_amount: 'Cost' } },
    });
    expect(moneyColumns(mapping)).toEqual(['Quantity', 'UnitPrice', 'Cost']);
  });

  it('takes the key by name, and an account by its account_ref where there is no key', () => {
    expect(resolve({ columns: retail, config: { map, key: ['invoiceno', '_row'] } }).key).toEqual([
      'InvoiceNo',
      '_row',
    ]);
    const accounts = resolve({
      columns: ['id', 'email'],
      config: { map: { account_ref: 'id' } },
      entity: 'accounts',
    });
    expect(accounts.key).toEqual(['id']);
  });
});

describe('column names in an expression', () => {
  it('are found without regard to case and quoted as they are spelled', () => {
    expect(amount('quantity * UNITPRICE')).toBe('"Quantity" * "UnitPrice"');
  });

  it('are never looked for in text, comments or keywords', () => {
    const types = { Quantity: 'integer' } as const;
    expect(amount("case when StockCode = 'Quantity' then Quantity else 0 end /* Quantity */", types)).toBe(
      `case when "StockCode" = 'Quantity' then try_integer("Quantity") else 0 end /* Quantity */`,
    );
  });

  it('may hold letters of any language', () => {
    const given = {
      columns: [...retail, 'Größe', '数量'],
      config: { map: { ...map, net_amount: `größe + "数量" + case when StockCode = 'ß' then 1 else 2 end` } },
    };
    expect(sqlOf(given, 'net_amount')).toBe(
      `"Größe" + "数量" + case when "StockCode" = 'ß' then 1 else 2 end`,
    );
  });

  it('that differ in case only are ambiguous unless spelled exactly', () => {
    const columns = [...retail, 'quantity', 'QUANTITY'];
    const config = { map: { ...map, net_amount: 'Quantity * 1' } };
    expect(sqlOf({ columns, config }, 'net_amount')).toBe('"Quantity" * 1');
    const ambiguous = { columns, config: { map: { ...map, net_amount: 'quANTity * 1' } } };
    expect(() => resolve(ambiguous)).toThrow(
      expect.objectContaining({
        code: 'WC-MAP-002',
        message: expect.stringContaining('"Quantity" and "quantity" and "QUANTITY"'),
      }),
    );
  });

  it('that the table does not have are refused with the nearest that it has', () => {
    expect(() => amount('Quantty * UnitPrice')).toThrow(
      expect.objectContaining({
        code: 'WC-MAP-002',
        message: 'shop.orders.csv has no column Quantty',
        hint: 'did you mean `Quantity`?',
      }),
    );
  });

  it('stand alone, without a table', () => {
    expect(() => amount('orders.Quantity')).toThrow(expect.objectContaining({ code: 'WC-MAP-002' }));
  });
});

describe('text columns of a file', () => {
  const types = {
    Quantity: 'integer',
    UnitPrice: 'decimal(18,4)',
    InvoiceDate: 'timestamp',
    CustomerID: 'integer',
  } as const;

  it('enter arithmetic as their type', () => {
    expect(amount('Quantity * UnitPrice', types)).toBe(
      'try_integer("Quantity") * cast(try_money("UnitPrice") as decimal(20, 4))',
    );
  });

  it('stay text where text is meant', () => {
    const config = {
      map: {
        ...map,
        account_ref: "coalesce(CustomerID, 'none')",
        purchase_ref: "InvoiceNo || '-' || CustomerID",
      },
    };
    expect(sqlOf({ columns: retail, config, types }, 'account_ref')).toBe(`coalesce("CustomerID", 'none')`);
    expect(sqlOf({ columns: retail, config, types }, 'purchase_ref')).toBe(
      `"InvoiceNo" || '-' || "CustomerID"`,
    );
  });

  it('are compared as text with text, and as moments with moments', () => {
    const where =
      "CustomerID <> '0' and InvoiceDate >= '2011-01-01' and Quantity > 0 and UnitPrice is not null";
    const mapping = resolve({ columns: retail, config: { map, where }, types });
    expect(mapping.where).toMatchObject({
      sql: `"CustomerID" <> '0' and try_timestamp("InvoiceDate", 'UTC') >= '2011-01-01' and try_integer("Quantity") > 0 and "UnitPrice" is not null`,
    });
  });

  it('are read in the zone of the table', () => {
    const config = {
      map: { ...map, ordered_at: 'coalesce(InvoiceDate, InvoiceDate)' },
      timezone: 'Europe/Paris',
    };
    expect(sqlOf({ columns: retail, config, types }, 'ordered_at')).toContain(
      `try_timestamp("InvoiceDate", 'Europe/Paris')`,
    );
  });

  it('whose type must be known are named', () => {
    const { typedColumns } = resolve({ columns: retail, config: { map, where: 'CustomerID is not null' } });
    expect(typedColumns.map(({ name }) => name)).toEqual(['Quantity', 'UnitPrice']);
  });
});

describe('an expression that cannot be', () => {
  it.each([
    ['Quantity * ', 'syntax error'],
    ['Quantity * ) 2', 'syntax error'],
    ['Quantity) * (UnitPrice', 'syntax error'],
    ['Quantity; drop table x', 'syntax error'],
    ['1); drop table x; select (1', 'several statements'],
    ['1) from secrets where (true', 'reads no tables'],
    ['1), (2', 'one value'],
    ['(select max(x) from y)', 'subquery'],
    ['exists (select 1)', 'subquery'],
    ['random() * Quantity', 'differs from call to call'],
    ['now()', 'differs from call to call'],
    ['current_date', 'repeatable'],
    ['sum(Quantity)', 'several rows'],
    ['row_number() over ()', 'several rows'],
    ['read_text(StockCode)', 'not among the functions'],
    ['pg_read_file(StockCode)', 'not among the functions'],
    ['getenv(StockCode)', 'not among the functions'],
    ['UnitPrice / 2', 'different results'],
    ['UnitPrice ** 2', 'not the same on both engines'],
    ["StockCode ~ 'x'", 'not the same on both engines'],
    ['cast(UnitPrice as numeric)', 'numeric without precision'],
    ['cast(UnitPrice as json)', 'not possible'],
    ['$1', 'columns, constants and functions'],
    ['array[Quantity]', 'columns, constants and functions'],
    ['', 'syntax error'],
  ])('%j is refused: %s', (expression, reason) => {
    expect(() => amount(expression)).toThrow(
      expect.objectContaining({ code: 'WC-MAP-001', message: expect.stringContaining(reason) }),
    );
  });

  it('is refused with the place in it and in the config', () => {
    const given = {
      columns: retail,
      config: { map: { ...map, net_amount: 'Quantity  * UnitPrice)' } },
      placeOf: (entry: string) => (entry === 'map.net_amount' ? 'whalecurve.yml:12:40' : undefined),
    };
    expect(() => resolve(given)).toThrow(
      expect.objectContaining({
        code: 'WC-MAP-001',
        message: 'syntax error at or near ")", at character 22 of `Quantity  * UnitPrice)`',
        where: 'whalecurve.yml:12:40',
      }),
    );
  });

  it('is told when a required column is missing, with the columns that there are', () => {
    expect(() => resolve({ columns: ['a', 'b'], config: { map: { purchase_ref: 'a' } } })).toThrow(
      expect.objectContaining({
        code: 'WC-MAP-003',
        message: 'shop.orders.csv as purchases has nothing for account_ref, ordered_at, net_amount',
        hint: expect.stringContaining('the table has the columns a, b'),
      }),
    );
  });
});
