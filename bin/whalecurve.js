#!/usr/bin/env node
import { ensureBuilt, ensureInstalled } from './ensure-installed.js';

ensureInstalled();
ensureBuilt();
const { main } = await import('../dist/cli/main.js');
process.exitCode = await main(process.argv.slice(2));
