import type { Engine, Row } from '../../../connectors/engines/engine.ts';
import { tableExists } from '../temporary-table.ts';

/** The model by which the last run judged pairs, as a person wants to see it. Weights in bits. */
export interface ModelReport {
  kind: 'learned' | 'assumed';
  learnedBy: string | null;
  learnedOn: string | null;
  accounts: number;
  /** Share of all pairs of accounts that are one customer (λ), and that are two people of one household. */
  matchShare: number;
  relativesShare: number;
  /** Evidence in bits above which two accounts are one customer, as it was learned. */
  cut: number;
  /** What the model itself expects of the pairs above the cut; null where nothing was learned. */
  expectedPrecision: number | null;
  expectedRecall: number | null;
  /** What could not be learned, and why. */
  reason: string | null;
  /** Links of the last run. */
  links: number;
  levels: readonly LevelReport[];
}

export interface LevelReport {
  comparison: string;
  level: string;
  m: number;
  u: number;
  weight: number;
  relativesWeight: number;
  isLearned: boolean;
  /** Share of the level among the pairs above the cut that say something of it, when it was learned; null where nothing was. */
  shareAboveCut: number | null;
  /** Links of the last run at this level. */
  links: number;
}

/** Null before the first run. */
export async function readModel(engine: Engine): Promise<ModelReport | null> {
  if (!(await tableExists(engine, 'identity', 'model'))) return null;
  const rows = await engine.query(
    `select comparison, level, m, u, weight, relatives_weight, is_learned, pairs_above_cut, kind, match_share, relatives_share, cut,
       expected_precision, expected_recall, accounts, learned_by, learned_on, reason
     from identity.model order by comparison_place nulls last, level_place nulls last`,
  );
  const [first] = rows;
  if (first === undefined) return null;
  const patterns = await engine.query<{ levels: string; links: string }>(
    `select levels, count(*) as links from identity.links where decision <> 'review'
     group by levels order by levels nulls last`,
  );
  return {
    kind: first.kind === 'learned' ? 'learned' : 'assumed',
    learnedBy: textOf(first.learned_by),
    learnedOn: textOf(first.learned_on),
    accounts: Number(first.accounts),
    matchShare: Number(first.match_share),
    relativesShare: Number(first.relatives_share),
    cut: Number(first.cut),
    expectedPrecision: first.expected_precision === null ? null : Number(first.expected_precision),
    expectedRecall: first.expected_recall === null ? null : Number(first.expected_recall),
    reason: textOf(first.reason),
    links: patterns.reduce((sum, { links }) => sum + Number(links), 0),
    levels: rows.map((row) => levelOf(row, rows, patterns)),
  };
}

function levelOf(
  row: Row,
  rows: readonly Row[],
  patterns: readonly { levels: string; links: string }[],
): LevelReport {
  const [comparison, level] = [String(row.comparison), String(row.level)];
  const written = `, ${comparison}: ${level}, `;
  const links = patterns.filter(({ levels }) => `, ${levels}, `.includes(written));
  const above = rows
    .filter((other) => other.comparison === comparison)
    .reduce((sum, other) => sum + Number(other.pairs_above_cut ?? 0), 0);
  return {
    comparison,
    level,
    m: Number(row.m),
    u: Number(row.u),
    weight: Number(row.weight),
    relativesWeight: Number(row.relatives_weight),
    isLearned: row.is_learned === true,
    shareAboveCut: above === 0 ? null : Number(row.pairs_above_cut) / above,
    links: links.reduce((sum, pattern) => sum + Number(pattern.links), 0),
  };
}

function textOf(cell: Row[string] | undefined): string | null {
  return cell === null || cell === undefined ? null : String(cell);
}
