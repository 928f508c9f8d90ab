// Starts and stops the service for a test: the real binary, the demo world, a directory and a port of its own.
// Knows no page.

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const checkout = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../../..');

/** The program under test: BUJIANMIAN_BIN, or what `cargo build --release` made. */
export function program() {
  const target = process.env.CARGO_TARGET_DIR ?? join(checkout, 'target');
  const path = process.env.BUJIANMIAN_BIN ?? join(target, 'release', 'bujianmian');
  if (!existsSync(path)) throw new Error(`${path} is missing: cargo build --release`);
  return path;
}

/**
 * Starts `bujianmian demo` and waits until it is ready.
 * `at`: where the demo's clock starts (RFC 3339); `env`: more environment, e.g. DATABASE_URL.
 * Answers { url, password, pid, stop() }; stop() ends that process and deletes its data.
 */
export async function startDemo({ at, env = {}, readyWithin = 60_000 } = {}) {
  const binary = program();
  const data = await mkdtemp(join(tmpdir(), 'bujianmian-demo-'));
  const password = randomBytes(9).toString('base64url');
  const port = await freePort();
  const args = ['demo', '--port', String(port), '--data', data, ...(at ? ['--at', at] : [])];
  const child = spawn(binary, args, {
    cwd: data,
    env: { ...surroundings(), BUJIANMIAN_DEMO_PASSWORD: password, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = createWriteStream(join(data, 'server.log'));
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const ended = new Promise((done) => {
    child.once('exit', done);
    child.once('error', done);
  });
  const stop = () => end(child, ended).then(() => rm(data, { recursive: true, force: true }));
  const url = `http://127.0.0.1:${port}`;
  try {
    await ready(url, child, readyWithin);
  } catch (problem) {
    await end(child, ended);
    const tail = (await readFile(join(data, 'server.log'), 'utf8').catch(() => '')).split('\n').slice(-20).join('\n');
    await rm(data, { recursive: true, force: true });
    throw new Error(`${problem.message}\n${tail}`);
  }
  return { url, password, pid: child.pid, stop };
}

/** This process's environment without the settings of the service and of its tests: it refuses names it doesn't know. */
function surroundings() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('BUJIANMIAN_')));
}

async function ready(url, child, within) {
  const until = Date.now() + within;
  while (Date.now() < until) {
    if (child.exitCode !== null) throw new Error(`the server ended with code ${child.exitCode}`);
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    if (answer?.ok) return;
    await pause(100);
  }
  throw new Error(`the server was not ready within ${within / 1000} s`);
}

async function end(child, ended) {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(late);
}

function freePort() {
  return new Promise((done, failed) => {
    const probe = createServer().once('error', failed);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}
