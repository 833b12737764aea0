import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseRoute, pathOf, type Route } from './route.ts';

describe('addresses', () => {
  const cases: readonly (readonly [base: string, pathname: string, route: Route])[] = [
    ['/', '/', { page: 'home' }],
    ['/', '/r/lobby', { page: 'room', room: 'lobby' }],
    ['/', '/r/lobby/', { page: 'room', room: 'lobby' }],
    ...['/r/', '/r/UPPER', '/r/a/b', '/r/<x>', '/x'].map((path) => ['/', path, { page: 'home' }] as const),
    ['/chat/', '/chat/', { page: 'home' }],
    ['/chat/', '/chat/r/d_u1_u2', { page: 'room', room: 'd_u1_u2' }],
    ['/chat/', '/r/lobby', { page: 'home' }],
    ['/chat/', '/chat', { page: 'home' }],
  ];
  for (const [base, pathname, route] of cases)
    it(`under ${base}, ${pathname} is ${JSON.stringify(route)}`, () => assert.deepEqual(parseRoute(pathname, base), route));

  it('an address that is written is read as the same place', () => {
    for (const base of ['/', '/chat/']) {
      const room: Route = { page: 'room', room: 'lobby' };
      assert.deepEqual(parseRoute(pathOf(room, base), base), room);
      assert.equal(pathOf({ page: 'home' }, base), base);
    }
  });
});
