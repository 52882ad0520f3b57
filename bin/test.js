// `npm test`: works straight after `git clone`. Finds the servers that the tests talk to, or brings them.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, root } from './ensure-installed.js';

ensureInstalled();
ensureBuilt();
const { bringServers } = await import('./test-servers.js');
const servers = await bringServers();
const jest = spawn(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--no-warnings=ExperimentalWarning',
    join(root, 'node_modules', 'jest', 'bin', 'jest.js'),
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: 'inherit', env: { ...process.env, ...servers.environment } },
);
const stopTests = () => jest.kill('SIGTERM');
process.on('SIGINT', stopTests);
process.on('SIGTERM', stopTests);
jest.on('exit', async (code, signal) => {
  await servers.stop();
  process.exit(signal ? 1 : (code ?? 1));
});
