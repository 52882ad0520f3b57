import type { SourceConfig } from '../../../../config/schema.ts';
import type { LogChanges, LogGap, TableChanges } from '../../change-log.ts';
import type { SessionOptions } from '../../database-session.ts';
import { silenceLimits } from '../../silence.ts';
import type { LogTable } from '../../source.ts';
import { codeOf, messageOf, unreachableCodes } from '../../source-failure.ts';
import { TouchedKeys } from '../../touched-keys.ts';
import { connectionOptionsOf, type MysqlSession } from '../session.ts';
import { type BinlogPlace, isStillThere, placeOfSnapshot, placeText, readPlace } from './binlog-place.ts';
import { type Coverage, coverageOf } from './coverage.ts';
import { readBinlog } from './read-binlog.ts';
import { rightsGap, serverGap } from './server-gap.ts';

export type MysqlCdc = NonNullable<Extract<SourceConfig, { type: 'mysql' }>['cdc']>;

interface Looked extends LogTable {
  coverage: Coverage;
  touched: TouchedKeys;
}

/** What changed in the tables since they were loaded, as the binary log tells it up to the snapshot of the session. */
export async function changesOfBinlog(
  session: MysqlSession,
  cdc: MysqlCdc,
  tables: readonly LogTable[],
  options: SessionOptions,
): Promise<LogChanges> {
  const unusable = await serverGap(session);
  if (unusable !== null) {
    const whole = { kind: 'whole' as const, place: null, gap: unusable };
    return {
      tables: Object.fromEntries(tables.map(({ request }) => [request.name, whole])),
      notices: [],
      retained: null,
    };
  }
  const until = await placeOfSnapshot(session);
  const looked: Looked[] = [];
  for (const table of tables) {
    const coverage = await coverageOf(session, table.request);
    looked.push({ ...table, coverage, touched: new TouchedKeys(cdc.whole_above) });
  }
  for (const [position, some] of byPosition(looked))
    await readFrom(position, some, until, session, cdc, options);
  const changes = looked.map(({ request, known, coverage, touched }): [string, TableChanges] => {
    const place = coverage.gap === null ? { position: placeText(until), coverage: coverage.mark } : null;
    const gap = coverage.gap ?? touched.gap;
    return known === null || gap !== null
      ? [request.name, { kind: 'whole', place, gap }]
      : [request.name, { kind: 'keys', place, keys: touched.keys }];
  });
  return { tables: Object.fromEntries(changes), notices: [], retained: null };
}

/** Those that the log is to be read for. Nearly always all stand at one place. */
function byPosition(looked: readonly Looked[]): Map<string, Looked[]> {
  const positions = new Map<string, Looked[]>();
  for (const table of looked) {
    const { known, coverage, touched } = table;
    if (known === null || coverage.gap !== null) continue;
    if (known.coverage !== coverage.mark) {
      touched.fail({ code: 'WC-CDC-004', message: 'the table or its key is another one than before' });
      continue;
    }
    positions.set(known.position, [...(positions.get(known.position) ?? []), table]);
  }
  return positions;
}

async function readFrom(
  position: string,
  tables: readonly Looked[],
  until: BinlogPlace,
  session: MysqlSession,
  cdc: MysqlCdc,
  options: SessionOptions,
): Promise<void> {
  const fail = (gap: LogGap) => {
    for (const { touched } of tables) touched.fail(gap);
  };
  const from = readPlace(position);
  if (!(await isStillThere(session, from))) {
    fail({ code: 'WC-CDC-004', message: `the binary log has no place ${position} any more` });
    return;
  }
  try {
    await readBinlog(
      {
        connection: await connectionOptionsOf(options),
        serverId: cdc.server_id,
        from,
        until,
        limits: silenceLimits(options.config),
        signal: options.signal,
      },
      tables,
    );
  } catch (error) {
    const code = codeOf(error);
    if (options.signal?.aborted || unreachableCodes.has(code)) throw session.failure(error);
    if (/ACCESS_DENIED/.test(code)) fail(rightsGap(session, messageOf(error)));
    else fail({ code: 'WC-CDC-004', message: `the binary log cannot be read: ${messageOf(error)}` });
  }
}
