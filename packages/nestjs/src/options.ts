import type { FactoryProvider, ModuleMetadata } from '@nestjs/common';
import type { SudaOptions } from '@suda/server';
import type { GuardIdentity } from './guard-identity.ts';

/** What `createSuda` takes; `identity` may also be guards of the application. */
export interface SudaModuleOptions extends Omit<SudaOptions, 'identity'> {
  readonly identity?: NonNullable<SudaOptions['identity']> | GuardIdentity;
}

/** The same, made by a function of what is injected, such as a `ConfigService`. */
export interface SudaModuleAsyncOptions {
  /** Modules of what is injected, and of the guards' own dependencies. */
  readonly imports?: ModuleMetadata['imports'];
  readonly inject?: FactoryProvider['inject'];
  // biome-ignore lint/suspicious/noExplicitAny: whatever is injected, as everywhere in Nest
  readonly useFactory: (...injected: any[]) => SudaModuleOptions | Promise<SudaModuleOptions>;
}

/** What the options are provided under. */
export const OPTIONS = Symbol('the options of SudaModule');
