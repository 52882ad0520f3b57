import { createHash } from 'node:crypto';
import type { IdentitySettings } from '../../../config/identity-settings.ts';
import type { Engine } from '../../../connectors/engines/engine.ts';
import type { Scratch } from '../../../connectors/engines/scratch.ts';
import type { MatchingSettings } from '../pairwise/settings.ts';
import { countRows, tableExists } from '../temporary-table.ts';
import { literalRows } from './literal-rows.ts';

const table = { schema: 'identity', table: 'matched_inputs' };
const outcomes = ['links', 'clusters', 'cuts', 'blocking', 'model', 'value_weights'];

/**
 * Stands for all that tonight's outcome hangs on but the model: settings, accounts, certain links and decisions, which
 * takeAccounts left in the scratch.
 *
 * @param version stands for the code and the settings that models are learned under
 */
export async function fingerprintOf(
  { connection }: Scratch,
  version: string,
  settings: MatchingSettings,
  limits: Pick<IdentitySettings, 'max_accounts_per_value' | 'max_names_per_value'>,
): Promise<string> {
  const sums = ['compared_accounts', 'rule_links', 'must_links', 'cannot_links'].map(
    (name) => `select '${name}', count(*), sum(hash(${name})::hugeint), bit_xor(hash(${name})) from ${name}`,
  );
  const reader = await connection.runAndReadAll(sums.join(' union all '));
  const rows = reader.getRows().map((row) => row.map(String));
  const { max_names_per_value: names, max_accounts_per_value: accounts } = limits;
  return createHash('sha256')
    .update(JSON.stringify([version, settings, names, accounts, rows.sort()]))
    .digest('hex');
}

/** Whether the tables of matching are what these inputs give, under the model that they were last judged by. */
export async function isMatched(engine: Engine, fingerprint: string): Promise<boolean> {
  if (!(await tableExists(engine, table.schema, table.table))) return false;
  const rows = await engine.query('select fingerprint from identity.matched_inputs');
  if (rows[0]?.fingerprint !== fingerprint) return false;
  for (const outcome of outcomes) if (!(await tableExists(engine, 'identity', outcome))) return false;
  return true;
}

/** Links of the night that gave the tables. */
export function countMatched(engine: Engine): Promise<number> {
  return countRows(engine, 'identity.links');
}

/** What gave the tables of matching; undefined where they must be made anew whatever comes, as after a new model. */
export async function keepFingerprint(engine: Engine, fingerprint: string | undefined): Promise<void> {
  const rows = fingerprint === undefined ? [] : [[fingerprint]];
  await engine.buildTable(table, literalRows({ fingerprint: 'text' }, rows));
}
