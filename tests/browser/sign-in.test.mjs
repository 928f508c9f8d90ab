// Signing in as people do it in a browser: at an identity platform and back, and with one-time codes of a phone. The
// platform is a real provider (lib/provider.mjs). With JavaScript on a phone in Chinese, without it in English.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { DESKTOP, PHONE, PRINTS, openBrowser, openContext } from './lib/browser.mjs';
import { HtmlPile, checkPage, watch } from './lib/checks.mjs';
import { openPlatform } from './lib/provider.mjs';
import { startDemo } from './lib/server.mjs';

const ZH = { lang: 'zh-CN', platform: '用示例省身份认证登录', cancelled: '登录已取消', unknown: '没有找到您的账号' };
const EN = { lang: 'en', platform: 'Sign in with 示例省身份认证', cancelled: 'Sign-in cancelled', unknown: 'No account was found' };

/** Pictures of the pages go into this folder, when it is named. */
const PICTURES = process.env.SIGN_IN_PICTURES;

describe('signing in', () => {
  let platform;
  let server;
  let browser;
  let people;
  const html = new HtmlPile();

  before(async () => {
    platform = await openPlatform();
    server = await startDemo({ env: platform.env, readyWithin: 240_000 });
    platform.serve(server.url);
    browser = await openBrowser();
    people = (await (await fetch(`${server.url}/api/v1/demo/accounts`)).json()).items;
    if (PICTURES) await mkdir(PICTURES, { recursive: true });
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
    await platform?.stop();
  });

  const person = (username) => people.find((one) => one.username === username);

  async function open(words, script, width) {
    const context = await openContext(browser, server.url, { width, script, lang: words.lang });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    return { context, page };
  }

  /** From the sign-in page to the platform, where somebody says who they are and agrees. */
  async function signInAtThePlatform(page, words, name) {
    await page.goto('/login?next=%2Faccount');
    await page.locator('main').getByRole('button', { name: words.platform }).click();
    await page.locator('input[name=login]').fill(name);
    await page.locator('input[name=password]').fill('any');
    await page.locator('button[type=submit]').click();
    await page.locator('button[type=submit]').click();
    await page.waitForURL((url) => url.origin === server.url);
  }

  for (const [words, script, width] of [[ZH, true, PHONE], [EN, false, DESKTOP]]) {
    test(`a resident comes back from the platform (${words.lang})`, async () => {
      const { context, page } = await open(words, script, width);
      await signInAtThePlatform(page, words, `resident:${person('resident1').id_number}`);
      assert.equal(new URL(page.url()).pathname, '/account');
      assert.match(await page.locator('main').innerText(), /resident1/);
      await context.close();
    });

    test(`a member of staff comes back, nobody unknown does (${words.lang})`, async () => {
      const staff = await open(words, script, width);
      await signInAtThePlatform(staff.page, words, 'staff:handler1');
      assert.match(await staff.page.locator('main').innerText(), /handler1/);
      await staff.context.close();
      const nobody = await open(words, script, width);
      await signInAtThePlatform(nobody.page, words, 'staff:nobody');
      assert.match(await nobody.page.locator('h1').innerText(), new RegExp(words.unknown));
      if (script) assert.deepEqual(await checkPage(nobody.page, { lang: words.lang }), []);
      await nobody.context.close();
    });

    test(`whoever gives up at the platform reads what to do (${words.lang})`, async () => {
      const { context, page } = await open(words, script, width);
      await page.goto('/login');
      await page.locator('main').getByRole('button', { name: words.platform }).click();
      await page.getByRole('link', { name: /cancel/i }).click();
      await page.waitForURL((url) => url.origin === server.url);
      assert.match(await page.locator('h1').innerText(), new RegExp(words.cancelled));
      await context.close();
    });
  }

  test('a member of staff sets up one-time codes and signs in with one', () => codes(ZH, true, PHONE, 'handler2'));
  test('the same without JavaScript', () => codes(EN, false, DESKTOP, 'handler3'));

  async function codes(words, script, width, username) {
    const { context, page } = await open(words, script, width);
    const problems = watch(page);
    await byPassword(page, username);
    await page.goto('/account/second-factor');
    await look(page, words, 'second-factor-begin');
    await submit(page);
    await look(page, words, 'second-factor-teach');
    await page.locator('main details summary').first().click();
    const secret = (await page.locator('main p.mb-code').innerText()).replaceAll(' ', '');
    await page.locator('#f-code').fill(code(secret, 0));
    await submit(page);
    await look(page, words, 'recovery-codes');
    const recovery = await page.locator('main li .mb-code').allInnerTexts();
    assert.equal(recovery.length, 10);
    await page.goto('/account/second-factor');
    await look(page, words, 'second-factor-stands');
    await page.goto('/account');
    await look(page, words, 'account');
    assert.deepEqual(problems.take(), []);
    await context.close();

    const again = await open(words, script, width);
    await byPassword(again.page, username);
    assert.equal(new URL(again.page.url()).pathname, '/login/code');
    await look(again.page, words, 'login-code');
    await again.page.locator('#f-code').fill('000000');
    await submit(again.page);
    await look(again.page, words, 'login-code-wrong');
    await again.page.locator('#f-code').fill(code(secret, 1));
    await submit(again.page);
    assert.notEqual(new URL(again.page.url()).pathname, '/login/code');
    await again.context.close();

    const lost = await open(words, script, width);
    await byPassword(lost.page, username);
    await lost.page.locator('main details summary').first().click();
    await lost.page.locator('#f-recovery-code').fill(recovery[0]);
    await submit(lost.page);
    assert.notEqual(new URL(lost.page.url()).pathname, '/login/code');
    await lost.context.close();
  }

  test('administrators find a login and reset its codes', async () => {
    for (const [words, script, width] of [[ZH, true, PHONE], [EN, false, DESKTOP]]) {
      const { context, page } = await open(words, script, width);
      await byPassword(page, 'admin1');
      await page.goto('/admin/accounts');
      await look(page, words, 'admin-accounts');
      await page.locator('#f-q').fill('handler2');
      await page.locator('main form[role=search] button').click();
      await page.locator('main').getByRole('link', { name: 'handler2', exact: true }).click();
      await page.waitForURL('**/admin/accounts/handler2');
      await look(page, words, 'admin-account');
      const reset = page.locator('main form[action$="/reset-second-factor"] button');
      if (script) await Promise.all([page.waitForEvent('load'), reset.click()]);
      assert.equal(await reset.count(), 0, 'there is nothing to reset any more');
      await context.close();
    }
    const { context, page } = await open(ZH, true, PHONE);
    await page.goto('/login');
    await look(page, ZH, 'login');
    await context.close();
  });

  test('the HTML of all these pages is valid', async () => {
    assert.ok(html.size >= 8, `${html.size} pages`);
    assert.deepEqual(await html.validate(), []);
  });

  async function byPassword(page, username) {
    await page.goto('/login');
    await page.locator('#f-username').fill(username);
    await page.locator('#f-password').fill(server.password);
    await page.locator('main form').first().locator('button[type=submit]').click();
    await page.waitForURL((url) => url.pathname !== '/login');
  }

  /** Presses the main button of the page's first form. */
  async function submit(page) {
    await Promise.all([page.waitForEvent('load'), page.locator('main form button.govuk-button').first().click()]);
  }

  /**
   * Checks a page and, when a folder is named, takes its pictures. Chinese pages have scripts, which the checks need;
   * English ones have none and are as they were served.
   */
  async function look(page, words, name) {
    if (words === ZH) assert.deepEqual(await checkPage(page, { lang: words.lang }), [], name);
    else html.add(name, await page.content());
    if (!PICTURES) return;
    for (const width of [PHONE, DESKTOP]) {
      for (const print of PRINTS) {
        await page.setViewportSize({ width, height: 844 });
        await page.evaluate((large) => document.documentElement.classList.toggle('large', large), print === 'large');
        await page.screenshot({ path: join(PICTURES, `${name}-${words.lang}-${width}-${print}.png`), fullPage: true });
      }
    }
    await page.evaluate(() => document.documentElement.classList.remove('large'));
  }
});

/** What a phone shows that learned the secret: so many steps of 30 s from now (RFC 6238). */
function code(secret, steps) {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret].map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const tag = createHmac('sha1', key).update(counter).digest();
  const number = tag.readUInt32BE(tag[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}
