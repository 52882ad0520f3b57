import { createHash } from 'node:crypto';
import type { Cell, Engine } from '../../../connectors/engines/engine.ts';
import type { Scratch } from '../../../connectors/engines/scratch.ts';
import type { ComparisonModel } from '../pairwise/model.ts';
import type { ValueBits } from '../pairwise/replace-value-bits.ts';
import type { Frozen, Resolution } from '../pairwise/resolve.ts';
import type { PairwiseSettings } from '../pairwise/settings.ts';
import { tableExists } from '../temporary-table.ts';
import { literalRows } from './literal-rows.ts';

export const modelTable = { schema: 'identity', table: 'model' };
export const valueWeightsTable = { schema: 'identity', table: 'value_weights' };
export const planTable = { schema: 'identity', table: 'blocking_plan' };

/** Raised where the code gives other weights for the same data: a kept model is then learned anew. */
const codeVersion = 2;

/** Stands for the settings that a model was learned under. */
export function hashOfSettings(settings: PairwiseSettings): string {
  return createHash('sha256')
    .update(JSON.stringify([codeVersion, settings]))
    .digest('hex')
    .slice(0, 16);
}

const modelColumns = {
  comparison: 'text',
  level: 'text',
  comparison_place: 'bigint',
  level_place: 'bigint',
  m: 'double precision',
  u: 'double precision',
  weight: 'double precision',
  relatives_weight: 'double precision',
  is_learned: 'boolean',
  pairs_above_cut: 'bigint',
  kind: 'text',
  match_share: 'double precision',
  relatives_share: 'double precision',
  cut: 'double precision',
  expected_precision: 'double precision',
  expected_recall: 'double precision',
  accounts: 'bigint',
  learned_by: 'text',
  learned_on: 'date',
  settings_hash: 'text',
  reason: 'text',
  why_learned: 'text',
};

/** What made a night learn: no model before it, other settings (or another product), a person, or enough accounts at last. */
export type WhyLearned = 'first' | 'settings' | 'asked' | 'accounts';

