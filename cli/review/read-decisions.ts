import { WhalecurveError } from '../../config/error.ts';
import { inOrder, keyText } from '../../transforms/identity/review/stored-decisions.ts';
import type { HandedIn } from '../../transforms/identity/review/take-decisions.ts';
import type { CommandIo } from '../command-io.ts';
import { type GivenLine, readGivenCsv } from '../given-csv.ts';
import { accountIn, namesAccount } from '../identity/account-key.ts';

const words: Readonly<Record<string, HandedIn['decision']>> = {
  same: 'must_link',
  must_link: 'must_link',
  different: 'cannot_link',
  cannot_link: 'cannot_link',
  undecided: 'undecided',
};

/**
 * Reads the decisions of a file: the columns account, other_account and decision (same, different, undecided, or blank for a
 * line that says nothing), and, where they are there, decided_by, decided_at and note.
 *
 * @throws WC-FILE-001 if it cannot be read, WC-FILE-002 for a line that is no decision
 */
export async function readDecisions(
  io: CommandIo,
  file: string,
  decidedBy: string | undefined,
): Promise<HandedIn[]> {
  const { columns, lines } = await readGivenCsv(io, file);
  const isReview =
    namesAccount(columns, '') && namesAccount(columns, 'other_') && columns.includes('decision');
  if (!isReview) {
    throw new WhalecurveError('WC-FILE-002', `the columns ${columns.join(', ')} are no decisions`, {
      where: `${file}:1`,
      hint: 'the first line has account, other_account and decision, as `whalecurve review --out` writes it',
    });
  }
  return lines.flatMap((given) => decisionIn(given, `${file}:${given.line}`, { io, decidedBy }));
}

function decisionIn(
  { cells }: GivenLine,
  where: string,
  { io, decidedBy }: { io: CommandIo; decidedBy: string | undefined },
): HandedIn[] {
  const word = (cells.decision ?? '').trim().toLowerCase();
  if (word === '') return [];
  const decision = words[word];
  if (decision === undefined) {
    throw new WhalecurveError('WC-FILE-002', `\`${word}\` is no decision`, {
      where,
      hint: 'write same, different, undecided, or nothing',
    });
  }
  const [account, other] = inOrder(accountIn(cells, '', where), accountIn(cells, 'other_', where));
  if (keyText(account) === keyText(other)) {
    throw new WhalecurveError('WC-FILE-002', `${keyText(account)} is paired with itself`, { where });
  }
  const who = cells.decided_by?.trim() || decidedBy || io.environment.USER;
  if (!who) {
    throw new WhalecurveError('WC-USAGE-001', 'nobody is named as the one who decided', {
      where,
      hint: 'give a name by `--by NAME`, or in the column decided_by',
    });
  }
  return [
    {
      ...{ account, other, decision, where },
      decidedBy: who,
      decidedAt: timeIn(cells.decided_at?.trim(), where) ?? io.now().toISOString(),
      note: cells.note?.trim() || null,
    },
  ];
}

/** ISO 8601, in UTC where it says nothing else: a spreadsheet's own form of a date may be day or month first. */
function timeIn(text: string | undefined, where: string): string | undefined {
  if (!text) return undefined;
  const isTime = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/.test(text);
  const hasZone = /(Z|[+-]\d{2}:\d{2})$/.test(text.slice(10)) || text.length === 10;
  const time = new Date(hasZone ? text : `${text}Z`);
  if (isTime && !Number.isNaN(time.getTime())) return time.toISOString();
  throw new WhalecurveError('WC-FILE-002', `decided_at \`${text}\` is no time`, {
    where,
    hint: 'write it as 2026-01-31 or 2026-01-31T12:00:00Z, or leave it empty for now',
  });
}
