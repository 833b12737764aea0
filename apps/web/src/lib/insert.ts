/**
 * Writes into a text box what the person asked for, as if it were typed: it can be undone, and `input` is told.
 * Not while composing: leave the box first, which ends a composition and keeps its text.
 */
export function insertText(box: HTMLTextAreaElement, from: number, to: number, text: string): void {
  box.focus({ preventScroll: true });
  box.setSelectionRange(from, to);
  // Out of date on paper, and the only way in any browser that leaves undo whole.
  if (document.execCommand('insertText', false, text)) return;
  box.setRangeText(text, from, to, 'end');
  box.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertText', data: text }));
}

/** Puts a mark around what is selected, or takes it away. */
export function toggleMark(box: HTMLTextAreaElement, mark: string): void {
  const { value, selectionStart: from, selectionEnd: to } = box;
  const n = mark.length;
  const chosen = value.slice(from, to);
  const bare = mark === '*' ? value.charAt(from - 2) !== '*' || value.charAt(from - 3) === '*' : true;
  if (bare && value.slice(from - n, from) === mark && value.slice(to, to + n) === mark) {
    insertText(box, from - n, to + n, chosen);
    box.setSelectionRange(from - n, to - n);
  } else {
    insertText(box, from, to, mark + chosen + mark);
    box.setSelectionRange(from + n, to + n);
  }
}
