// Papers by post in a real browser: announced on a phone, scanned in by the mailroom, checked, seen by the applicant (RB-1, CLK-4).

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { DESKTOP, PHONE, openBrowser, openContext, signIn } from './lib/browser.mjs';
import { watch } from './lib/checks.mjs';
import { startDemo } from './lib/server.mjs';

/** A Tuesday morning. */
const NOW = '2026-11-24T09:30:00+08:00';
const TRACKING = 'EX123456789CN';

const CLAIM = {
  care: 'outpatient',
  institution_name: '示例医院',
  institution_level: '2',
  institution_region: '371002',
  from: '2026-11-20',
  to: '2026-11-20',
  diagnoses: 'I10',
  covid: 'none',
  invoices: [{ number: 'FP20261120', issued_on: '2026-11-20', total: 20010 }],
  sending: 'post',
  account_holder: '示例',
  bank: '示例银行',
  account_kind: 'card',
  account: '4111111111111111',
  phone: '13800000000',
  pledge: true,
};

describe('papers by post', () => {
  let server;
  let browser;
  let receipt;

  before(async () => {
    server = await startDemo({ at: NOW });
    browser = await openBrowser();
    receipt = await files('resident1');
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  test('announced, scanned, checked, seen', async () => {
    const resident = await open('resident1', { width: PHONE });
    await resident.page.goto(`/my/cases/${receipt}/mail`);
    await resident.page.locator('select[name=courier]').selectOption('ems');
    await resident.page.locator('input[name=tracking]').fill('ex 123 456 789 cn');
    await press(resident.page, '保存');
    assert.match(await main(resident.page), new RegExp(TRACKING));
    await resident.page.goto(`/my/cases/${receipt}/cover-sheet`);
    assert.equal(await resident.page.locator('.mb-barcode svg').count(), 1);
    assert.match(await main(resident.page), new RegExp(receipt));

    const clerk = await open('mailroom1');
    await clerk.page.goto('/mailroom');
    await clerk.page.locator('input[name=code]').fill(TRACKING);
    await press(clerk.page, '查找');
    // What was announced is filled in.
    assert.equal(await clerk.page.locator('textarea[name=cases]').inputValue(), receipt);
    assert.equal(await clerk.page.locator('input[name=tracking]').inputValue(), TRACKING);
    await clerk.page.locator('input[name=sender]').fill('示例甲');
    await press(clerk.page, '登记');
    assert.match(await main(clerk.page), /邮件已登记/);
    await clerk.page.locator('select[name=found-invoice]').selectOption('original');
    await clerk.page.locator('select[name=found-cost-list]').selectOption('missing');
    await clerk.page.locator('input[name=originals]').fill('2');
    await press(clerk.page, '保存核对结果');
    assert.match(await main(clerk.page), /还有 2 张原件待退还/);

    await resident.page.goto(`/my/cases/${receipt}/mail`);
    assert.match(await main(resident.page), /有，原件[\s\S]*|缺失/);
    await resident.page.goto(`/my/cases/${receipt}`);
    assert.match(await main(resident.page), /已收到邮寄材料/);
    await closed(resident, clerk);
  });

  /** Files a claim through the API; answers its receipt number. */
  async function files(username) {
    const send = async (path, body, token) => {
      const headers = { 'Content-Type': 'application/json', ...(token ? { Authorization: `Bearer ${token}`, 'Idempotency-Key': 'browser-mail' } : {}) };
      const reply = await fetch(`${server.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
      assert.ok(reply.ok, await reply.clone().text());
      return reply.json();
    };
    const { access_token: token } = await send('/api/v1/token', { username, password: server.password });
    const body = { item: 'reimbursement', answers: CLAIM };
    return (await send('/api/v1/cases', body, token)).receipt_no;
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
    const button = page.locator('main').getByRole('button', { name, exact: true });
    await Promise.all([page.waitForEvent('load'), button.first().click()]);
  }
});
