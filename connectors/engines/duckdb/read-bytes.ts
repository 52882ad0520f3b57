import type { Transform } from 'node:stream';
import type { StreamPart } from '../../sources/source.ts';
import { endRowsByLineFeed } from '../line-ends.ts';
import { markNuls } from '../mark-nuls.ts';
import { wholeRows } from '../whole-rows.ts';
import { keepFirstMark } from './keep-first-mark.ts';

/** What the bytes of a part go through on their way to DuckDB's reader, in turn. */
export function stepsToReader(part: Extract<StreamPart, { kind: 'csv' }>, subject: string): Transform[] {
  const steps = part.dialect.newline === '\r\n' ? [endRowsByLineFeed(part.dialect)] : [];
  return [...steps, wholeRows(subject), markNuls(), keepFirstMark()];
}
