// `npm run demo`: the whole main job on a fresh clone, with nothing installed but Node.
import { ensureBuilt, ensureInstalled } from './ensure-installed.js';

ensureInstalled();
ensureBuilt();
const { main } = await import('../dist/cli/main.js');
process.exitCode = await main(['demo', ...process.argv.slice(2)]);
