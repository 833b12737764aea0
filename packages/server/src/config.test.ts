import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { ConfigError, readConfig, settingsHelp } from './config.ts';

const none = join(tmpdir(), 'there-is-no-such-file');

describe('settings', () => {
  const folder = mkdtempSync(join(tmpdir(), 'suda-config-'));
  after(() => rmSync(folder, { recursive: true }));
  const envFile = (text: string): string => {
    const path = join(folder, '.env');
    writeFileSync(path, text);
    return path;
  };

  it('have defaults', () => {
    const { config, positionals } = readConfig([], {}, none);
    assert.deepEqual(config, {
      port: 8005,
      host: '::',
      data: './data',
      workers: 1,
      'cookie-secret': undefined,
      'trust-proxy': [],
      origins: [],
      rate: 50,
      'link-previews': true,
      'gif-provider': undefined,
      'gif-key': undefined,
      'gif-url': undefined,
      'log-level': 'info',
    });
    assert.deepEqual(positionals, []);
  });

  it('flags win over the environment, that over .env, that over the defaults', () => {
    const file = envFile('PORT=1\nHOST=h1\nSUDA_DATA="d 1"\nSUDA_RATE=\n');
    const { config } = readConfig(['--port', '3'], { PORT: '2', HOST: 'h2', LOG_LEVEL: '' }, file);
    assert.deepEqual([config.port, config.host, config.data, config.rate, config['log-level']], [3, 'h2', 'd 1', 50, 'info']);
    assert.equal(readConfig(['--port=4'], {}, none).config.port, 4);
  });

  it('lists are separated by commas', () => {
    const { config } = readConfig(
      ['--origins', 'https://a.example, http://b.example:3000/ ,', '--trust-proxy', 'loopback,10.0.0.0/8'],
      {},
      none,
    );
    assert.deepEqual(config.origins, ['https://a.example', 'http://b.example:3000/']);
    assert.deepEqual(config['trust-proxy'], ['loopback', '10.0.0.0/8']);
  });

  const mistakes: readonly (readonly [args: string[], env: Record<string, string>, says: RegExp])[] = [
    [['--port', 'x'], {}, /--port is "x"/],
    [['--port', '65536'], {}, /--port is "65536"/],
    [['--port', '-1'], {}, /port/],
    [['--workers', '0'], {}, /--workers is "0": a whole number from 1 to 64/],
    [['--workers=-1'], {}, /--workers is "-1": a whole number from 1 to 64/],
    [['--workers', '1.5'], {}, /--workers is "1.5": a whole number from 1 to 64/],
    [['--workers', 'abc'], {}, /--workers is "abc": a whole number from 1 to 64/],
    [['--workers', '1000'], {}, /--workers is "1000": a whole number from 1 to 64/],
    [[], { SUDA_WORKERS: 'two' }, /SUDA_WORKERS is "two": a whole number from 1 to 64/],
    [['--port', '80.5'], {}, /--port is "80.5"/],
    [['--gif-provider', 'giphy'], {}, /needs both SUDA_GIF_PROVIDER and SUDA_GIF_KEY/],
    [['--gif-provider', 'tenor', '--gif-key', 'k'], {}, /--gif-provider is "tenor"/],
    [[], { PORT: 'eighty' }, /^PORT is "eighty"/],
    [['--origins', 'example.org'], {}, /an origin looks like https:\/\/example.org/],
    [['--origins', 'https://example.org/path'], {}, /an origin looks like/],
    [['--trust-proxy', 'proxy.local'], {}, /"proxy.local" is neither an IP address nor a CIDR range/],
    [['--trust-proxy', '10.0.0.0/33'], {}, /"10.0.0.0\/33" is neither/],
    [['--rate', '-1'], {}, /--rate is "-1"|ambiguous/],
    [['--log-level', 'loud'], {}, /--log-level is "loud"/],
    [['--nope'], {}, /Unknown option '--nope'[\s\S]*suda --help/],
    [['--port'], {}, /argument missing[\s\S]*suda --help/],
  ];
  for (const [args, env, says] of mistakes)
    it(`P8 ${[...args, ...Object.entries(env).map(([name, value]) => `${name}=${value}`)].join(' ')} is answered with a sentence`, () => {
      assert.throws(
        () => readConfig(args, env, none),
        (error) => error instanceof ConfigError && says.test(error.message),
      );
    });

  it('P8 a short secret is refused without being shown', () => {
    assert.throws(
      () => readConfig([], { COOKIE_SECRET: 'hunter2' }, none),
      (error) => error instanceof ConfigError && /at least 16 characters/.test(error.message) && !error.message.includes('hunter2'),
    );
  });

  it('P8 every mistake is told, and where it stands', () => {
    const file = envFile('PORT=nope\n');
    assert.throws(
      () => readConfig(['--log-level', 'loud'], {}, file),
      (error) => error instanceof ConfigError && error.message.split('\n').length === 2 && error.message.includes(`PORT in ${file}`),
    );
    assert.throws(() => readConfig([], {}, folder), ConfigError);
  });

  it('are all in the help', () => {
    const help = settingsHelp();
    for (const word of [
      '--port',
      'PORT',
      '--cookie-secret',
      'COOKIE_SECRET',
      '--trust-proxy',
      'SUDA_TRUST_PROXY',
      'SUDA_ORIGINS',
      'LOG_LEVEL',
      'SUDA_DATA',
    ])
      assert.ok(help.includes(word), word);
  });
});
