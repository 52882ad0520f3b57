import type { Writable } from 'node:stream';
import type { Environment } from '../config/environment.ts';

/** 0 done, 1 failed, 2 wrong usage or config, 3 done but more was quarantined than the limit allows. */
export type ExitCode = 0 | 1 | 2 | 3;

/** All that a command sees of the world, so that a test can run one inside its own process. */
export interface CommandIo {
  /** Results, and nothing else. */
  stdout: Writable;
  /** Progress, logs and errors. */
  stderr: Writable;
  environment: Environment;
  /** A person is watching: colours, progress and questions make sense. */
  isTerminal: boolean;
  now(): Date;
  /** Folder that relative paths of the command line start from. */
  cwd: string;
  /** What must never be printed; grows when a config is loaded. */
  secrets: string[];
  /** Ends the command with this code once its action is through; without a call it is 0. */
  endWith(code: ExitCode): void;
}

export function print(io: CommandIo, text: string): void {
  io.stdout.write(`${text}\n`);
}

export function printJson(io: CommandIo, value: unknown): void {
  io.stdout.write(`${JSON.stringify(value, null, io.isTerminal ? 2 : 0)}\n`);
}
