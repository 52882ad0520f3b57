import type { NoticeKind } from '../../config/notice-settings.ts';
import { redact } from '../../config/redact.ts';
import type { LoadedConfig } from '../../config/schema.ts';
import { besideState } from '../../connectors/engines/open-engine.ts';
import { type NoticeMemory, readMemory, subjectOf, writeMemory } from './memory.ts';
import { type Ending, type Notice, noticeOf } from './notice.ts';
import { sendNotice } from './send-notice.ts';

type Setting = Pick<LoadedConfig, 'notify' | 'warehouse' | 'secrets' | 'folder'>;

/**
 * Tells the receivers of the config how a run ended. The same failure or warning is told again only after
 * `repeat_after_hours`; a run that is done after a failure is a recovery. What cannot be delivered is reported
 * and ends nothing: the run is what it was.
 */
export async function sendNotices(
  ending: Ending,
  config: Setting,
  report: (message: string) => void,
): Promise<void> {
  if (config.notify.length === 0) return;
  const file = besideState(config.warehouse, 'notices.json');
  const memory = await readMemory(file);
  const before = memory[ending.pipeline];
  const notice = redact(withPast(noticeOf(ending), before), config.secrets) as Notice;
  const subject = subjectOf(notice);
  const isSame = before !== undefined && before.kind === notice.kind && before.subject === subject;
  const at: Record<string, string> = isSame ? { ...before.at } : {};
  for (const [index, receiver] of config.notify.entries()) {
    if (!kindsOf(notice).some((kind) => receiver.on.includes(kind))) continue;
    const last = at[index];
    if (last !== undefined && hoursBetween(last, notice.endedAt) < receiver.repeat_after_hours) continue;
    try {
      await sendNotice(notice, receiver, config);
      at[index] = notice.endedAt;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      report(redact(`the notice by ${receiver.type} was not delivered: ${reason}`, config.secrets) as string);
    }
  }
  await writeMemory(file, remembered(memory, notice, { subject, since: notice.since, at }));
}

/** A recovery is also what it would be without the past: a success, or a run with warnings. */
function kindsOf({ kind, warnings }: Notice): NoticeKind[] {
  return kind === 'recovery' ? [kind, warnings.length > 0 ? 'warning' : 'success'] : [kind];
}

/** A failure and a warning know since when; the first good run after a failure is its end. */
function withPast(notice: Notice, before: NoticeMemory[string] | undefined): Notice {
  if (before === undefined) return notice;
  const isSame = before.kind === notice.kind && before.subject === subjectOf(notice);
  if (isSame) return { ...notice, since: before.since };
  if (before.kind !== 'failure' || notice.kind === 'failure') return notice;
  const after = `, after failures since ${before.since}`;
  return { ...notice, kind: 'recovery', since: before.since, title: `${notice.title}${after}` };
}

function remembered(
  memory: NoticeMemory,
  { pipeline, kind, endedAt, warnings }: Notice,
  { subject, since, at }: { subject: string; since: string | undefined; at: Record<string, string> },
): NoticeMemory {
  const { [pipeline]: _, ...others } = memory;
  if (kind === 'failure' || kind === 'warning')
    return { ...others, [pipeline]: { kind, subject, since: since ?? endedAt, at } };
  // A recovery told of its warnings; the same ones next time are not news.
  if (warnings.length > 0) return { ...others, [pipeline]: { kind: 'warning', subject, since: endedAt, at } };
  return others;
}

function hoursBetween(earlier: string, later: string): number {
  return (Date.parse(later) - Date.parse(earlier)) / 3_600_000;
}
