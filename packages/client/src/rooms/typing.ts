import type { EventData, Sender } from '@suda/protocol';
import type { Clock } from '../clock.ts';

/** Who else is typing. */
export interface Typists {
  readonly list: readonly Sender[];
  take(event: EventData<'typing'>): void;
  /** Somebody has said something, so is no longer typing it. @returns whether they were */
  said(user: string): boolean;
  clear(): void;
}

/** @param fade milliseconds after which a mark goes unless renewed; @param faded called when one went by itself */
export function createTypists(clock: Clock, fade: () => number, faded: () => void): Typists {
  const marks = new Map<string, { readonly user: Sender; readonly cancel: () => void }>();
  let list: readonly Sender[] = [];

  const show = (): void => {
    list = Array.from(marks.values(), ({ user }) => user);
  };
  const remove = (id: string): boolean => {
    marks.get(id)?.cancel();
    if (!marks.delete(id)) return false;
    show();
    return true;
  };
  return {
    get list() {
      return list;
    },
    take({ user, typing }) {
      const known = marks.get(user.id);
      if (!typing) {
        remove(user.id);
        return;
      }
      known?.cancel();
      const cancel = clock.after(fade(), () => {
        if (remove(user.id)) faded();
      });
      marks.set(user.id, { user: known?.user ?? user, cancel });
      if (!known) show();
    },
    said: remove,
    clear() {
      for (const { cancel } of marks.values()) cancel();
      marks.clear();
      list = [];
    },
  };
}

/** Tells others that I am typing. */
export interface Typing {
  set(typing: boolean): void;
  /** The message was sent: that says it all. */
  said(): void;
  stop(): void;
}

/** After so many milliseconds without a word from the application, nobody is taken to be typing still. */
const FORGOTTEN = 60_000;

/** @param renew milliseconds between renewals; @param tell sends it, if it can be sent */
export function createTyping(clock: Clock, renew: () => number, tell: (typing: boolean) => void): Typing {
  let wanted = false;
  let told = false;
  let calledAt = 0;
  let toldAt = Number.NEGATIVE_INFINITY;
  let cancel: (() => void) | undefined;

  const go = (): void => {
    cancel = undefined;
    if (!wanted || clock.now() - calledAt > FORGOTTEN) {
      self.set(false);
      return;
    }
    const wait = toldAt + renew() - clock.now();
    if (wait <= 0) {
      toldAt = clock.now();
      told = true;
      tell(true);
    }
    cancel = clock.after(wait > 0 ? wait : renew(), go);
  };
  const self: Typing = {
    set(typing) {
      wanted = typing;
      calledAt = clock.now();
      if (typing) {
        if (!cancel) go();
        return;
      }
      cancel?.();
      cancel = undefined;
      if (told) tell(false);
      told = false;
    },
    said() {
      told = false;
      self.set(false);
      toldAt = Number.NEGATIVE_INFINITY;
    },
    stop() {
      cancel?.();
      cancel = undefined;
      wanted = false;
      told = false;
    },
  };
  return self;
}
