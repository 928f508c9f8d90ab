// A claim that was approved is paid in a real browser: the officer makes a batch and fetches its file, the bank could not
// pay, the applicant puts the account right on a phone, a second batch is paid, and who bears the subsidy is looked at (RB-6,
// SET-8). What comes before the approval is told elsewhere and done over the API here.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { DESKTOP, PHONE, openBrowser, openContext, signIn } from './lib/browser.mjs';
import { watch } from './lib/checks.mjs';
import { startDemo } from './lib/server.mjs';

/** A Tuesday morning. */
const NOW = '2026-11-24T09:30:00+08:00';
const ANSWERS = {
  care: 'outpatient',
  institution_name: '示例医院',
  institution_level: '2',
  institution_region: '371002',
  from: '2026-11-10',
  to: '2026-11-10',
  diagnoses: 'I10',
  covid: 'none',
  sending: 'counter',
  invoices: [{ number: '37202611109901', issued_on: '2026-11-10', total: 90_000 }],
  lines: [{ day: '2026-11-10', name: '示例药品', class: 'A', amount: 90_000 }],
  account_holder: '示例居民',
  bank: '示例银行',
  account_kind: 'card',
  account: '6222020000000000000',
  phone: '13800000000',
  pledge: true,
};

describe('payments', () => {
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

  test('failed, put right on a phone, paid', async () => {
    const receipt = await approved();
    const officer = await open('finance1');
    await officer.page.goto('/workplace');
    await follow(officer.page, '支付');
    assert.match(await main(officer.page), new RegExp(receipt));
    const first = await batch(officer.page, receipt);
    await bankSays(officer.page, `${first.order},${first.amount},失败,户名不符,\n`);
    assert.match(await main(officer.page), /付款失败/);

    const resident = await open('resident1', { width: PHONE });
    await resident.page.goto(`/my/cases/${receipt}`);
    await follow(resident.page, '更正收款账户');
    assert.match(await main(resident.page), /户名不符/);
    await fill(resident.page, '6222020000000000004');
    await press(resident.page, '更正并付款');
    assert.match(await main(resident.page), /校验/);
    // That answer alone was no page to be had.
    assert.match(resident.problems().join(), /answer 422/);
    await fill(resident.page, '4111111111111111');
    await press(resident.page, '更正并付款');
    assert.equal(new URL(resident.page.url()).pathname, `/my/cases/${receipt}`);

    await officer.page.goto('/finance');
    const second = await batch(officer.page, receipt);
    const results = `${second.order},${second.amount},成功,,2026-11-24\n`;
    await bankSays(officer.page, results);
    await bankSays(officer.page, results);
    assert.match(await main(officer.page), /此前已知：1/);
    await resident.page.reload();
    assert.match(await main(resident.page), /已付|已办结/);
    await officer.page.goto('/finance/shares');
    await officer.page.locator('main').getByRole('heading', { level: 1 }).waitFor();
    await closed(officer, resident);
  });

  /** Makes a batch, reads its file and sends it; answers what it says of the case. */
  async function batch(page, receipt) {
    await press(page, '制作批次');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.locator('main a').filter({ hasText: '银行文件' }).first().click(),
    ]);
    const rows = (await readFile(await download.path(), 'utf8')).split('\n').map((row) => row.split(','));
    const row = rows.find((cells) => cells.at(-1)?.endsWith(receipt));
    assert.ok(row, `${receipt} is not in the file`);
    await press(page, '已报送银行');
    return { order: row[1], amount: row[6] };
  }

  /** Uploads a file of the bank with these rows. */
  async function bankSays(page, rows) {
    const text = `支付单号,金额,结果,原因,日期\n${rows}`;
    const file = { name: '回执.csv', mimeType: 'text/csv', buffer: Buffer.from(text) };
    await page.locator('input[type=file]').setInputFiles(file);
    await press(page, '导入回执');
  }

  async function fill(page, account) {
    await page.locator('[name=account_holder]').fill('示例居民');
    await page.locator('[name=bank]').fill('示例银行');
    await page.locator('input[name=account_kind][value=card]').check();
    await page.locator('[name=account]').fill(account);
  }

  /** A claim taken in at the counter and reviewed by two; answers its receipt number. */
  async function approved() {
    const { items } = await (await fetch(`${server.url}/api/v1/demo/accounts`)).json();
    const person = items.find((one) => one.username === 'resident1');
    const filed = await call('handler1', '/api/v1/cases', {
      item: 'reimbursement',
      answers: ANSWERS,
      for: { id_number: person.id_number },
      at_counter: { document: 'id-card' },
    });
    const act = (who, action, seen, more = {}) =>
      call(who, `/api/v1/cases/${seen.receipt_no}/actions/${action}`, { version: seen.version, ...more });
    const taken = await act('handler1', 'claim', filed, { reason: '示例：先办' });
    const reviewed = await act('handler1', 'approve', taken);
    const done = await act('reviewer1', 'approve', reviewed);
    assert.equal(done.stage, 'payment');
    return done.receipt_no;
  }

  async function call(username, path, body) {
    const post = (at, content, headers = {}) =>
      fetch(`${server.url}${at}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...headers },
        body: JSON.stringify(content),
      });
    const token = await (await post('/api/v1/token', { username, password: server.password })).json();
    const answer = await post(path, body, {
      Authorization: `Bearer ${token.access_token}`,
      'Idempotency-Key': crypto.randomUUID(),
    });
    const text = await answer.text();
    assert.ok(answer.ok, `${path}: ${answer.status} ${text}`);
    return JSON.parse(text);
  }

  async function open(account, { width = DESKTOP } = {}) {
    const context = await openContext(browser, server.url, { width });
    await signIn(context, account);
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    const watched = watch(page);
    return { context, page, problems: () => watched.take() };
  }

  async function closed(...visits) {
    for (const { context, problems } of visits) {
      assert.deepEqual(problems(), []);
      await context.close();
    }
  }

  const main = (page) => page.locator('main').innerText();

  async function press(page, name) {
    const button = page.locator('main').getByRole('button', { name });
    await Promise.all([page.waitForEvent('load'), button.first().click()]);
  }

  async function follow(page, name) {
    const link = page.locator('main a').filter({ hasText: name }).first();
    await Promise.all([page.waitForEvent('load'), link.click()]);
  }
});
