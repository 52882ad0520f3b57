import type { NoticeReceiver } from '../../config/notice-settings.ts';
import { runCommand } from './command.ts';
import type { Notice } from './notice.ts';
import { noticeText } from './notice-text.ts';

const patienceMs = 20_000;

/** Delivers one notice to one receiver. @throws what the receiver says when it does not take it */
export async function sendNotice(
  notice: Notice,
  receiver: NoticeReceiver,
  { folder }: { folder: string },
): Promise<void> {
  if (receiver.type === 'command')
    return runCommand(receiver.command, JSON.stringify(notice), folder, patienceMs);
  if (receiver.type === 'email') return sendMail(notice, receiver);
  const body = receiver.format === 'slack' ? { text: noticeText(notice) } : notice;
  const response = await fetch(receiver.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(patienceMs),
  });
  if (!response.ok) throw new Error(`it answered ${response.status} ${response.statusText}`);
}

async function sendMail(
  notice: Notice,
  { smtp, from, to }: Extract<NoticeReceiver, { type: 'email' }>,
): Promise<void> {
  // Loaded only where somebody is written to.
  const { createTransport } = await import('nodemailer');
  const url = new URL(smtp);
  for (const wait of ['connectionTimeout', 'greetingTimeout', 'socketTimeout'])
    if (!url.searchParams.has(wait)) url.searchParams.set(wait, String(patienceMs));
  const transport = createTransport(url.href);
  try {
    await transport.sendMail({ from, to: [...to], subject: notice.title, text: noticeText(notice) });
  } finally {
    transport.close();
  }
}
