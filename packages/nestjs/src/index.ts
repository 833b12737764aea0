export { type As, type HappeningName, type Happenings, type HostUser, type Person, Suda } from '@suda/server';
export { type GuardIdentity, SudaDoor } from './guard-identity.ts';
export { InjectSuda } from './inject-suda.ts';
export { OnSuda } from './on-suda.ts';
export type { SudaModuleAsyncOptions, SudaModuleOptions } from './options.ts';
export { SudaModule } from './suda-module.ts';
