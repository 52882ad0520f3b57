// Brings a fresh clone to life: installs the packages when the lock file changed, compiles when a source
// file did. Imports nothing that npm would have to install first.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const sourceFolders = [
  'cli',
  'config',
  'connectors',
  'pipelines',
  'jobs',
  'transforms',
  'report',
  'demo',
  'bench',
];

export function ensureInstalled() {
  if (!isClone()) return;
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const stamp = join(root, 'node_modules', '.whalecurve-lock-hash');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  process.stderr.write('Installing the packages (npm ci) …\n');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(stamp, wanted);
}

export function ensureBuilt() {
  if (!isClone()) return;
  const stamp = join(root, 'dist', '.built');
  const builtAt = existsSync(stamp) ? statSync(stamp).mtimeMs : 0;
  if (!sourceFolders.some((folder) => hasNewerFile(join(root, folder), builtAt))) return;
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  // A type error is printed and does not stop the command: the compiler has written the JavaScript all the
  // same, and `npm run check` is the place where it fails.
  spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, '');
}

// An installed package carries dist/ but not the sources; only a clone has them and can go stale.
function isClone() {
  return existsSync(join(root, 'tsconfig.build.json'));
}

function hasNewerFile(folder, sinceMs) {
  return readdirSync(folder, { withFileTypes: true, recursive: true }).some(
    (entry) =>
      entry.isFile() &&
      entry.name.endsWith('.ts') &&
      statSync(join(entry.parentPath, entry.name)).mtimeMs > sinceMs,
  );
}

function run(command, args) {
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(status ?? 1);
}
