/** More is not kept beyond the moment. Bytes. */
const KEPT = 1024 * 1024;

let lastChunks: readonly Uint8Array[] = [];
let lastJoined: Uint8Array = new Uint8Array();

/**
 * Chunks as one, for one write. Many connections in a row have the very same chunks to write, encoded once for all of them; joined for
 * each, they would be the same bytes hundreds of times over.
 */
export function join(chunks: readonly Uint8Array[]): Uint8Array {
  const [only] = chunks;
  if (chunks.length === 1 && only) return only;
  if (chunks.length === lastChunks.length && chunks.every((chunk, i) => chunk === lastChunks[i])) return lastJoined;
  const joined = Buffer.concat(chunks);
  const isKept = joined.byteLength <= KEPT;
  lastChunks = isKept ? [...chunks] : [];
  lastJoined = isKept ? joined : new Uint8Array();
  return joined;
}
