import { createInterface } from 'node:readline';
import { LocalGitHub } from './local-github.js';

// The local GitHub as a process of its own, for the demo: prints where it is as one line of JSON, and for each line it reads the
// body of the newest pull request. It ends with its standard input.
const github = await LocalGitHub.start();
const { remote, folder, options } = github;
process.stdout.write(`${JSON.stringify({ remote, folder, token: options.token })}\n`);
const lines = createInterface({ input: process.stdin });
lines.on('line', () => process.stdout.write(`${JSON.stringify(github.pulls.at(-1)?.body ?? '')}\n`));
lines.on('close', () => void github.stop());
