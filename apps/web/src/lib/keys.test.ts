import assert from 'node:assert/strict';
import { test } from 'node:test';
import { composerKey, isImeKey } from './keys.ts';

const box = { empty: false, touch: false };

test('11 Enter sends, Shift+Enter breaks the line, touch keyboards use the button', () => {
  assert.equal(composerKey({ key: 'Enter' }, box), 'send');
  assert.equal(composerKey({ key: 'Enter', shiftKey: true }, box), null);
  assert.equal(composerKey({ key: 'Enter' }, { empty: false, touch: true }), null);
  assert.equal(composerKey({ key: 'Enter', ctrlKey: true }, { empty: false, touch: true }), 'send');
});

test('12 only the event itself says that it is being composed', () => {
  assert.equal(isImeKey({ key: 'Enter', isComposing: true }), true);
  assert.equal(isImeKey({ key: 'Process', keyCode: 229 }), true);
  assert.equal(isImeKey({ key: 'Enter', keyCode: 13, isComposing: false }), false);
});

test('12 Chrome, Hangul: the composing Enter is left alone, the real one right after it sends', () => {
  assert.equal(composerKey({ key: 'Enter', keyCode: 229, isComposing: true }, box), null);
  assert.equal(composerKey({ key: 'Enter', keyCode: 13, isComposing: false }, box), 'send');
});

test('13 Safari, Kana: the composition ended before the keydown, which still says 229', () => {
  assert.equal(composerKey({ key: 'Enter', keyCode: 229, isComposing: false }, box), null);
});

test('12 Esc and arrows too', () => {
  assert.equal(composerKey({ key: 'Escape', isComposing: true }, box), null);
  assert.equal(composerKey({ key: 'ArrowUp', isComposing: true }, { empty: true, touch: false }), null);
});

test('14 the arrow edits only from an empty composer', () => {
  assert.equal(composerKey({ key: 'ArrowUp' }, { empty: true, touch: false }), 'edit-last');
  assert.equal(composerKey({ key: 'ArrowUp' }, box), null);
  assert.equal(composerKey({ key: 'Escape' }, box), 'cancel');
});
