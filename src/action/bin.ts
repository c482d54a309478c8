#!/usr/bin/env node
import { describeError } from '../cli/errors.js';
import { terminalIo } from '../io/terminal.js';
import { runAction } from './action.js';
import { runComment } from './comment.js';
import { Runner } from './runner.js';

const io = terminalIo();
const work = process.argv[2] === 'comment' ? runComment : runAction;
process.exitCode = await work(io).catch(async (error: unknown) => {
  const { code, text } = await describeError(error, io);
  await new Runner(io).command('error', text.trim());
  return code;
});
