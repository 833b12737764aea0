import assert from 'node:assert/strict';
import type { NetworkInterfaceInfo } from 'node:os';
import { test } from 'node:test';
import { reachOf } from './reach.ts';

const at = (address: string, more: Partial<NetworkInterfaceInfo> = {}) =>
  ({ address, family: address.includes(':') ? 'IPv6' : 'IPv4', internal: false, ...more }) as NetworkInterfaceInfo;

const machine = {
  lo: [at('127.0.0.1', { internal: true }), at('::1', { internal: true })],
  docker0: [at('172.17.0.1')],
  usb0: [at('169.254.7.7'), at('192.168.42.9')],
  wlan0: [at('192.168.0.23'), at('fe80::1')],
};

test('50 a server that listens everywhere is reached under the addresses of its networks, the likeliest first', () => {
  const urls = ['http://192.168.0.23:8005', 'http://192.168.42.9:8005'];
  for (const host of ['::', '0.0.0.0']) assert.deepEqual(reachOf(host, 8005, machine), urls, host);
});

test('50 one that listens to its own machine alone is reached by nobody else', () => {
  for (const host of ['127.0.0.1', 'localhost', '::1']) assert.deepEqual(reachOf(host, 8005, machine), [], host);
});

test('50 one that listens on an address is reached under that', () => {
  assert.deepEqual(reachOf('192.168.0.23', 80, machine), ['http://192.168.0.23:80']);
  assert.deepEqual(reachOf('fd00::5', 80, machine), ['http://[fd00::5]:80']);
  assert.deepEqual(reachOf('::', 80, {}), []);
});
