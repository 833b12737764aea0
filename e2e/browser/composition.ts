import type { CDPSession, Page } from 'playwright-core';

/**
 * Replays what an input method does to a page, by way of the DevTools protocol, which puts it where a real one would: keydown with keyCode 229,
 * compositionstart, -update, -end and input come from Chromium itself.
 */
export class InputMethod {
  readonly #cdp: CDPSession;

  private constructor(cdp: CDPSession) {
    this.#cdp = cdp;
  }

  static async of(page: Page): Promise<InputMethod> {
    return new InputMethod(await page.context().newCDPSession(page));
  }

  /** A key that the input method takes for itself. */
  async #taken(code: string, then: () => Promise<unknown>): Promise<void> {
    await this.#cdp.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', windowsVirtualKeyCode: 229, code, key: 'Process' });
    await then();
    await this.#cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', windowsVirtualKeyCode: 229, code, key: 'Process' });
  }

  /** What is being composed is now this, underlined, not yet text. */
  compose(text: string): Promise<void> {
    return this.#taken('KeyA', () =>
      this.#cdp.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length }),
    );
  }

  /** A syllable is finished because the next one begins. */
  commit(text: string): Promise<void> {
    return this.#taken('KeyA', () => this.#cdp.send('Input.insertText', { text }));
  }

  /**
   * Enter while composing: the input method takes it and commits.
   * @param passesOn whether the key then also reaches the page as itself, as with Korean
   */
  async enter(text: string, passesOn: boolean): Promise<void> {
    await this.#cdp.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', windowsVirtualKeyCode: 229, code: 'Enter', key: 'Process' });
    await this.#cdp.send('Input.insertText', { text });
    if (passesOn)
      await this.#cdp.send('Input.dispatchKeyEvent', {
        type: 'keyDown',
        windowsVirtualKeyCode: 13,
        code: 'Enter',
        key: 'Enter',
        text: '\r',
      });
    await this.#cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', windowsVirtualKeyCode: 13, code: 'Enter', key: 'Enter' });
  }
}
