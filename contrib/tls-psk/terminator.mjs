#!/usr/bin/env node
// TLS-PSK in front of Waybill, for Tencent SDK builds that prove themselves in the handshake and send no MQTT password.
// The handshake proves the device (identity = client id, key = device secret); the first packet must be the CONNECT of that same
// device and gets the password it lacks; after that bytes only pass through. See README.md beside this file.

import { constants, createHmac, randomBytes } from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync, watchFile } from 'node:fs';
import net from 'node:net';
import tls from 'node:tls';
import { parseArgs } from 'node:util';

const PATIENCE = 10_000; // ms for the handshake, then for CONNECT, then for Waybill to accept
const LONGEST_CONNECT = 4096; // Tencent's SDKs build theirs in 2048 bytes
const LARGEST_RECORD = 2048; // their TLS buffers hold records of 3584 bytes
const CIPHERS = 'ECDHE-PSK-AES128-CBC-SHA256:PSK-AES256-GCM-SHA384:PSK-AES128-GCM-SHA256:PSK-AES256-CBC-SHA:PSK-AES128-CBC-SHA';

const options = readOptions();
let secrets = new Map(); // client id -> key
try {
  secrets = readSecrets(options.secrets);
} catch (error) {
  fail(error.message);
}
watchFile(options.secrets, { interval: 1000 }, () => {
  try {
    secrets = readSecrets(options.secrets);
    log(`secrets read again: ${secrets.size} devices`);
  } catch (error) {
    log(`secrets not read again, the former ones stay: ${error.message}`);
  }
});

const claims = new WeakMap(); // socket -> { identity, key, from }: proven once 'secureConnection' comes
const server = tls.createServer({
  minVersion: 'TLSv1.2',
  maxVersion: 'TLSv1.2',
  ciphers: CIPHERS,
  // a resumed session would not ask for the key again
  secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION,
  handshakeTimeout: PATIENCE,
  keepAlive: true,
  noDelay: true,
  pskCallback(socket, identity) {
    const key = secrets.get(identity);
    claims.set(socket, { identity, key, from: addressOf(socket) });
    return key ?? randomBytes(16); // RFC 4279, 2: an unknown device looks like a wrong key
  },
});
server.on('tlsClientError', (error, socket) => {
  if (claims.has(socket) && !claims.get(socket).key) refuse(socket, 'unknown device');
  else if (error.code === 'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC') refuse(socket, 'wrong key');
  else refuse(socket, error.code ?? error.message);
});
server.on('secureConnection', (socket) => {
  socket.on('error', () => {}); // 'close' follows
  socket.setMaxSendFragment(LARGEST_RECORD);
  if (claims.get(socket)?.key) awaitConnect(socket, claims.get(socket));
  else refuse(socket, 'no key was shown');
});
server.on('error', (error) => (server.listening ? log(error.message) : fail(error.message)));
server.listen(options.listen, () => log(`listening on port ${server.address().port}, ${secrets.size} devices`));

function awaitConnect(socket, claim) {
  let bytes = Buffer.alloc(0);
  const timer = setTimeout(() => refuse(socket, 'no CONNECT in time'), PATIENCE);
  socket.once('close', () => clearTimeout(timer));
  socket.on('data', function take(chunk) {
    bytes = Buffer.concat([bytes, chunk]);
    try {
      const signed = signConnect(bytes, claim);
      if (!signed) return;
      clearTimeout(timer);
      socket.off('data', take).pause();
      passThrough(socket, signed);
    } catch (error) {
      refuse(socket, error.message);
    }
  });
}

/** Everything received so far with a password in its CONNECT; null while that is incomplete. Throws at anything but the device's own CONNECT. */
function signConnect(bytes, { identity, key }) {
  if (bytes[0] !== 0x10) throw new Error('the first packet is no CONNECT');
  const start = bytes[1] < 0x80 ? 2 : 3;
  if (bytes.length < start) return null;
  const end = start + (bytes[1] & 0x7f) + (start === 3 ? bytes[2] * 128 : 0);
  if (end - start > LONGEST_CONNECT) throw new Error('CONNECT is too long');
  if (bytes.length < end) return null;
  const body = Buffer.from(bytes.subarray(start, end));
  const { clientId, userName, flagsAt } = readConnect(body);
  if (clientId !== identity) throw new Error('client id is another device');
  if (userName.split(';')[0] !== identity) throw new Error('user name is another device');
  body[flagsAt] |= 0x40;
  const password = Buffer.from(`${createHmac('sha256', key).update(userName).digest('hex')};hmacsha256`);
  const length = body.length + 2 + password.length;
  const header = length < 0x80 ? [0x10, length] : [0x10, 0x80 | (length & 0x7f), length >> 7];
  return Buffer.concat([Buffer.from(header), body, Buffer.from([0, password.length]), password, bytes.subarray(end)]);
}

