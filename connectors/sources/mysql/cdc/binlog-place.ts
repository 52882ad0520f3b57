import type { MysqlSession } from '../session.ts';

/** A place in the binary log between two transactions. */
export interface BinlogPlace {
  file: string;
  offset: number;
  /** What MariaDB's own count of transactions is there: another server has another at the same place. */
  gtid: string;
}

/** `binlog.000002:962 0-1-15` */
export function placeText({ file, offset, gtid }: BinlogPlace): string {
  return `${file}:${offset} ${gtid}`;
}

export function readPlace(text: string): BinlogPlace {
  const [, file = '', offset = '', gtid = ''] = /^(.*):(\d+) (.*)$/.exec(text) ?? [];
  return { file, offset: Number(offset), gtid };
}

/** Where the snapshot of the session stands, exactly: MariaDB keeps it from `start transaction with consistent snapshot`. */
export async function placeOfSnapshot(session: MysqlSession): Promise<BinlogPlace> {
  const rows = await session.query(`show status like 'binlog\\_snapshot\\_%'`);
  const shown = (name: string) => rows.find((row) => row.Variable_name?.toLowerCase() === name)?.Value ?? '';
  const file = shown('binlog_snapshot_file');
  const offset = Number(shown('binlog_snapshot_position'));
  return { file, offset, gtid: (await gtidAt(session, file, offset)) ?? '' };
}

/** Whether the log still has that place, and is the same log. */
export async function isStillThere(
  session: MysqlSession,
  { file, offset, gtid }: BinlogPlace,
): Promise<boolean> {
  return (await gtidAt(session, file, offset)) === gtid;
}

/** null: no such place. */
async function gtidAt(session: MysqlSession, file: string, offset: number): Promise<string | null> {
  const [row] = await session.query('select binlog_gtid_pos(?, ?) as gtid', {
    values: [file, String(offset)],
  });
  return row?.gtid ?? null;
}
