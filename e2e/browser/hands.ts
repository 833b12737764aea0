import type { Page } from 'playwright-core';

/** A file in someone's hand. */
export interface Given {
  readonly name: string;
  readonly type: string;
  readonly bytes: Buffer;
}

/** Does with files what a hand does: drags and drops them on an element, or pastes them into it. */
export async function give(page: Page, how: 'dragenter' | 'drop' | 'paste', selector: string, files: readonly Given[]): Promise<void> {
  const plain = files.map(({ name, type, bytes }) => ({ name, type, bytes: [...bytes] }));
  await page.evaluate(
    ([kind, where, list]) => {
      const data = new DataTransfer();
      for (const { name, type, bytes } of list) data.items.add(new File([new Uint8Array(bytes)], name, { type }));
      const init = { bubbles: true, cancelable: true };
      const event =
        kind === 'paste'
          ? new ClipboardEvent(kind, { ...init, clipboardData: data })
          : new DragEvent(kind, { ...init, dataTransfer: data });
      document.querySelector(where)?.dispatchEvent(event);
    },
    [how, selector, plain] as const,
  );
}
