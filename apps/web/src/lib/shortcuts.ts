import { isImeKey, type Key } from './keys.ts';

/** What a key does on the whole page. The help is written from the very table by which keys are understood, so it can't lie. */
export type ShortcutName = 'switch' | 'search' | 'previous' | 'next' | 'previousUnread' | 'nextUnread' | 'read' | 'readAll' | 'help';

export interface Shortcut {
  readonly name: ShortcutName;
  readonly key: string;
  /** Ctrl; on Apple's keyboards ⌘. */
  readonly command?: true;
  readonly alt?: true;
  readonly shift?: true;
  /** A key that writes: it does this only where nothing is written. */
  readonly outside?: true;
}

export const shortcuts: readonly Shortcut[] = [
  { name: 'switch', key: 'k', command: true },
  { name: 'search', key: 'f', command: true, shift: true },
  { name: 'previous', key: 'ArrowUp', alt: true },
  { name: 'next', key: 'ArrowDown', alt: true },
  { name: 'previousUnread', key: 'ArrowUp', alt: true, shift: true },
  { name: 'nextUnread', key: 'ArrowDown', alt: true, shift: true },
  { name: 'read', key: 'Escape' },
  { name: 'readAll', key: 'Escape', shift: true },
  { name: 'help', key: '?', outside: true },
];

/**
 * What this key asks for; null: it is somebody else's.
 * @param place.apple ⌘ takes the place of Ctrl; @param place.writing the focus is in a text box
 */
export function shortcutOf(event: Key, place: { readonly apple: boolean; readonly writing: boolean }): ShortcutName | null {
  if (isImeKey(event)) return null;
  const { altKey: alt = false, shiftKey: shift = false, ctrlKey = false, metaKey = false } = event;
  const [command, foreign] = place.apple ? [metaKey, ctrlKey] : [ctrlKey, metaKey];
  if (foreign) return null;
  const found = shortcuts.find(
    (it) =>
      it.key.toLowerCase() === event.key.toLowerCase() &&
      (it.command ?? false) === command &&
      (it.alt ?? false) === alt &&
      // A sign is the key that makes it, with Shift or without, as the keyboard has it.
      (it.outside === true || (it.shift ?? false) === shift),
  );
  return found === undefined || (found.outside && place.writing) ? null : found.name;
}

const signs: Readonly<Record<string, string>> = { ArrowUp: '↑', ArrowDown: '↓', Escape: 'Esc' };

/** Its keys as they are written on a keyboard. */
export function keysOf({ key, command, alt, shift }: Shortcut, apple: boolean): string[] {
  const keys: string[] = [];
  if (command) keys.push(apple ? '⌘' : 'Ctrl');
  if (alt) keys.push(apple ? '⌥' : 'Alt');
  if (shift) keys.push(apple ? '⇧' : 'Shift');
  return [...keys, signs[key] ?? key.toUpperCase()];
}

/** As `aria-keyshortcuts` wants it (WAI-ARIA 1.2). */
export function ariaKeysOf(name: ShortcutName, apple: boolean): string {
  return shortcuts
    .filter((it) => it.name === name)
    .map(({ key, command, alt, shift }) =>
      [command && (apple ? 'Meta' : 'Control'), alt && 'Alt', shift && 'Shift', key.length === 1 ? key.toUpperCase() : key]
        .filter(Boolean)
        .join('+'),
    )
    .join(' ');
}
