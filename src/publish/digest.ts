import { createHash } from 'node:crypto';
import type { FileContent } from '../files/file-map.js';

const encoder = new TextEncoder();

/** The bytes of a file's content; text is UTF-8. */
export function bytesOf(content: FileContent): Uint8Array {
  return typeof content === 'string' ? encoder.encode(content) : content;
}

/** SHA-256 of the content, 64 hexadecimal digits. */
export function sha256(content: FileContent): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The id git gives this content as a blob, before filters: the hash of `blob <length>\0` and the bytes. */
export function blobId(content: FileContent, algorithm: 'sha1' | 'sha256' = 'sha1'): string {
  const bytes = bytesOf(content);
  return createHash(algorithm).update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

/** Whether two contents are the same bytes. */
export function sameContent(a: FileContent, b: FileContent): boolean {
  if (typeof a === 'string' && typeof b === 'string') return a === b;
  const left = bytesOf(a);
  const right = bytesOf(b);
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}
