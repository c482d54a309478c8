import { terminalIo } from '../io/terminal.js';
import { runAction } from './action.js';

process.exitCode = await runAction(terminalIo());
