// The main journey in a real browser: a resident files question by question, the desk decides, the resident and
// anybody with the receipt sees it. Once with JavaScript in Chinese on a phone, once without it in English.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { DESKTOP, PHONE, openBrowser, openContext, signIn } from './lib/browser.mjs';
import { watch } from './lib/checks.mjs';
import { startDemo } from './lib/server.mjs';

/** A Tuesday morning: one working day after it ends on Wednesday at 17:30 (CLK-1). */
const NOW = '2026-11-24T09:30:00+08:00';
const RECEIPT = /\d{6}-\d{8}-\d{5}-\d/;
const SLUG = 'cross-region-registration';

const ZH = {
  lang: 'zh-CN',
  item: '异地就医备案',
  begin: '开始填写',
  next: '继续',
  city: '320100',
  submit: '提交',
  done: '提交成功',
  due: '2026年11月25日 17:30（星期三）',
  own: '查看办理进度',
  pick: /^取下一件/,
  approve: '批准',
  toReview: '复核',
  approved: '已办结',
  search: '查询',
  receiptNo: '办件编号',
  lastSix: '身份证号最后六位',
};
const EN = {
  lang: 'en',
  item: 'Cross-region registration',
  begin: 'Begin',
  next: 'Continue',
  city: '320500',
  submit: 'Submit',
  done: 'Submitted',
  due: 'Wed 25 Nov 2026, 17:30 Beijing time',
  own: 'See the case',
  pick: /^Take the next case/,
  approve: 'Approve',
  toReview: 'second review',
  approved: 'Approved',
  search: 'Search',
  receiptNo: 'Receipt number',
  lastSix: 'Last six characters of the ID number',
};

