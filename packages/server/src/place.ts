import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Chat } from '@suda/chat';
import { type CommandInput, type CommandOutput, type Place, SudaError, type UserId } from '@suda/protocol';

/** How this server comes by a name and a keeper. */
export interface PlaceOptions {
  /** What a host application calls it: then nobody here may. */
  readonly name?: string;
  /** Opens the claim to whoever holds it, wherever they are. Null: it can't be claimed. */
  readonly claimKey: string | null;
  /** Where others in the network reach the server; undefined when that is not ours to know. */
  readonly addresses: () => readonly string[] | undefined;
}

/** The key is made of the secret: the printed link stays the same from start to start, and nothing more is kept. */
export const claimKeyOf = (secret: string): string =>
  createHmac('sha256', secret).update('claim of the place').digest('base64url').slice(0, 24);

/** Who may claim the place, and what it says of itself. */
export class PlaceDesk {
  readonly #chat: Chat;
  readonly #options: PlaceOptions;

  constructor(chat: Chat, options: PlaceOptions) {
    this.#chat = chat;
    this.#options = options;
  }

  async place(): Promise<Place> {
    const { name } = this.#options;
    return name === undefined ? this.#chat.store.place() : { name, keeper: null };
  }

  /** @param here whether whoever asks sits at this machine */
  async get(here: boolean): Promise<CommandOutput<'place.get'>> {
    const place = await this.place();
    const addresses = here ? this.#options.addresses() : undefined;
    const claimable = place.keeper === null && this.#admits(undefined, here);
    return { ...place, claimable, ...(addresses === undefined ? {} : { addresses: [...addresses] }) };
  }

  /** @throws SudaError `not_keeper` */
  async claim(actor: UserId, { key, name }: CommandInput<'place.claim'>, here: boolean): Promise<Place> {
    if (!this.#admits(key, here))
      throw new SudaError('not_keeper', 'This place is claimed at its own machine, or by the link that the server printed.');
    return this.#chat.claimPlace(actor, name);
  }

  /** @throws SudaError `not_keeper` */
  async update(actor: UserId, { name }: CommandInput<'place.update'>): Promise<Place> {
    if (this.#options.name !== undefined) throw new SudaError('not_keeper');
    return this.#chat.namePlace(actor, name);
  }

  #admits(key: string | undefined, here: boolean): boolean {
    const { name, claimKey } = this.#options;
    if (name !== undefined || claimKey === null) return false;
    if (here || key === undefined) return here;
    const [given, right] = [Buffer.from(key), Buffer.from(claimKey)];
    return given.length === right.length && timingSafeEqual(given, right);
  }
}
