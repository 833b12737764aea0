import type { CDPSession, Page } from 'playwright-core';

interface Node {
  readonly nodeId: string;
  readonly ignored: boolean;
  readonly role?: { readonly value: string };
  readonly name?: { readonly value: string };
  readonly description?: { readonly value: string };
  readonly childIds?: readonly string[];
  readonly backendDOMNodeId?: number;
  readonly properties?: readonly { readonly name: string; readonly value: { readonly value?: unknown } }[];
}

/** Roles whose own name is said, and what is in them no more. */
const said: Readonly<Record<string, string>> = {
  button: 'button',
  link: 'link',
  textbox: 'edit',
  image: 'graphic',
  checkbox: 'check box',
  heading: 'heading',
};
const silent: ReadonlySet<string> = new Set(['InlineTextBox', 'LineBreak', 'ListMarker']);

/** What a reader of the screen says of a part of the page, piece by piece: from Chromium's accessibility tree, as such programs get it. */
export class ScreenReader {
  readonly #page: Page;
  readonly #session: CDPSession;

  private constructor(page: Page, session: CDPSession) {
    this.#page = page;
    this.#session = session;
  }

  static async open(page: Page): Promise<ScreenReader> {
    const session = await page.context().newCDPSession(page);
    await session.send('Accessibility.enable');
    await page.evaluate(listen);
    return new ScreenReader(page, session);
  }

  /** The element that has the focus, read through. */
  async reads(): Promise<string[]> {
    const { nodes } = (await this.#session.send('Accessibility.getFullAXTree')) as { nodes: readonly Node[] };
    const byId = new Map(nodes.map((node) => [node.nodeId, node]));
    const has = (node: Node, name: string): boolean =>
      node.properties?.some((one) => one.name === name && one.value.value === true) ?? false;
    const focused = nodes.findLast((node) => has(node, 'focused') && node.role?.value !== 'RootWebArea');
    const pieces: string[] = [];
    const walk = (node: Node | undefined): void => {
      if (node === undefined) return;
      const role = node.role?.value ?? '';
      const name = node.name?.value.trim() ?? '';
      if (silent.has(role)) return;
      if (!node.ignored && role === 'StaticText') {
        if (name !== '') pieces.push(name);
        return;
      }
      const word = node.ignored ? undefined : said[role];
      if (word !== undefined) {
        pieces.push(
          [name, word, has(node, 'pressed') ? 'pressed' : '', role === 'textbox' ? (node.description?.value ?? '') : '']
            .filter((part) => part !== '')
            .join(', '),
        );
        if (role !== 'textbox') return;
      } else if (!node.ignored && name !== '' && role !== 'none' && role !== 'generic') pieces.push(`${name} (${role})`);
      if (role === 'textbox') return;
      for (const child of node.childIds ?? []) walk(byId.get(child));
    };
    walk(focused);
    return pieces;
  }

  /** What was announced since it was last asked, without being asked for: the changes of live regions. */
  announced(): Promise<string[]> {
    return this.#page.evaluate(() => {
      const { announcements } = window as unknown as { announcements: string[] };
      return announcements.splice(0);
    });
  }

  /** Resolves with what was announced when something was. */
  async hears(): Promise<string[]> {
    await this.#page.waitForFunction(() => (window as unknown as { announcements: string[] }).announcements.length > 0);
    return this.announced();
  }
}

/** Watches every live region as a reader of the screen does (ARIA 1.2 §6.6): what is added or changed there is said, what is taken away isn't. */
function listen(): void {
  const announcements: string[] = [];
  Object.assign(window, { announcements });
  const polite = (node: Node_): Element | null => {
    const element = node instanceof Element ? node : node.parentElement;
    const region = element?.closest('[aria-live], [role=log], [role=status], [role=alert]') ?? null;
    return region?.getAttribute('aria-live') === 'off' ? null : region;
  };
  type Node_ = globalThis.Node;
  new MutationObserver((changes) => {
    const texts = new Set<string>();
    for (const { type, target, addedNodes } of changes) {
      const region = polite(target);
      if (type === 'characterData' && region) texts.add(target.textContent?.trim() ?? '');
      for (const added of addedNodes) if (polite(added)) texts.add(added.textContent?.trim() ?? '');
    }
    announcements.push(...[...texts].filter((text) => text !== ''));
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}
