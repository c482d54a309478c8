#!/usr/bin/env node
import { suitShortRuns } from '../io/engine.js';
import { terminalIo } from '../io/terminal.js';
import { runAction } from './action.js';
import { runComment } from './comment.js';

suitShortRuns();
const io = terminalIo();
process.exitCode = process.argv[2] === 'comment' ? await runComment(io) : await runAction(io);
