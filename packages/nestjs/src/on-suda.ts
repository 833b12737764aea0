import { Inject, Injectable, SetMetadata } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import type { HappeningName, Suda } from '@suda/server';

const EVENTS = Symbol('what a method listens to');
const reflector = new Reflector();

const eventsOf = (method: unknown): readonly HappeningName[] =>
  typeof method === 'function' ? (reflector.get<readonly HappeningName[] | undefined>(EVENTS, method) ?? []) : [];

/**
 * Calls the method whenever this happens in the chat. On providers and controllers; not on those of a request's own.
 * @example
 * @OnSuda('message') onMessage({ room, message }: Happenings['message']) {}
 */
export function OnSuda(event: HappeningName): MethodDecorator {
  return (target, key, descriptor) => SetMetadata(EVENTS, [...eventsOf(descriptor.value), event])(target, key, descriptor);
}

/** Finds the methods that listen. */
export class SudaListeners {
  readonly #discovery: DiscoveryService;
  readonly #methods: MetadataScanner;

  constructor(discovery: DiscoveryService, methods: MetadataScanner) {
    this.#discovery = discovery;
    this.#methods = methods;
  }

  /** Lets them hear. */
  bind(suda: Suda): void {
    const wrappers = [...this.#discovery.getProviders(), ...this.#discovery.getControllers()];
    const instances = wrappers.filter((wrapper) => wrapper.isDependencyTreeStatic()).map(({ instance }) => instance as unknown);
    // One that is provided under two names is one.
    for (const instance of new Set(instances)) if (typeof instance === 'object' && instance !== null) this.#bind(suda, instance);
  }

  #bind(suda: Suda, instance: object): void {
    const methods = instance as Record<string, (happening: unknown) => unknown>;
    for (const name of this.#methods.getAllMethodNames(Object.getPrototypeOf(instance))) {
      for (const event of eventsOf(methods[name])) suda.on(event, (happening) => methods[name]?.(happening));
    }
  }
}

Injectable()(SudaListeners);
Inject(DiscoveryService)(SudaListeners, undefined, 0);
Inject(MetadataScanner)(SudaListeners, undefined, 1);
