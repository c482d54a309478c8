// Loaded into a command with --import: kills its process before the n-th change of the disk (KILL_AT), and counts them (COUNT_FILE).
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const at = Number(process.env.KILL_AT ?? 0);
let count = 0;

function step() {
  count += 1;
  if (count === at) process.kill(process.pid, 'SIGKILL');
}

const writes = [
  'mkdirSync',
  'rmdirSync',
  'unlinkSync',
  'rmSync',
  'renameSync',
  'linkSync',
  'writeFileSync',
  'writeSync',
  'ftruncateSync',
  'fsyncSync',
  'fchmodSync',
  'chmodSync',
  'mkdtempSync',
  'copyFileSync',
  'symlinkSync',
];
for (const name of writes) {
  const original = fs[name];
  fs[name] = (...args) => {
    step();
    return original(...args);
  };
}
const open = fs.openSync;
fs.openSync = (path, flags, ...rest) => {
  if (flags !== undefined && flags !== 'r' && flags !== fs.constants.O_RDONLY) step();
  return open(path, flags, ...rest);
};
for (const name of ['mkdir', 'rmdir', 'unlink', 'rm', 'rename', 'link', 'writeFile', 'open']) {
  const original = fs.promises[name];
  fs.promises[name] = (...args) => {
    step();
    return original(...args);
  };
}
syncBuiltinESMExports();
process.on('exit', () => {
  if (process.env.COUNT_FILE) fs.writeFileSync(process.env.COUNT_FILE, String(count));
});
