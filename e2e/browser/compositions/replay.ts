import type { CDPSession, Page } from 'playwright-core';
import type { Step } from './sequence.ts';

const codes = { Enter: 13, Tab: 9, ArrowDown: 40, ArrowUp: 38, Escape: 27 } as const;

/**
 * Plays what an input method does to whatever has the focus, by way of the DevTools protocol, which puts it where a real one would:
 * compositionstart, -update, -end and input come from Chromium itself, keys with the keyCode that the recording says.
 */
export class Replay {
  readonly #cdp: CDPSession;

  private constructor(cdp: CDPSession) {
    this.#cdp = cdp;
  }

  static async of(page: Page): Promise<Replay> {
    return new Replay(await page.context().newCDPSession(page));
  }

  async play(steps: readonly Step[]): Promise<void> {
    for (const step of steps) await this.#step(step);
  }

  async #step(step: Step): Promise<void> {
    switch (step.do) {
      case 'compose':
        return this.#taken(step.code ?? 'KeyA', () => this.#underline(step.text));
      case 'commit':
        return this.#taken(step.code ?? 'KeyA', async () => {
          await this.#cdp.send('Input.insertText', { text: step.text });
          if (step.next !== undefined) await this.#underline(step.next);
        });
      case 'end':
        await this.#cdp.send('Input.insertText', { text: step.text });
        return undefined;
      case 'taken':
        return this.#taken(step.code, async () => {});
      case 'edits':
        return this.#taken(step.code, async () => {
          for (const edit of step.edits)
            await ('insert' in edit ? this.#cdp.send('Input.insertText', { text: edit.insert }) : this.#underline(edit.underline));
        });
      case 'key': {
        const key = { windowsVirtualKeyCode: codes[step.key], code: step.key, key: step.key };
        await this.#cdp.send('Input.dispatchKeyEvent', { type: 'keyDown', ...key, ...(step.key === 'Enter' && { text: '\r' }) });
        await this.#cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', ...key });
        return undefined;
      }
    }
  }

  #underline(text: string): Promise<unknown> {
    return this.#cdp.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
  }

  /** A key that the method takes: the page hears `Process`, or on macOS the key itself; either way with keyCode 229. */
  async #taken(code: string, then: () => Promise<unknown>): Promise<void> {
    const key = { windowsVirtualKeyCode: 229, code, key: code === 'Enter' ? 'Enter' : 'Process' };
    await this.#cdp.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...key });
    await then();
    await this.#cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', ...key });
  }
}
