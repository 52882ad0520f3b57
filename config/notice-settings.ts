import { z } from 'zod';

export const noticeKinds = ['failure', 'recovery', 'warning', 'success'] as const;
export type NoticeKind = (typeof noticeKinds)[number];

const shared = {
  on: z
    .array(z.enum(noticeKinds))
    .min(1)
    .default(['failure', 'recovery', 'warning'])
    .describe('Of what to tell; recovery is the first good run after a failure'),
  repeat_after_hours: z
    .number()
    .min(0)
    .default(24)
    .describe('Hours after which the same failure or warning is told again; 0: each time'),
};

const receiver = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('webhook'),
    url: z.string().describe('Where to POST to: ${HOOK_URL}'),
    format: z
      .enum(['json', 'slack'])
      .default('json')
      .describe('json: the whole notice; slack: a text, as Slack, Mattermost and Teams workflows take it'),
    ...shared,
  }),
  z.strictObject({
    type: z.literal('email'),
    smtp: z.string().describe('Mail server: ${SMTP_URL}, such as smtps://user:password@mail.example.com'),
    from: z.string(),
    to: z.array(z.string()).min(1),
    ...shared,
  }),
  z.strictObject({
    type: z.literal('command'),
    command: z.string().describe('A line for the shell; it gets the notice as JSON on its standard input'),
    ...shared,
  }),
]);

export const noticeSettings = z
  .array(receiver)
  .default([])
  .describe('Who is told when a run fails, recovers, or ends with warnings');

export type NoticeReceiver = z.output<typeof receiver>;
