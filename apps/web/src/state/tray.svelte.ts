import { bytesIn } from '../lib/bytes.ts';
import { looksLikePicture } from '../lib/pictures.ts';
import { localAddress } from './local-pictures.ts';
import { preferences, say } from './preferences.svelte.ts';
import { session, suda } from './session.svelte.ts';
import { tell } from './talk-back.svelte.ts';

export interface TrayItem {
  readonly key: number;
  readonly file: File;
  /** For what is shown as a picture. */
  readonly address: string | null;
}

let lastKey = 0;

function item(file: File): TrayItem {
  lastKey += 1;
  return { key: lastKey, file, address: looksLikePicture(file.type) ? localAddress(file) : null };
}

/** Says why a file can't be sent. @returns whether that is so */
function refused({ name, size }: File): boolean {
  const { fileBytes } = session.limits;
  if (fileBytes === 0) tell(say.t.files.none, true);
  else if (size === 0) tell(say.t.files.empty(name), true);
  else if (size > fileBytes) tell(say.t.files.tooLarge(name, bytesIn(preferences.language, fileBytes)), true);
  else return false;
  return true;
}

/** The files that the next message is to carry. They go up from the moment on in which they are chosen. */
export class Tray {
  items = $state.raw<readonly TrayItem[]>([]);

  /** Takes what may be sent, and says why the rest may not. */
  add(files: readonly File[]): void {
    const { attachmentsPerMessage } = session.limits;
    const good = files.filter((file) => !refused(file));
    const free = Math.max(0, attachmentsPerMessage - this.items.length);
    if (good.length > free) tell(say.t.files.tooMany(attachmentsPerMessage), true);
    const taken = good.slice(0, free);
    // What fails here is said at the picture, and tried again when the message goes.
    for (const file of taken) {
      suda
        .upload(file, file.name)
        .start()
        .catch(() => {});
    }
    this.items = [...this.items, ...taken.map(item)];
  }

  remove(item: TrayItem): void {
    suda.upload(item.file).cancel();
    this.items = this.items.filter((one) => one !== item);
  }

  /** Everything, for a message that goes now. */
  take(): File[] {
    const files = this.items.map(({ file }) => file);
    this.items = [];
    return files;
  }
}

const trays = new Map<string, Tray>();

/** The tray of a room: what was chosen there is still there when one comes back, like a draft. Each user has their own. */
export function trayOf(user: string, room: string): Tray {
  const key = `${user}/${room}`;
  const tray = trays.get(key) ?? new Tray();
  trays.set(key, tray);
  return tray;
}