/** Keeps what was learned, for the nights to come. */
export async function keepModel(
  engine: Engine,
  scratch: Scratch,
  found: Resolution,
  { settingsHash, whyLearned }: { settingsHash: string; whyLearned: WhyLearned },
): Promise<void> {
  const [run] = await engine.query<{ run_id: string | null; as_of: string }>(
    'select run_id, as_of from settings.run',
  );
  const { model, learnedCut: cut } = found;
  const whole: Cell[] = [
    found.kind,
    model.lambda,
    model.relatives,
    cut.bits,
    finite(cut.precision),
    finite(cut.recall),
    found.accounts,
    run?.run_id ?? null,
    run?.as_of ?? null,
    settingsHash,
    model.notes.join('; ') || null,
    whyLearned,
  ];
  const rows = model.comparisons.flatMap((comparison, place) =>
    comparison.levels.map((level, index): Cell[] => [
      ...[comparison.name, level.name, place + 1, index + 1],
      ...[level.m, level.u, level.weight, level.relatives, comparison.isLearned, level.pairsAboveCut ?? null],
      ...whole,
    ]),
  );
  await engine.buildTable(modelTable, literalRows(modelColumns, rows));
  const plan = [...(found.plan ?? [])].map(([rule, largest]): Cell[] => [rule, largest]);
  await engine.buildTable(planTable, literalRows({ rule: 'text', largest_block: 'bigint' }, plan));
  await scratch.give(valueWeightsTable, valueWeights(found));
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function valueWeights({ agreement, kind }: Resolution): string {
  const attributes = [...agreement].map(([attribute, bits]) => {
    const table = `values_of_${attribute}`;
    const of = `select '${attribute}' as attribute`;
    // Under the assumed model no value counts as it was seen, and the next model replaces it.
    const values =
      kind === 'assumed'
        ? ''
        : `union all ${of}, ${valueHash('value')} as value_hash, bits::double as bits, null::double as agreement
           from "${table}" where accounts > 1`;
    return `${of}, '' as value_hash, ${kind === 'assumed' ? `max(${bits})` : 'log2(sum(accounts))'}::double as bits, ${bits}::double as agreement from "${table}" ${values}`;
  });
  if (attributes.length > 0) return attributes.join(' union all ');
  return "select '' as attribute, '' as value_hash, 0::double as bits, 0::double as agreement where false";
}

function valueHash(value: string): string {
  return `left(md5(${value}), 16)`;
}

type ModelRow = Record<'comparison' | 'level' | 'kind' | 'settings_hash', string> & {
  is_learned: boolean;
  pairs_above_cut: string | null;
  reason: string | null;
  accounts: string;
} & Record<
    | 'm'
    | 'u'
    | 'weight'
    | 'relatives_weight'
    | 'match_share'
    | 'relatives_share'
    | 'cut'
    | 'expected_precision'
    | 'expected_recall',
    number | null
  >;

/** The model of the last run, with where the rarity of values is read: a table frozen_values (attribute, value_hash, bits). */
interface KeptModel extends Frozen {
  settingsHash: string;
  /** Accounts that it was learned from, or that a fit was tried on. */
  accounts: number;
}

/** What was kept; undefined where there is nothing. */
async function readModel(engine: Engine): Promise<KeptModel | undefined> {
  if (!(await tableExists(engine, 'identity', 'model'))) return undefined;
  const rows = await engine.query<ModelRow>(
    'select * from identity.model order by comparison_place nulls last, level_place nulls last',
  );
  const [first] = rows;
  if (first === undefined) return undefined;
  const plan = await engine.query<{ rule: string; largest_block: string }>(
    'select rule, largest_block from identity.blocking_plan order by rule nulls last',
  );
  const wholes = await engine.query<{ attribute: string; bits: number; agreement: number }>(
    "select attribute, bits, agreement from identity.value_weights where value_hash = '' order by attribute nulls last",
  );
  const values = wholes.map(
    ({ attribute, bits }): ValueBits => ({
      attribute,
      table: `(select value_hash as value, bits from frozen_values where attribute = '${attribute}')`,
      key: valueHash(`account."${attribute}"`),
      unseen: bits,
    }),
  );
  return {
    kind: first.kind === 'learned' ? 'learned' : 'assumed',
    settingsHash: first.settings_hash,
    accounts: Number(first.accounts),
    model: {
      lambda: Number(first.match_share),
      relatives: Number(first.relatives_share),
      comparisons: comparisonsOf(rows),
      rounds: 0,
      notes: first.reason === null ? [] : [first.reason],
    },
    cut: {
      bits: Number(first.cut),
      precision: first.expected_precision ?? Number.NaN,
      recall: first.expected_recall ?? Number.NaN,
    },
    agreement: new Map(wholes.map(({ attribute, agreement }) => [attribute, agreement])),
    plan:
      plan.length === 0
        ? undefined
        : new Map(plan.map(({ rule, largest_block: largest }) => [rule, Number(largest)])),
    values,
  };
}

/** What the nights before left for tonight. */
export interface LastModel {
  /** The model by which tonight is judged, its table frozen_values in the scratch; undefined where there is none that holds. */
  frozen: Frozen | undefined;
  /** A fit on so many accounts came to nothing under the same settings, and why. */
  refused: { accounts: number; reason: string } | undefined;
  /** Why tonight learns, if it does. */
  whyLearned: WhyLearned;
}

/**
 * A model holds under the settings that it was learned under. What is assumed is weighed by the accounts of the night, and goes
 * once there is enough to learn from.
 */
export async function readLastModel(
  engine: Engine,
  scratch: Scratch,
  { settingsHash, fewestToLearn }: { settingsHash: string; fewestToLearn: number },
): Promise<LastModel> {
  const kept = await readModel(engine);
  if (kept === undefined) return { frozen: undefined, refused: undefined, whyLearned: 'first' };
  if (kept.settingsHash !== settingsHash) {
    return { frozen: undefined, refused: undefined, whyLearned: 'settings' };
  }
  if (kept.kind === 'learned') {
    await scratch.take(
      'frozen_values',
      "select attribute, value_hash, bits from identity.value_weights where value_hash <> ''",
    );
    return { frozen: kept, refused: undefined, whyLearned: 'first' };
  }
  const isRefused = kept.accounts >= fewestToLearn;
  const refused = isRefused ? { accounts: kept.accounts, reason: kept.model.notes.join('; ') } : undefined;
  return { frozen: undefined, refused, whyLearned: 'accounts' };
}

/** The model of readLastModel, where nothing else of it counts. */
export async function readKeptModel(
  engine: Engine,
  scratch: Scratch,
  settingsHash: string,
): Promise<Frozen | undefined> {
  return (await readLastModel(engine, scratch, { settingsHash, fewestToLearn: 0 })).frozen;
}

function comparisonsOf(rows: readonly ModelRow[]): ComparisonModel[] {
  const byName = new Map<string, ModelRow[]>();
  for (const row of rows) byName.set(row.comparison, [...(byName.get(row.comparison) ?? []), row]);
  return [...byName].map(([name, levels]) => ({
    name,
    isLearned: levels[0]?.is_learned === true,
    levels: levels.map((level) => ({
      name: level.level,
      m: Number(level.m),
      u: Number(level.u),
      weight: Number(level.weight),
      relatives: Number(level.relatives_weight),
      ...(level.pairs_above_cut === null ? {} : { pairsAboveCut: Number(level.pairs_above_cut) }),
    })),
  }));
}