/** MQTT 3.1, 3.1.1 and 5.0, section 3.1 of each. The user name comes last, as there is no password. */
function readConnect(body) {
  let at = 0;
  const take = (count) => {
    if (at + count > body.length) throw new Error('CONNECT is cut short');
    return body.subarray(at, (at += count));
  };
  const field = () => take(take(2).readUInt16BE());
  const text = () => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(field());
  const properties = () => {
    const [low] = take(1);
    take(low < 0x80 ? low : (low & 0x7f) + take(1)[0] * 128); // beyond two bytes it is longer than any CONNECT here
  };
  const version = `${text()} ${take(1)[0]}`;
  if (!['MQIsdp 3', 'MQTT 4', 'MQTT 5'].includes(version)) throw new Error('CONNECT of no MQTT known');
  const flagsAt = at;
  const [flags] = take(1);
  if ((flags & 0xc1) !== 0x80) throw new Error('CONNECT needs a user name and no password');
  take(2); // keep alive
  if (version === 'MQTT 5') properties();
  const clientId = text();
  if (flags & 0x04) {
    if (version === 'MQTT 5') properties();
    field(); // will topic
    field(); // will payload
  }
  const userName = text();
  if (at !== body.length) throw new Error('CONNECT is longer than what it says');
  return { clientId, userName, flagsAt };
}

function passThrough(socket, connect) {
  const upstream = net.connect({ ...options.upstream, noDelay: true, keepAlive: true });
  upstream.setTimeout(PATIENCE, () => upstream.destroy(new Error('timed out')));
  upstream.on('error', (error) => upstream.bytesWritten || refuse(socket, `Waybill cannot be reached: ${error.code ?? error.message}`));
  upstream.once('connect', () => {
    upstream.setTimeout(0);
    upstream.write(connect);
    socket.pipe(upstream).pipe(socket);
  });
  socket.once('close', () => upstream.destroySoon());
  upstream.once('close', () => {
    socket.destroySoon();
    socket.setTimeout(PATIENCE, () => socket.destroy()); // it may not want to read the rest
  });
}

function refuse(socket, reason) {
  const claim = claims.get(socket);
  const who = claim ? ` ${claim.identity.replace(/[^\x21-\x7e]/g, '?').slice(0, 80)}` : '';
  log(`refused ${claim?.from ?? addressOf(socket)}${who}: ${reason}`);
  socket.destroy();
}

function addressOf(socket) {
  return socket.remoteAddress ? `${socket.remoteAddress}:${socket.remotePort}` : 'a lost connection';
}

/** Lines `product,device,secret`, the secret in base64 as the device holds it. Errors name the line, never what is in it. */
function readSecrets(path) {
  const file = openSync(path, 'r');
  try {
    if (process.platform !== 'win32' && fstatSync(file).mode & 0o077) throw new Error(`${path} can be read by others: chmod 600`);
    const read = new Map();
    readFileSync(file, 'utf8').split(/\r?\n/).forEach((line, index) => {
      if (line === '' || (index === 0 && line === 'product,device,secret')) return;
      const [, product, device, secret] = /^([A-Za-z0-9]{10}),([\w:.-]{1,48}),([A-Za-z0-9+/]+={0,2})$/.exec(line) ?? [];
      const key = Buffer.from(secret ?? '', 'base64');
      if (key.length < 8 || secret.length > 64 || secret.length % 4) throw new Error(`${path}:${index + 1} is not product,device,base64 secret`);
      if (read.has(product + device)) throw new Error(`${path}:${index + 1} names a device again`);
      read.set(product + device, key);
    });
    return read;
  } finally {
    closeSync(file);
  }
}

function readOptions() {
  const { WAYBILL_PSK_LISTEN: listen = '8883', WAYBILL_PSK_UPSTREAM: upstream = '127.0.0.1:1883', WAYBILL_PSK_SECRETS: secrets } = process.env;
  try {
    const { values } = parseArgs({ options: { listen: { type: 'string', default: listen }, upstream: { type: 'string', default: upstream }, secrets: { type: 'string', default: secrets } } });
    if (!values.secrets) throw new Error('--secrets FILE is needed');
    return { listen: endPoint(values.listen), upstream: endPoint(values.upstream), secrets: values.secrets };
  } catch (error) {
    return fail(`${error.message}\nterminator.mjs [--listen [HOST:]PORT] [--upstream HOST:PORT] --secrets FILE`);
  }
}

function endPoint(text) {
  const [, six, host, port] = /^(?:(?:\[(.+)\]|([^:]+)):)?(\d{1,5})$/.exec(text) ?? [];
  if (!(port <= 65535)) throw new Error(`${text} is not [HOST:]PORT`);
  return { host: six ?? host, port: Number(port) };
}

function log(line) {
  process.stdout.write(`${line}\n`);
}

function fail(reason) {
  process.stderr.write(`${reason}\n`);
  process.exit(2);
}
