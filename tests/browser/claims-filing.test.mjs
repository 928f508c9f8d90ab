// Filing a claim for reimbursement on a phone in a real browser (RB-4, RB-5): lines typed and brought as a list, what is told while
// the applicant is still there, the case as it was filed.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { PHONE, openBrowser, openContext, signIn } from './lib/browser.mjs';
import { checkPage, watch } from './lib/checks.mjs';
import { startDemo } from './lib/server.mjs';

/** A Tuesday morning. */
const NOW = '2026-11-24T09:30:00+08:00';
const DAY = '2026-11-14';
const LOOK = { lang: 'zh-CN', print: 'normal' };

describe('filing a claim', () => {
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

  test('line by line, with a list of the hospital, up to the receipt', async () => {
    const context = await openContext(browser, server.url, { width: PHONE });
    await signIn(context, 'resident1');
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    const watched = watch(page);

    await page.goto('/apply/reimbursement');
    assert.match(await main(page), /2026 年的费用/);
    await press(page, /开始/);
    await choose(page, 'care', 'outpatient');
    await page.locator('input[name=sought]').fill('医院');
    await press(page, '查找');
    assert.deepEqual(await checkPage(page, LOOK), []);
    await page.locator('input[type=radio][name=institution]').first().check();
    await press(page, '继续');
    await fill(page, 'from', DAY);
    await fill(page, 'to', '');
    await page.locator('textarea[name=diagnoses]').fill('I10.x00, U99');
    await press(page, '继续');
    assert.match(await main(page), /没有疾病编码 U99/);
    await page.locator('textarea[name=diagnoses]').fill('I10.x00');
    await press(page, '继续');
    await choose(page, 'covid', 'none');

    await cells(page, 'invoices.new', { number: 'FP20261114', issued_on: DAY, total: '180.00' });
    await press(page, '添加这一行');
    assert.match(await main(page), /共 1 行，合计 ¥180\.00/);
    await press(page, '继续');
    await choose(page, 'sending', 'post');

    const lines = new URL(page.url()).pathname;
    await page.goto(`${lines}/list`);
    const rows = Array.from({ length: 119 }, (_, at) => `${DAY},示例项目${at + 1},甲类,1.50`);
    const list = `\ufeff日期,项目,类别,金额\n${rows.join('\n')}\n`;
    await page.locator('input[type=file]').setInputFiles({ name: '清单.csv', mimeType: 'text/csv', buffer: Buffer.from(list) });
    await press(page, '导入');
    assert.match(await main(page), /多（少）-¥1\.50/);
    assert.deepEqual(await checkPage(page, LOOK), []);
    await cells(page, 'lines.new', { day: DAY, name: '示例检查', amount: '1.50' });
    await press(page, '添加这一行');
    assert.match(await main(page), /与票据合计 ¥180\.00 一致/);
    await press(page, '继续');

    await page.locator('textarea[name=account_holder]').fill('示例参保人');
    await press(page, '继续');
    await page.locator('textarea[name=bank]').fill('示例银行');
    await press(page, '继续');
    await choose(page, 'account_kind', 'card');
    await page.locator('input[name=account]').fill('6222020000000000001');
    await press(page, '继续');
    assert.match(await main(page), /校验位不符/);
    await page.locator('input[name=account]').fill('6222 0200 0000 0000 000');
    await press(page, '继续');
    assert.match(await main(page), /6222 0200 0000 0000 000/);
    assert.deepEqual(await checkPage(page, LOOK), []);
    await page.locator('input[name=pledge]').check();
    await press(page, /提交/);
    assert.match(await main(page), /371000-\d{8}-/);

    const number = (await main(page)).match(/371000-\d{8}-\d+-\w/)[0];
    await page.goto(`/my/cases/${number}`);
    assert.match(await main(page), /报销内容[\s\S]*\*\*\*\* 0000/);
    assert.deepEqual(watched.take(), []);
    await context.close();
  });

  const main = (page) => page.locator('main').innerText();

  async function press(page, name) {
    const button = page.locator('main').getByRole('button', { name });
    await Promise.all([page.waitForEvent('load'), button.first().click()]);
  }

  async function choose(page, field, value) {
    await page.locator(`input[name=${field}][value=${value}]`).check();
    await press(page, '继续');
  }

  async function fill(page, field, value) {
    await page.locator(`input[name=${field}]`).fill(value);
    await press(page, '继续');
  }

  async function cells(page, line, values) {
    for (const [column, value] of Object.entries(values)) {
      await page.locator(`input[name="${line}.${column}"]`).fill(value);
    }
  }
});
