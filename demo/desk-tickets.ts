import { moneyText } from './csv-line.ts';
import { brokenTickets } from './exports/service-exports.ts';
import { type Row, type SiloTable, siloTables } from './tables.ts';

const minute = 60_000;
const names = Object.keys(siloTables.tickets.columns);

/**
 * The tickets as the service desk keeps them in a database: local times without seconds, like its exports, and
 * two columns of text for what its people type in as they like.
 */
export const deskTickets: SiloTable = {
  ...siloTables.tickets,
  columns: { ...siloTables.tickets.columns, cost: 'text', satisfaction: 'text' },
};

/** A row of `siloTables.tickets` as a row of `deskTickets`. */
export function deskTicket(ticket: Row): Row {
  return names.map((name, position) => {
    const value = ticket[position] ?? null;
    if (typeof value !== 'number') return value;
    if (name === 'opened' || name === 'closed') return Math.floor(value / minute) * minute;
    if (name === 'cost') return moneyText(value);
    return name === 'satisfaction' ? String(value) : value;
  });
}

/**
 * The rows that must end in quarantine, as SQL text: MySQL keeps the thirty-first of February where
 * ALLOW_INVALID_DATES is set.
 */
export const brokenDeskTickets: readonly (readonly (string | null)[])[] = brokenTickets.map(({ row }) =>
  row.map((text, position) => {
    if (text === '') return null;
    const name = names[position] ?? '';
    if (name === 'opened' || name === 'closed') {
      return text.replace(/^(\d+)\.(\d+)\.(\d+) (.+)$/, '$3-$2-$1 $4:00');
    }
    return name === 'minutes' ? text.replace(',', '.') : text;
  }),
);
