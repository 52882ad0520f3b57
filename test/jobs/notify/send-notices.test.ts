import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SMTPServer } from 'smtp-server';
import { type NoticeReceiver, noticeSettings } from '../../../config/notice-settings.ts';
import type { Failure } from '../../../jobs/job.ts';
import type { Ending } from '../../../jobs/notify/notice.ts';
import { sendNotices } from '../../../jobs/notify/send-notices.ts';
import type { RunSummary } from '../../../jobs/run-summary.ts';

/** Somebody who listens at a URL, and answers what the test says. */
let listener: { url: string; heard: Record<string, unknown>[]; answer: number; server: Server };
let folder: string;
let reported: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whalecurve-notices-'));
  reported = [];
  const heard: Record<string, unknown>[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    heard.push(JSON.parse(Buffer.concat(parts).toString('utf8')));
    response.writeHead(listener.answer).end();
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  listener = { url: `http://127.0.0.1:${port}/hook`, heard, answer: 200, server };
});
afterEach(async () => {
  listener.server.closeAllConnections();
  await new Promise((closed) => listener.server.close(closed));
  await rm(folder, { recursive: true, force: true });
});

const startedAt = '2026-03-01T02:00:00.000Z';
const at = (hour: number) => new Date(Date.parse(startedAt) + hour * 3_600_000).toISOString();

function failed(hour: number, failure: Partial<Failure> = {}): Ending {
  const told = { code: 'WC-SOURCE-001', message: 'connection refused', where: 'finance', ...failure };
  return { pipeline: 'nightly', run: `r_${hour}`, startedAt, endedAt: at(hour), isOk: false, failure: told };
}

function done(hour: number, summary: Partial<RunSummary> = {}): Ending {
  const whole = { checks: { passed: 9, failed: [] }, aboveQuarantineLimit: [], customers: 12, seconds: 4 };
  return {
    pipeline: 'nightly',
    run: `r_${hour}`,
    startedAt,
    endedAt: at(hour),
    isOk: true,
    summary: { ...whole, ...summary } as RunSummary,
  };
}

/** As the config would say it: defaults filled in. */
function receivers(...given: object[]): NoticeReceiver[] {
  return noticeSettings.parse(given);
}

async function tell(ending: Ending, notify: NoticeReceiver[], secrets: string[] = []): Promise<void> {
  const state = join(folder, 'state.duckdb');
  const warehouse = { engine: 'duckdb', path: join(folder, 'warehouse.duckdb'), state } as never;
  await sendNotices(ending, { notify, warehouse, secrets, folder }, (message) => reported.push(message));
}

