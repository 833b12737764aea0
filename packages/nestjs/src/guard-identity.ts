import type { IncomingMessage } from 'node:http';
import { type CanActivate, HttpException, type Type } from '@nestjs/common';
import type { HttpAdapterHost, ModuleRef } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { afterMiddleware, type HostUser, type Identity, type Middleware } from '@suda/server';
import { firstValueFrom, isObservable } from 'rxjs';
import { asPlatformHas, type Exchange } from './exchange.ts';

/** People are known by the application's own guards. */
export interface GuardIdentity {
  /** Asked one after the other for every request and every handshake; one that says no, or throws, means: nobody. */
  readonly guards: readonly (CanActivate | Type<CanActivate>)[];
  /** Run before the guards, for those that need a session or cookies. `app.use` does not reach a socket's handshake. */
  readonly middleware?: Middleware | readonly Middleware[];
  /** Who the request is from, once the guards have passed it. Default: `request.user`, by its `id`, `userId` or `sub`. */
  // biome-ignore lint/suspicious/noExplicitAny: the request of whichever platform, with whatever the guards have put on it
  readonly user?: (request: any) => HostUser | null | undefined | Promise<HostUser | null | undefined>;
}

export const isGuardIdentity = (identity: unknown): identity is GuardIdentity =>
  typeof identity === 'object' && identity !== null && 'guards' in identity;

/** What `ExecutionContext.getClass` and `getHandler` say to a guard: it is asked for the chat, and for no route of the application. */
export class SudaDoor {
  enter(): void {}
}

function userOf({ user }: { readonly user?: unknown }): HostUser | undefined {
  if (typeof user !== 'object' || user === null) return undefined;
  const { id, userId, sub, name, displayName, username } = user as Record<string, unknown>;
  const known = id ?? userId ?? sub;
  if (typeof known !== 'string' && typeof known !== 'number') return undefined;
  return { id: known, name: String(name ?? displayName ?? username ?? '') };
}

/** Asks the guards of a Nest application who a request is from. */
export class GuardDoor {
  readonly #options: GuardIdentity;
  readonly #modules: ModuleRef;
  readonly #adapters: HttpAdapterHost;
  #guards: readonly CanActivate[] = [];

  constructor(options: GuardIdentity, modules: ModuleRef, adapters: HttpAdapterHost) {
    this.#options = options;
    this.#modules = modules;
    this.#adapters = adapters;
  }

  /** Finds the guards. A guard that can't be made is told at the start, and not to the first client. */
  async prepare(): Promise<void> {
    this.#guards = await Promise.all(this.#options.guards.map((guard) => (typeof guard === 'function' ? this.#make(guard) : guard)));
  }

  /** The application's own instance if it provides one; otherwise one of ours. */
  async #make(guard: Type<CanActivate>): Promise<CanActivate> {
    try {
      return this.#modules.get(guard, { strict: false });
    } catch {
      return this.#modules.create(guard);
    }
  }

  get identity(): Identity {
    const { middleware = [], user = userOf } = this.#options;
    return afterMiddleware(middleware, async (raw: IncomingMessage) => {
      const exchange = asPlatformHas(raw, this.#adapters.httpAdapter);
      return (await this.#passes(exchange)) ? user(exchange.request) : undefined;
    });
  }

  async #passes({ request, response }: Exchange): Promise<boolean> {
    const context = new ExecutionContextHost([request, response, () => {}], SudaDoor, SudaDoor.prototype.enter);
    context.setType('http');
    try {
      for (const guard of this.#guards) {
        const answer = guard.canActivate(context);
        if (!(await (isObservable(answer) ? firstValueFrom(answer) : answer))) return false;
      }
      return true;
    } catch (error) {
      // Refused, as guards do it. Anything else is a failure of theirs, and no word about who this is.
      if (error instanceof HttpException && error.getStatus() < 500) return false;
      throw error;
    }
  }
}
