#!/usr/bin/env node
import { exitCode, type Io } from './io.js';
import { main } from './main.js';

const version = process.env['GITOPS_GEN_VERSION'] ?? '0.0.0';
const argv = process.argv.slice(2);

// Help and version are answered before anything else is loaded.
const isAnswered = argv.length === 0 || argv.some((word) => /^(?:-h|--help|help|-V|--version)$/.test(word));
if (!isAnswered) (await import('../io/v8-flags.js')).suitShortRuns();
const { terminalIo } = await import('../io/terminal.js');
const io: Io = terminalIo();
process.exitCode = await main(argv, io, version);
void exitCode;
