import type { Attachment } from '@suda/protocol';

/** So many pictures of this device are kept at hand; of the others, the server's are shown. */
const most = 60;

const addresses = new Map<Blob, string>();
const blobs = new Map<string, Blob>();

/** The address of a picture that is on this device, so that it shows before it has gone anywhere. */
export function localAddress(blob: Blob): string {
  const known = addresses.get(blob);
  if (known !== undefined) return known;
  const address = URL.createObjectURL(blob);
  addresses.set(blob, address);
  for (const [old, its] of addresses) {
    if (addresses.size <= most) break;
    URL.revokeObjectURL(its);
    addresses.delete(old);
  }
  return address;
}

/** What was sent from here goes on showing as it is: it doesn't come back over the network, and doesn't flicker. */
export function remember(attachment: Attachment, blob: Blob): void {
  blobs.set(attachment.id, blob);
  const oldest = blobs.keys().next();
  if (blobs.size > most && !oldest.done) blobs.delete(oldest.value);
}

/** @returns the address of what was sent from here, undefined for anything else */
export function sentFromHere(id: string): string | undefined {
  const blob = blobs.get(id);
  return blob && addresses.get(blob);
}

/** Width and height of a picture of this device; null when the browser can't read it. */
export async function measure(blob: Blob): Promise<{ readonly width: number; readonly height: number } | null> {
  const image = new Image();
  image.src = localAddress(blob);
  try {
    await image.decode();
    return { width: image.naturalWidth, height: image.naturalHeight };
  } catch {
    return null;
  }
}
