import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnModuleInit,
  type Provider,
} from '@nestjs/common';
import { DiscoveryModule, HttpAdapterHost, ModuleRef } from '@nestjs/core';
import { createSuda, Suda, type SudaOptions } from '@suda/server';
import { GuardDoor, isGuardIdentity } from './guard-identity.ts';
import { SudaListeners } from './on-suda.ts';
import { OPTIONS, type SudaModuleAsyncOptions, type SudaModuleOptions } from './options.ts';

/** What goes between the options and `createSuda`: guards, if people are known by them. */
const GUARDS = Symbol('the guards that are asked who someone is');

/**
 * A chat inside a Nest application. The `Suda` can be injected everywhere; it is made while providers are, serves from the
 * application's start on (with `app.init` already), and closes before the application closes its server.
 */
export class SudaModule implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #suda: Suda;
  readonly #guards: GuardDoor | null;
  readonly #listeners: SudaListeners;
  readonly #adapters: HttpAdapterHost;

  constructor(suda: Suda, guards: GuardDoor | null, listeners: SudaListeners, adapters: HttpAdapterHost) {
    this.#suda = suda;
    this.#guards = guards;
    this.#listeners = listeners;
    this.#adapters = adapters;
  }

  static forRoot(options: SudaModuleOptions): DynamicModule {
    return moduleOf({ provide: OPTIONS, useValue: options });
  }

  static forRootAsync({ imports = [], inject = [], useFactory }: SudaModuleAsyncOptions): DynamicModule {
    return moduleOf({ provide: OPTIONS, inject, useFactory }, imports);
  }

  async onModuleInit(): Promise<void> {
    await this.#guards?.prepare();
    this.#listeners.bind(this.#suda);
  }

  /** Now every module is there, and nothing is served yet. Without a server (`createApplicationContext`) the host's code still works. */
  async onApplicationBootstrap(): Promise<void> {
    // Typed as always there, which it isn't.
    const adapter = this.#adapters.httpAdapter as HttpAdapterHost['httpAdapter'] | null;
    if (adapter === null) return;
    if (adapter.getType() === 'fastify') await adapter.getInstance().register(this.#suda.fastify);
    else this.#suda.attach(adapter.getHttpServer());
  }

  /** Before the server waits for its connections: ours would keep it from closing. */
  beforeApplicationShutdown(): Promise<void> {
    return this.#suda.close();
  }
}

Module({})(SudaModule);
Inject(Suda)(SudaModule, undefined, 0);
Inject(GUARDS)(SudaModule, undefined, 1);
Inject(SudaListeners)(SudaModule, undefined, 2);
Inject(HttpAdapterHost)(SudaModule, undefined, 3);

function moduleOf(options: Provider, imports: NonNullable<SudaModuleAsyncOptions['imports']> = []): DynamicModule {
  return {
    module: SudaModule,
    global: true,
    imports: [DiscoveryModule, ...imports],
    providers: [
      options,
      SudaListeners,
      {
        provide: GUARDS,
        inject: [OPTIONS, ModuleRef, HttpAdapterHost],
        useFactory: ({ identity }: SudaModuleOptions, modules: ModuleRef, adapters: HttpAdapterHost): GuardDoor | null =>
          isGuardIdentity(identity) ? new GuardDoor(identity, modules, adapters) : null,
      },
      { provide: Suda, inject: [OPTIONS, GUARDS], useFactory: open },
    ],
    exports: [Suda],
  };
}

function open({ identity, ...options }: SudaModuleOptions, guards: GuardDoor | null): Promise<Suda> {
  if (guards !== null) return createSuda({ ...options, identity: guards.identity });
  return createSuda({ ...options, identity } as SudaOptions);
}
