import type { Type } from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';

/** Both of Nest's platforms. */
export const platforms: readonly (readonly [string, () => AbstractHttpAdapter])[] = [
  ['Express', () => new ExpressAdapter()],
  ['Fastify', () => new FastifyAdapter() as unknown as AbstractHttpAdapter],
];

/** Decorators are functions, and may be used as such: these tests run without a build. */
export function decorated<T extends Type>(target: T, ...decorators: readonly ClassDecorator[]): T {
  for (const decorate of decorators) decorate(target);
  return target;
}

export function method<T extends Type>(target: T, name: string, ...decorators: readonly MethodDecorator[]): T {
  for (const decorate of decorators)
    decorate(target.prototype, name, Object.getOwnPropertyDescriptor(target.prototype, name) as PropertyDescriptor);
  return target;
}

/** Decorates a method's parameters, one each. */
export function parameters<T extends Type>(target: T, name: string, ...decorators: readonly ParameterDecorator[]): T {
  for (const [index, decorate] of decorators.entries()) decorate(target.prototype, name, index);
  return target;
}

export function property<T extends Type>(target: T, name: string, ...decorators: readonly PropertyDecorator[]): T {
  for (const decorate of decorators) decorate(target.prototype, name);
  return target;
}
