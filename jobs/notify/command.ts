import { spawn } from 'node:child_process';

/** Runs a line of the shell in a folder, with a text as its standard input. @throws when it fails or takes too long */
export async function runCommand(
  command: string,
  input: string,
  folder: string,
  patienceMs: number,
): Promise<void> {
  const child = spawn(command, {
    shell: true,
    cwd: folder,
    stdio: ['pipe', 'ignore', 'pipe'],
    timeout: patienceMs,
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-500);
  });
  // A command that does not read its input is none the worse for it.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (...ending) => resolve(ending));
  });
  if (code === 0) return;
  const how = code === null ? `was ended by ${signal}` : `ended with ${code}`;
  throw new Error(`\`${command}\` ${how}${said === '' ? '' : `: ${said.trim()}`}`);
}
