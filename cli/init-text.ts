export const sourceTypes = ['postgres', 'mysql', 'files'] as const;

export type SourceType = (typeof sourceTypes)[number];

export const engines = ['duckdb', 'postgres'] as const;

export type EngineKind = (typeof engines)[number];

export interface InitSource {
  name: string;
  type: SourceType;
  /** Folder of a source of files, relative to the config. */
  path: string;
}

export interface InitAnswers {
  currency: string;
  timezone: string;
  engine: EngineKind;
  sources: readonly InitSource[];
}

/** A config that loads as it stands once its variables are set, and says what each key is for. */
export function configText({ currency, timezone, engine, sources }: InitAnswers, fileName: string): string {
  return `# What Whalecurve consolidates, and how.
# Every key with its type and default: whalecurve config schema
# Secrets stand in the environment, or in .env beside this file, and are named here as \${NAME}.

warehouse:
${warehouseTexts[engine]}

reporting:
  currency: ${currency.padEnd(21)} # every amount is also given in this one
  timezone: ${timezone.padEnd(21)} # days and months are counted here
  as_of: today                    # the last day that takes part, e.g. 2026-01-31 for a look back
  # exchange_rates: { file: rates.csv }   # columns date,from,to,rate: needed for a second currency

# One entry for each system. Fill \`tables\` with what \`whalecurve discover NAME\` prints: for each table the
# entity that its rows are, and under \`map\` the SQL expression that gives each column of the entity.
sources:
${sources.map(sourceText).join('\n\n')}

# identity:
#   trust: [${sources.map(({ name }) => name).join(', ')}]   # whose word counts first when they disagree about a customer

# quarantine:
#   max_share: 0.05               # a table with a larger share of refused rows ends the run with exit code 3

# schedule:
#   cron: "0 2 * * *"             # every night at two, by \`whalecurve schedule -c ${fileName}\`
`;
}

const warehouseTexts: Record<EngineKind, string> = {
  duckdb: `  engine: duckdb                  # embedded, no server needed
  path: ./warehouse.duckdb        # the file that analysts read; replaced whole after each run
  # memory_limit: 2GB             # what the engine may use; the rest spills to disk
  # threads: 4                    # default: one per processor`,
  postgres: `  engine: postgres
  url: \${WAREHOUSE_URL}           # a database of its own, in UTF8; analysts read its schema warehouse
  # work_mem: 64MB                # what one sort may use; the rest spills to disk
  # statement_timeout: 3600       # seconds that one statement may take; default: no end`,
};

/** The variables that the config names, for `.env.example`; null when it names none. */
export function environmentText({ engine, sources }: InitAnswers): string | null {
  const lines = sources.flatMap(({ name, type }) =>
    type === 'files'
      ? []
      : [`${variableOf(name)}=${type}://reader:change-me@localhost:${ports[type]}/${name}`],
  );
  if (engine === 'postgres') {
    lines.push('# The warehouse: a login that owns its database.');
    lines.push('WAREHOUSE_URL=postgres://whalecurve:change-me@localhost:5432/warehouse');
  }
  if (lines.length === 0) return null;
  return `# Copy to .env and fill in; keep .env out of version control. The environment wins over this file.
# A login that may only read is enough. Write @ : / # % in a password as %40 %3A %2F %23 %25.
${lines.join('\n')}
`;
}

const ports = { postgres: 5432, mysql: 3306 };

function sourceText({ name, type, path }: InitSource): string {
  if (type === 'files') {
    return `  ${name}:
    type: files
    path: ${path.padEnd(25)} # the folder; each table below is a file, a folder or a glob in it
    tables: {}
    #   tickets.csv:
    #     entity: tickets
    #     key: ticket_id
    #     map: { ticket_ref: ticket_id, account_ref: customer_no, opened_at: opened }`;
  }
  const table = type === 'postgres' ? 'billing.payments' : 'payments';
  return `  ${name}:
    type: ${type}
    url: \${${variableOf(name)}}
    tables: {}
    #   ${table}:
    #     entity: payments
    #     key: payment_id
    #     map: { account_ref: customer_no, amount: money(amount_cents * 0.01), invoiced_at: invoice_date }`;
}

function variableOf(source: string): string {
  return `${source.toUpperCase()}_URL`;
}
