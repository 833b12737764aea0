import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseRoute, pathOf, type Route } from './route.ts';

describe('addresses', () => {
  const cases: readonly (readonly [base: string, pathname: string, route: Route])[] = [
    ['/', '/', { page: 'home' }],
    ['/', '/r/lobby', { page: 'room', room: 'lobby' }],
    ['/', '/r/lobby/', { page: 'room', room: 'lobby' }],
    ['/', '/r/lobby/17', { page: 'room', room: 'lobby', pos: 17 }],
    ['/chat/', '/chat/r/lobby/50000/', { page: 'room', room: 'lobby', pos: 50_000 }],
    ...['/r/lobby/0', '/r/lobby/-1', '/r/lobby/1e3', '/r/lobby/1/2', '/r/lobby/1234567890123456'].map(
      (path) => ['/', path, { page: 'home' }] as const,
    ),
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
      assert.deepEqual(parseRoute(pathOf({ ...room, pos: 17 }, base), base), { ...room, pos: 17 });
      assert.equal(pathOf({ page: 'home' }, base), base);
    }
  });
});

it('50 an invitation has an address of its own', () => {
  const route = { page: 'invitation', code: 'iabcdefghjkmnpqr' } as const;
  assert.deepEqual(parseRoute('/chat/i/iabcdefghjkmnpqr', '/chat/'), route);
  assert.equal(pathOf(route, '/chat/'), '/chat/i/iabcdefghjkmnpqr');
  for (const path of ['/i/', '/i/short', '/i/iabcdefghjkmnpqr/more', '/i/IABCDEFGHJKMNPQR'])
    assert.deepEqual(parseRoute(path, '/'), { page: 'home' }, path);
});
