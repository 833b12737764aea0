/** What of a keyboard event decides. A `KeyboardEvent` is one. */
export interface Key {
  readonly key: string;
  readonly keyCode?: number;
  readonly isComposing?: boolean;
  readonly shiftKey?: boolean;
  readonly ctrlKey?: boolean;
  readonly metaKey?: boolean;
  readonly altKey?: boolean;
}

/**
 * Whether this very event belongs to an input method (Hangul, Kana, Pinyin) and must be left to it.
 *
 * Only the event itself is asked. A flag kept from `compositionend` would swallow the real Enter that browsers send
 * right after it, or let the composing one through: their order differs (Safari ends the composition first, and
 * marks the keydown with keyCode 229).
 */
export function isImeKey(event: Key): boolean {
  return event.isComposing === true || event.keyCode === 229;
}

export type ComposerKey = 'send' | 'edit-last' | 'cancel';

/**
 * What a key means in the composer; null: leave it to the text box.
 * @param box.empty nothing is written; @param box.touch there is no hardware keyboard, so Enter breaks the line
 */
export function composerKey(event: Key, box: { readonly empty: boolean; readonly touch: boolean }): ComposerKey | null {
  if (isImeKey(event) || event.altKey) return null;
  if (event.key === 'Enter') return event.shiftKey || (box.touch && !event.ctrlKey && !event.metaKey) ? null : 'send';
  if (event.key === 'ArrowUp') return box.empty && !event.shiftKey && !event.ctrlKey && !event.metaKey ? 'edit-last' : null;
  return event.key === 'Escape' ? 'cancel' : null;
}
