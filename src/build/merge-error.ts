/** The patch does not fit the object. */
export class MergeError extends Error {}