describe('who listens at a webhook', () => {
  it('hears of a failure what, where and what to do', async () => {
    await tell(failed(1, { hint: 'start the server' }), receivers({ type: 'webhook', url: listener.url }));
    expect(listener.heard).toEqual([
      {
        kind: 'failure',
        pipeline: 'nightly',
        run: 'r_1',
        startedAt,
        endedAt: at(1),
        title: 'Whalecurve: the run nightly failed at finance: connection refused (WC-SOURCE-001)',
        failure: {
          code: 'WC-SOURCE-001',
          message: 'connection refused',
          where: 'finance',
          hint: 'start the server',
        },
        warnings: [],
      },
    ]);
  });

  it('hears of the same failure once a day, of another one at once, and of the recovery once', async () => {
    const notify = receivers({ type: 'webhook', url: listener.url });
    for (const hour of [1, 2, 23, 25, 26]) await tell(failed(hour), notify);
    await tell(failed(27, { code: 'WC-GATE-001' }), notify);
    for (const hour of [28, 29]) await tell(done(hour), notify);
    await tell(failed(30), notify);
    expect(listener.heard.map(({ kind, run, since }) => [kind, run, since])).toEqual([
      ['failure', 'r_1', undefined],
      ['failure', 'r_25', at(1)],
      ['failure', 'r_27', undefined],
      ['recovery', 'r_28', at(27)],
      ['failure', 'r_30', undefined],
    ]);
  });

  it('hears of a warning once, although its count differs from night to night', async () => {
    const notify = receivers({ type: 'webhook', url: listener.url });
    const check = { name: 'unique', subject: 'value.x', severity: 'warn', expected: null, found: null };
    for (const [hour, failures] of [3, 4].entries())
      await tell(done(hour, { checks: { passed: 8, failed: [{ ...check, failures }] } }), notify);
    await tell(done(5), notify);
    expect(listener.heard.map(({ kind, warnings }) => [kind, warnings])).toEqual([
      ['warning', ['value.x: unique (3)']],
    ]);
  });

  it('hears of each success where it asks for it, in the form of Slack where it asks for that', async () => {
    const notify = receivers({ type: 'webhook', url: listener.url, format: 'slack', on: ['success'] });
    await tell(failed(1), notify);
    await tell(done(2), notify);
    await tell(done(3), notify);
    expect(listener.heard.map(({ text }) => String(text).split('\n')[0])).toEqual([
      `Whalecurve: the run nightly is done, after failures since ${at(1)}`,
      'Whalecurve: the run nightly is done',
    ]);
  });

  it('is told again at the next run where it did not take the notice; the run hears of that', async () => {
    const notify = receivers({ type: 'webhook', url: listener.url });
    listener.answer = 503;
    await tell(failed(1), notify);
    listener.answer = 200;
    await tell(failed(2), notify);
    await tell(failed(3), notify);
    expect(listener.heard.map(({ run }) => run)).toEqual(['r_1', 'r_2']);
    expect(reported).toEqual([
      'the notice by webhook was not delivered: it answered 503 Service Unavailable',
    ]);
  });

  it('never hears a secret of the config', async () => {
    const notify = receivers({ type: 'webhook', url: listener.url });
    await tell(failed(1, { message: 'no login with hunter2' }), notify, ['hunter2']);
    expect(JSON.stringify(listener.heard)).toContain('no login with ***');
  });
});

describe('a command', () => {
  it('gets the notice as JSON on its standard input, in the folder of the config', async () => {
    await tell(failed(1), receivers({ type: 'command', command: 'cat > told.json' }));
    const told = JSON.parse(await readFile(join(folder, 'told.json'), 'utf8'));
    expect(told).toMatchObject({ kind: 'failure', failure: { code: 'WC-SOURCE-001' } });
    expect(reported).toEqual([]);
  });

  it('that fails is reported in its own words and ends nothing', async () => {
    await tell(failed(1), receivers({ type: 'command', command: 'echo pager is off >&2; exit 3' }));
    expect(reported).toEqual([
      'the notice by command was not delivered: `echo pager is off >&2; exit 3` ended with 3: pager is off',
    ]);
  });
});

describe('who is written to by e-mail', () => {
  it('gets the title as the subject, and what to do in the text', async () => {
    const mails: string[] = [];
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData: (stream, _session, done) => {
        const parts: Buffer[] = [];
        stream.on('data', (part: Buffer) => parts.push(part));
        stream.on('end', () => {
          mails.push(Buffer.concat(parts).toString('utf8'));
          done();
        });
      },
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', () => ready()));
    try {
      const { port } = server.server.address() as AddressInfo;
      const email = { type: 'email', smtp: `smtp://127.0.0.1:${port}`, from: 'night@example.com' };
      await tell(failed(1, { hint: 'start it' }), receivers({ ...email, to: ['on-call@example.com'] }));
    } finally {
      await new Promise<void>((closed) => server.close(() => closed()));
    }
    expect(reported).toEqual([]);
    expect(mails).toHaveLength(1);
    const mail = mails[0]?.replaceAll('=\r\n', '').replaceAll('\r\n ', ' ');
    expect(mail).toContain('To: on-call@example.com');
    expect(mail).toMatch(/Subject: Whalecurve: the run nightly failed at finance/);
    expect(mail).toContain('What to do: start it');
  });
});
