import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import type { Workplace } from './workplace.ts';

const children = new Set<ChildProcess>();

/** What a test that failed may have left. */
export function killCommands(): void {
  for (const child of children) child.kill('SIGKILL');
}

export interface Command {
  child: ChildProcess;
  ended: Promise<{ exitCode: number | null; stdout: string; stderr: string }>;
  /** Once a line of the log has every one of these words, or the process has ended. */
  logged(...words: readonly string[]): Promise<void>;
}

/** `whalecurve` in a process of its own, so that it can be killed, stopped and told to end. */
export function startCommand(
  place: Workplace,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Command {
  const child = spawn(process.execPath, [resolve('bin/whalecurve.js'), ...words, '-c', place.configFile], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '', ...environment },
  });
  children.add(child);
  let stdout = '';
  let stderr = '';
  let onChange = () => {};
  let hasEnded = false;
  const ended = new Promise<{ exitCode: number | null; stdout: string; stderr: string }>((done) => {
    child.once('close', (exitCode) => {
      hasEnded = true;
      children.delete(child);
      onChange();
      done({ exitCode, stdout, stderr });
    });
  });
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
    onChange();
  });
  const logged = async (...looked: readonly string[]) => {
    const isThere = () =>
      stderr.split('\n').some((line) => looked.every((word) => line.includes(word))) || hasEnded;
    while (!isThere()) {
      await new Promise<void>((resolve) => {
        onChange = resolve;
      });
    }
  };
  return { child, ended, logged };
}

/** Asks until the answer is yes; the test's own limit of time ends it. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 50));
}
