import type { ErrorCode, RoomSummary } from '@suda/protocol';
import { codeOf, session, suda } from './session.svelte.ts';

export type Removal = 'left' | 'kicked' | 'banned' | 'vanished';
export type Door =
  | { readonly at: 'looking' }
  | { readonly at: 'inside' }
  | { readonly at: 'password'; readonly room: RoomSummary; readonly wrong: boolean; readonly busy: boolean }
  | { readonly at: 'refused'; readonly code: ErrorCode | 'unknown' }
  | { readonly at: 'removed'; readonly reason: Removal };

/** The way into a room: a member walks in, an open room is joined, a password is asked for, a refusal is explained. */
export class Visit {
  readonly id: string;
  door = $state.raw<Door>({ at: 'looking' });

  constructor(id: string) {
    this.id = id;
  }

  /** Call while a component is set up. */
  run(): void {
    $effect(() =>
      suda.on('room.removed', ({ room, reason }) => {
        if (room === this.id) this.door = { at: 'removed', reason };
      }),
    );
    // Someone inside invited me, or I came in on another device.
    let before = true;
    $effect(() => {
      const mine = this.#mine();
      if (mine && !before) this.door = { at: 'inside' };
      before = mine;
    });
    // Without a connection there is nothing to ask; when it comes, a look that failed for want of it is repeated.
    $effect(() => {
      if (!session.online && !this.#mine()) return;
      if (this.door.at === 'looking' || (this.door.at === 'refused' && this.door.code === 'unavailable')) void this.look();
    });
  }

  #mine(): boolean {
    return session.rooms.some((room) => room.id === this.id);
  }

  async look(): Promise<void> {
    if (this.#mine()) {
      this.door = { at: 'inside' };
      return;
    }
    try {
      const room = await suda.command('room.get', { room: this.id });
      if (room.role !== null) this.door = { at: 'inside' };
      else if (room.locked) this.door = { at: 'password', room, wrong: false, busy: false };
      else await this.#join();
    } catch (error) {
      this.door = { at: 'refused', code: codeOf(error) };
    }
  }

  async enter(password: string): Promise<void> {
    if (this.door.at !== 'password' || this.door.busy) return;
    const { room } = this.door;
    this.door = { at: 'password', room, wrong: false, busy: true };
    try {
      await this.#join(password);
    } catch (error) {
      const code = codeOf(error);
      const wrong = code === 'wrong_password' || code === 'password_required';
      this.door = wrong ? { at: 'password', room, wrong: true, busy: false } : { at: 'refused', code };
    }
  }

  again(): void {
    this.door = { at: 'looking' };
  }

  async #join(password?: string): Promise<void> {
    await suda.command('room.join', { room: this.id, ...(password === undefined ? {} : { password }) });
    this.door = { at: 'inside' };
  }
}
