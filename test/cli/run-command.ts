import { Writable } from 'node:stream';
import { main } from '../../cli/main.ts';

export interface CommandResult {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** Runs `whalecurve` inside this process, as nobody's terminal. */
export async function runCommand(
  words: readonly string[],
  {
    cwd,
    environment = {},
    now = '2026-01-31T12:00:00Z',
  }: { cwd: string; environment?: Record<string, string>; now?: string },
): Promise<CommandResult> {
  const stdout = collector();
  const stderr = collector();
  const exitCode = await main(words, {
    stdout: stdout.stream,
    stderr: stderr.stream,
    environment,
    isTerminal: false,
    now: () => new Date(now),
    cwd,
  });
  return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
}

function collector(): { stream: Writable; text(): string } {
  const chunks: string[] = [];
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      chunks.push(String(chunk));
      done();
    },
  });
  return { stream, text: () => chunks.join('') };
}
