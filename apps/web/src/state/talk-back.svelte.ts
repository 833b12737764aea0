import { say } from './preferences.svelte.ts';
import { codeOf } from './session.svelte.ts';

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly bad: boolean;
}
export interface Offer {
  readonly text: string;
  readonly action: string;
  readonly run: () => void;
}
export interface Question {
  readonly text: string;
  readonly yes: string;
  readonly danger: boolean;
  readonly answer: (yes: boolean) => void;
}

let toasts = $state.raw<readonly Toast[]>([]);
let question = $state.raw<Question | null>(null);
let standing = $state.raw<Offer | null>(null);
let lastId = 0;

/** What the page says to the person outside of a room: short remarks, and questions before what can't be undone. */
export const talkBack = {
  get toasts() {
    return toasts;
  },
  get question() {
    return question;
  },
  get offer() {
    return standing;
  },
  decline(): void {
    standing = null;
  },
  dismiss(id: number): void {
    toasts = toasts.filter((toast) => toast.id !== id);
  },
};

export function tell(text: string, bad = false): void {
  lastId += 1;
  const id = lastId;
  toasts = [...toasts.slice(-2), { id, text, bad }];
  setTimeout(() => talkBack.dismiss(id), 6_000);
}

/** Something that can be done and need not be: it stays until it is taken or declined. */
export function offer(text: string, action: string, run: () => void): void {
  standing = { text, action, run };
}

/** Says in a sentence why something was refused. */
export function explain(error: unknown): void {
  tell(say.t.errors[codeOf(error)], true);
}

/** Runs what may be refused; a refusal is said. @returns whether it went well */
export async function attempt(run: () => Promise<unknown>): Promise<boolean> {
  try {
    await run();
    return true;
  } catch (error) {
    explain(error);
    return false;
  }
}

export function ask(text: string, yes: string, danger = true): Promise<boolean> {
  question?.answer(false);
  return new Promise((resolve) => {
    question = {
      text,
      yes,
      danger,
      answer(given) {
        question = null;
        resolve(given);
      },
    };
  });
}