describe('a resident files, the desk decides', () => {
  let server;
  let browser;

  before(async () => {
    server = await startDemo({ at: NOW });
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  test('with JavaScript, in Chinese, on a phone', () => journey(ZH, true));
  test('without JavaScript, in English', () => journey(EN, false));

  test('what was typed stays, and the errors stand on top and lead to their fields', async () => {
    const { context, page } = await open('resident1', ZH, true, PHONE);
    await begin(page, ZH);
    await press(page, ZH.next);
    await errorsLeadTo(page, '#f-kind');
    await page.locator('input[name=kind][value=emergency]').check();
    await onTo(page, ZH, 'destination');
    await page.locator('#f-destination').selectOption('370200');
    await onTo(page, ZH, 'start');
    await page.locator('#f-start').fill('2026-02-31');
    await press(page, ZH.next);
    await errorsLeadTo(page, '#f-start');
    assert.equal(await page.locator('#f-start').inputValue(), '2026-02-31');
    assert.equal(await page.locator('#f-start').getAttribute('aria-invalid'), 'true');
    await context.close();
  });

  async function journey(words, script) {
    const resident = await open('resident1', words, script, PHONE);
    const receiptNo = await file(resident.page, words);
    assert.deepEqual(resident.problems(), []);
    await comesBackWithoutFilingTwice(resident.page, words, receiptNo);
    // The way back may have led to a draft that is gone by now.
    resident.problems();
    const wentToReview = await approveAtTheDesk('handler1', words, script, receiptNo);
    if (wentToReview) await approveInReview(words, script, receiptNo);
    await seesTheDecision(resident.page, words, receiptNo);
    assert.deepEqual(resident.problems(), []);
    await resident.context.close();
    await anybodyWithTheReceiptSees(words, script, receiptNo);
  }

  /** A signed-in person's window, or a visitor's; `problems()`: what went wrong in it. */
  async function open(account, words, script, width) {
    const context = await openContext(browser, server.url, { width, script, lang: words.lang });
    if (account) await signIn(context, account);
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    const watched = watch(page);
    return { context, page, problems: () => watched.take() };
  }

  async function press(page, name) {
    const button = page.locator('main').getByRole('button', { name, exact: true });
    await Promise.all([page.waitForEvent('load'), button.click()]);
  }

  async function onTo(page, words, question) {
    await press(page, words.next);
    await page.waitForURL((url) => url.pathname.endsWith(`/${question}`));
  }

  async function errorsLeadTo(page, field) {
    const summary = page.locator('main .govuk-error-summary');
    await summary.waitFor();
    const first = page.locator('main').locator('.govuk-error-summary, h1').first();
    assert.match(await first.getAttribute('class'), /govuk-error-summary/, 'the errors stand above the heading');
    await summary.locator(`a[href="${field}"]`).click();
    assert.ok(await page.locator(field).evaluate((one) => one === document.activeElement), `${field} has the focus`);
  }

  /** From the catalogue to the first question. */
  async function begin(page, words) {
    await page.goto('/items');
    await page.locator('main').getByRole('link', { name: words.item, exact: true }).click();
    await page.waitForURL(`**/items/${SLUG}`);
    await page.locator(`main a[href="/apply/${SLUG}"]`).click();
    await page.waitForURL(`**/apply/${SLUG}`);
    await press(page, words.begin);
    await page.waitForURL((url) => url.pathname.endsWith('/kind'));
  }

  /** Answers every question, checks, submits with a double click; answers the receipt number. */
  async function file(page, words) {
    await begin(page, words);
    await page.locator('input[name=kind][value=emergency]').check();
    await onTo(page, words, 'destination');
    await page.locator('#f-destination').selectOption(words.city);
    await onTo(page, words, 'start');
    assert.equal(await page.locator('#f-start').inputValue(), NOW.slice(0, 10), 'today is filled in');
    await onTo(page, words, 'end');
    await onTo(page, words, 'check');
    const shown = await page.locator('main').innerText();
    assert.match(shown, /\d{3}\*+\d{3}/, 'the ID number is masked');
    await page.locator('#f-pledge').check();
    await page.locator('main').getByRole('button', { name: words.submit, exact: true }).dblclick();
    await page.waitForURL((url) => url.pathname.endsWith('/receipt'));
    const receipt = await page.locator('main').innerText();
    assert.ok(receipt.includes(words.done), receipt);
    assert.ok(receipt.includes(words.due), `due ${words.due}: ${receipt}`);
    assert.ok(await page.locator('.mb-qr svg').isVisible(), 'the QR code is there');
    return RECEIPT.exec(receipt)[0];
  }

  /** After the double click and the way back there is one case, and the check page offers nothing to submit. */
  async function comesBackWithoutFilingTwice(page, words, receiptNo) {
    await page.goBack();
    const submit = page.locator('main').getByRole('button', { name: words.submit, exact: true });
    if ((await submit.count()) > 0) {
      await page.locator('#f-pledge').check();
      await submit.click();
      await page.waitForURL((url) => url.pathname.endsWith('/receipt'));
      assert.ok((await page.locator('main').innerText()).includes(receiptNo), 'the same receipt again');
    }
    await page.goto('/my');
    const mine = (await page.locator('main').innerText()).match(new RegExp(RECEIPT, 'g')) ?? [];
    const today = mine.filter((number) => number.includes(`-${NOW.slice(0, 10).replaceAll('-', '')}-`));
    assert.equal(today.filter((number) => number === receiptNo).length, 1);
    assert.ok(today.every((number) => number <= receiptNo), `no second case: ${today}`);
  }

  /** Takes the next case, and approves what comes, until the wanted one has come and is approved. */
  async function approveAtTheDesk(account, words, script, receiptNo) {
    const { context, page, problems } = await open(account, words, script, DESKTOP);
    for (let cases = 0; cases < 20; cases += 1) {
      await page.goto('/desk');
      await press(page, words.pick);
      await page.waitForURL(/\/desk\/cases\//);
      const isWanted = page.url().includes(receiptNo);
      const done = await approve(page, words, script);
      if (!isWanted) continue;
      assert.ok(done.includes(receiptNo), done);
      assert.deepEqual(problems(), []);
      await context.close();
      return done.includes(words.toReview);
    }
    throw new Error(`${receiptNo} did not come within 20 cases`);
  }

  /** Approves the open case, with scripts by its key; answers the notice of it. */
  async function approve(page, words, script) {
    const left = page.waitForURL((url) => url.searchParams.get('done') === 'approve');
    if (script) await Promise.all([left, page.keyboard.press('a')]);
    else await Promise.all([left, press(page, words.approve)]);
    return page.locator('.govuk-notification-banner--success').innerText();
  }

  async function approveInReview(words, script, receiptNo) {
    const { context, page } = await open('reviewer1', words, script, DESKTOP);
    await page.goto('/desk/reviews');
    await page.locator('main').getByRole('link', { name: receiptNo }).click();
    await page.waitForURL(/\/desk\/cases\//);
    await approve(page, words, script);
    await context.close();
  }

  async function seesTheDecision(page, words, receiptNo) {
    await page.goto(`/my/cases/${receiptNo}`);
    assert.ok((await page.locator('main').innerText()).includes(words.approved), 'the case page says it is approved');
    await page.goto('/inbox');
    assert.ok((await page.locator('main').innerText()).includes(receiptNo), 'a message tells it');
  }

  async function anybodyWithTheReceiptSees(words, script, receiptNo) {
    const accounts = await (await fetch(`${server.url}/api/v1/demo/accounts`)).json();
    const { id_number: idNumber } = accounts.items.find(({ username }) => username === 'resident1');
    const { context, page, problems } = await open(null, words, script, PHONE);
    await page.goto('/progress');
    await page.getByLabel(words.receiptNo).fill(receiptNo);
    await page.getByLabel(words.lastSix).fill(idNumber.slice(-6));
    await press(page, words.search);
    const shown = await page.locator('main').innerText();
    assert.ok(shown.includes(receiptNo), shown);
    assert.ok(shown.includes(words.approved), shown);
    assert.ok(!shown.includes(idNumber), 'no personal data');
    assert.deepEqual(problems(), []);
    await context.close();
  }
});
