import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { closeCodes, commands, commonErrors, type ErrorCode, errors, SudaError, shouldReconnect } from './index.ts';

const document = readFileSync(new URL('../../../PROTOCOL.md', import.meta.url), 'utf8');

/** The rows of the table under these headings. */
function table(...headings: readonly string[]): string[][] {
  const rows = document.split('\n').map((line) =>
    line.startsWith('|')
      ? line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim())
      : [],
  );
  const start = rows.findIndex((row) => row.join() === headings.join());
  assert.ok(start >= 0, `PROTOCOL.md has a table ${headings.join(', ')}`);
  const end = rows.findIndex((row, i) => i > start && row.length === 0);
  return rows.slice(start + 2, end);
}

describe('registries', () => {
  it('R3.3 PROTOCOL.md lists exactly the errors of the registry', () => {
    assert.deepEqual(
      table('code', 'status', 'retry'),
      Object.entries(errors).map(([code, { status, retry }]) => [`\`${code}\``, String(status), retry ? 'yes' : 'no']),
    );
  });

  it('R5.8 PROTOCOL.md lists exactly the close codes of the registry', () => {
    assert.deepEqual(
      table('code', 'name', 'reconnect', 'meaning').map((row) => row.slice(0, 3)),
      Object.entries(closeCodes).map(([name, { code, reconnect }]) => [String(code), name, reconnect ? 'yes' : 'no']),
    );
  });

  it('R5.8 the range of a close code says whether to come back', () => {
    for (const { code, reconnect } of Object.values(closeCodes)) {
      assert.equal(shouldReconnect(code), reconnect);
      if (code >= 4000) assert.equal(reconnect, code >= 4500);
    }
    for (const code of [1006, 1005, 1012, 3000, 4999]) assert.equal(shouldReconnect(code), true, String(code));
    for (const code of [4000, 4499]) assert.equal(shouldReconnect(code), false, String(code));
  });

  it('R3.3 a refusal says its code, a sentence and whether a retry helps', () => {
    for (const code of Object.keys(errors) as ErrorCode[]) {
      const { message, ...rest } = new SudaError(code).toWire();
      assert.deepEqual(rest, { code, retry: errors[code].retry });
      assert.match(message, /^[A-Z].*\.$/);
    }
    assert.deepEqual(new SudaError('rate_limited', 'Slowly.', 12).toWire(), {
      code: 'rate_limited',
      message: 'Slowly.',
      retry: true,
      retryAfter: 12,
    });
  });

  it('R3.3 what a retry may mend is the server’s fault or a matter of time', () => {
    for (const { status, retry } of Object.values(errors)) assert.equal(retry, status >= 500 || status === 429);
  });

  it('R3.1 no command names a refusal twice, or one that any command may meet', () => {
    for (const [name, { errors: own }] of Object.entries(commands)) {
      assert.equal(new Set(own).size, own.length, name);
      for (const code of own) assert.ok(!(commonErrors as readonly string[]).includes(code), `${name} ${code}`);
    }
  });
});
