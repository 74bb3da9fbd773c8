#!/usr/bin/env node
/** recurra-conformance: the suite without a test runner, on any backend that is installed. */
import { readFileSync } from 'node:fs';
import { runCommand } from './command.js';

const page = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
process.exitCode = await runCommand(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  folder: process.cwd(),
  version: (JSON.parse(page) as { version: string }).version,
});
// A backend may leave workers or timers behind; they do not keep the command from ending.
setTimeout(() => process.exit(), 500).unref();
