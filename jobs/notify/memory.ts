import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Notice } from './notice.ts';

/** What was last told of each pipeline, so that a night that fails every hour is told of once a day. */
export type NoticeMemory = Readonly<Record<string, Told>>;

interface Told {
  kind: 'failure' | 'warning';
  /** Two notices with the same one say the same. */
  subject: string;
  /** When the first run that ended so did. */
  since: string;
  /** When each receiver was last told; by the receiver's place in the config. */
  at: Readonly<Record<string, string>>;
}

/** What remains the same while the same thing is wrong: numbers in a message may change from run to run. */
export function subjectOf({ kind, failure, warnings }: Notice): string {
  if (kind === 'failure') return `${failure?.code} ${failure?.where ?? ''}`;
  return warnings.map((warning) => warning.replace(/ \(\d+\)$|: [\d.]+ % .*$/, '')).join('\n');
}

/** Outside the state, since a state that cannot be opened is worth a notice too. */
export async function readMemory(file: string): Promise<NoticeMemory> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as NoticeMemory;
  } catch {
    // Missing, or cut off by a full disk: at worst somebody is told twice.
    return {};
  }
}

export async function writeMemory(file: string, memory: NoticeMemory): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.part`, JSON.stringify(memory));
  await rename(`${file}.part`, file);
}
