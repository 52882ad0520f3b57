import { brokenDeskTickets, deskTickets } from './desk-tickets.ts';
import { type SiloTable, siloTables } from './tables.ts';

/** A silo that is a database: its tables, parents first, with what a DBA would have added to the columns. */
export interface DatabaseSilo {
  tables: readonly SiloTable[];
  references: readonly Reference[];
  /** Further rows, as SQL text, that no rule of the company would have made. */
  oddRows?: readonly OddRows[];
}

export interface OddRows {
  table: SiloTable;
  rows: readonly (readonly (string | null)[])[];
}

/** `table.column` holds the key of `parent`. */
export interface Reference {
  table: SiloTable;
  column: string;
  parent: SiloTable;
}

export const finance: DatabaseSilo = {
  tables: [siloTables.billingCustomers, siloTables.billingPayments],
  references: [
    { table: siloTables.billingPayments, column: 'customer_no', parent: siloTables.billingCustomers },
  ],
};

export const sales: DatabaseSilo = {
  tables: [
    siloTables.shopCustomers,
    siloTables.shopOrders,
    siloTables.shopOrderLines,
    siloTables.shopReturns,
  ],
  references: [
    { table: siloTables.shopOrders, column: 'customer_id', parent: siloTables.shopCustomers },
    { table: siloTables.shopOrderLines, column: 'order_id', parent: siloTables.shopOrders },
  ],
};

/** The desk never checked what was typed: no references. */
export const service: DatabaseSilo = {
  tables: [siloTables.contacts, deskTickets],
  references: [],
  oddRows: [{ table: deskTickets, rows: brokenDeskTickets }],
};
