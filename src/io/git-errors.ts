/** What to tell somebody for what git said on stderr (in the C locale). */
export interface GitFault {
  readonly message: string;
  readonly hint: string;
}

const KNOWN: readonly (readonly [RegExp, string, string])[] = [
  [
    /detected dubious ownership in repository at '([^']*)'/u,
    'git refuses a repository that belongs to another user',
    'Run as its owner, or trust it: git config --global --add safe.directory PATH',
  ],
  [
    /Please tell me who you are|unable to auto-detect email|empty ident name/u,
    'git does not know who commits',
    'Set it: git config --global user.name "NAME" and git config --global user.email "ADDRESS"',
  ],
  [/No space left on device/u, 'the disk is full', 'Make room and run again; the branch was not moved.'],
  [/Disk quota exceeded/u, 'the disk quota is used up', 'Make room and run again; the branch was not moved.'],
  [
    /Unable to create '[^']*\.lock'/u,
    'another git command is at work in this repository',
    'Wait for it and run again. Where none is: remove the .lock file that git names.',
  ],
  [/cannot use bare repository/u, 'a bare repository lies inside the work tree', 'Remove it: it could run commands.'],
  [
    /Permission denied/u,
    'git may not write to the repository',
    'Give the user that runs gitops-gen permission to .git.',
  ],
  [/ETIMEDOUT|block timeout reached/u, 'git did not end in time', 'Run the same git command by hand to see why.'],
];

/** The message and the hint for a failed git command. Addresses lose user names and passwords. */
export function gitFault(command: string, stderr: string): GitFault {
  const said = withoutCredentials(stderr.trim());
  for (const [pattern, message, hint] of KNOWN)
    if (pattern.test(said)) return { message: `${message} (git ${command}: ${firstLine(said)})`, hint };
  return {
    message: `git ${command} failed: ${firstLine(said) || 'without a word'}`,
    hint: 'Run it by hand to see more.',
  };
}

/** Addresses in a text without user name and password. */
export function withoutCredentials(text: string): string {
  return text.replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/@]*@/giu, '$1');
}

function firstLine(text: string): string {
  return text.split('\n').find((line) => line.trim() !== '') ?? '';
}
