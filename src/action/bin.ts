#!/usr/bin/env node
import { terminalIo } from '../io/terminal.js';
import { suitShortRuns } from '../io/v8-flags.js';
import { runAction } from './action.js';
import { runComment } from './comment.js';

suitShortRuns();
const io = terminalIo();
process.exitCode = process.argv[2] === 'comment' ? await runComment(io) : await runAction(io);
