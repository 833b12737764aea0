import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Key } from './keys.ts';
import { ariaKeysOf, keysOf, shortcutOf, shortcuts } from './shortcuts.ts';

const pc = { apple: false, writing: true };
const mac = { apple: true, writing: true };
const outside = { apple: false, writing: false };
const keyed = (it: (typeof shortcuts)[number], apple: boolean): Key => ({
  key: it.key,
  altKey: it.alt ?? false,
  shiftKey: it.shift ?? it.outside ?? false,
  ctrlKey: !apple && (it.command ?? false),
  metaKey: apple && (it.command ?? false),
});

describe('UX 36 keys', () => {
  it('every key of the table does what the table says, and has a name', () => {
    for (const it of shortcuts) {
      for (const apple of [false, true]) assert.equal(shortcutOf(keyed(it, apple), { apple, writing: false }), it.name);
      assert.ok(keysOf(it, false).every((key) => key !== ''));
    }
    assert.equal(new Set(shortcuts.map(({ name }) => name)).size, shortcuts.length);
  });

  it('UX 12 not while an input method composes', () => {
    for (const it of shortcuts) {
      assert.equal(shortcutOf({ ...keyed(it, false), isComposing: true }, outside), null);
      assert.equal(shortcutOf({ ...keyed(it, false), keyCode: 229 }, outside), null);
    }
  });

  it('what writes is left to the text box; what doesn’t works there too', () => {
    assert.equal(shortcutOf({ key: '?', shiftKey: true }, pc), null);
    assert.equal(shortcutOf({ key: '?', shiftKey: true }, outside), 'help');
    assert.equal(shortcutOf({ key: '?' }, outside), 'help', 'where it has a key of its own');
    assert.equal(shortcutOf({ key: 'ArrowUp', altKey: true }, pc), 'previous');
    assert.equal(shortcutOf({ key: 'ArrowUp' }, pc), null);
    assert.equal(shortcutOf({ key: 'k' }, outside), null);
  });

  it('Ctrl is ⌘ on Apple’s keyboards, and neither with the other', () => {
    assert.equal(shortcutOf({ key: 'k', ctrlKey: true }, pc), 'switch');
    assert.equal(shortcutOf({ key: 'K', ctrlKey: true }, pc), 'switch', 'Caps Lock');
    assert.equal(shortcutOf({ key: 'k', metaKey: true }, mac), 'switch');
    assert.equal(shortcutOf({ key: 'k', ctrlKey: true }, mac), null, 'deletes to the end of the line there');
    assert.equal(shortcutOf({ key: 'k', ctrlKey: true, altKey: true }, pc), null);
    assert.equal(shortcutOf({ key: 'k', ctrlKey: true, shiftKey: true }, pc), null);
    assert.deepEqual([ariaKeysOf('switch', false), ariaKeysOf('switch', true)], ['Control+K', 'Meta+K']);
    const search = shortcuts.find(({ name }) => name === 'search');
    assert.deepEqual(search && [keysOf(search, false), keysOf(search, true)], [
      ['Ctrl', 'Shift', 'F'],
      ['⌘', '⇧', 'F'],
    ]);
  });
});
