import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { ServerProcess } from '../server-process.ts';
import { launch, visitor } from './chromium.ts';
import { FaultyProxy } from './faulty-proxy.ts';

/** How someone comes in. */
export interface Coming extends BrowserContextOptions {
  /** Over the line that `proxy` breaks; otherwise straight to the server. */
  readonly faulty?: boolean;
}

/**
 * Two people in the lobby of a server of their own, in a real Chromium: 미나 reads Korean, and her line is the one that breaks;
 * Jihun reads English, and his is sound.
 */
export class Stage {
  readonly server: ServerProcess;
  readonly browser: Browser;
  readonly proxy: FaultyProxy;
  readonly mina: Page;
  readonly jihun: Page;
  readonly #faultyUrl: string;

  private constructor(server: ServerProcess, browser: Browser, proxy: FaultyProxy, faultyUrl: string, mina: Page, jihun: Page) {
    this.server = server;
    this.browser = browser;
    this.proxy = proxy;
    this.#faultyUrl = faultyUrl;
    this.mina = mina;
    this.jihun = jihun;
  }

  /** @param flags of the server's command line; what fails here leaves nothing running */
  static async open(flags: readonly string[] = []): Promise<Stage> {
    const server = await ServerProcess.start(flags);
    const proxy = new FaultyProxy(server.port);
    let browser: Browser | undefined;
    try {
      browser = await launch();
      const faultyUrl = await proxy.listen();
      const mina = await visitor(browser, faultyUrl, '미나');
      const jihun = await visitor(browser, server.url, 'Jihun', 'en-US');
      return new Stage(server, browser, proxy, faultyUrl, mina, jihun);
    } catch (error) {
      await browser?.close();
      await proxy.close();
      await server.remove();
      throw error;
    }
  }

  /** One more person, in a context of their own: another device, language, size, or motion if `how` says so. */
  guest(name: string, { faulty = false, ...how }: Coming = {}): Promise<Page> {
    return visitor(this.browser, faulty ? this.#faultyUrl : this.server.url, name, how.locale, how);
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.proxy.close();
    await this.server.remove();
  }
}
