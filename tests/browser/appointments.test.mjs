// An appointment at a counter in a real browser: booked on a phone, moved, taken in at the counter by one press, with the
// receipt at once (RB-2, RB-3, MON-3); and the plan of the counters.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { DESKTOP, PHONE, openBrowser, openContext, signIn } from './lib/browser.mjs';
import { checkPage, watch } from './lib/checks.mjs';
import { startDemo } from './lib/server.mjs';

/** A Tuesday morning. */
const NOW = '2026-11-24T08:00:00+08:00';

describe('appointments at a counter', () => {
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

  test('booked and moved on a phone, taken in at the counter', async () => {
    const resident = await open('resident1', { width: PHONE });
    await resident.page.goto('/appointments');
    await follow(resident.page, '预约窗口');
    await resident.page.locator('select[name=item]').selectOption('reimbursement');
    await press(resident.page, '查看时段');
    assert.ok((await resident.page.locator('a.mb-day').count()) >= 8, await main(resident.page));
    assert.deepEqual(await checkPage(resident.page, { lang: 'zh-CN', print: 'normal' }), []);
    await press(resident.page, /09:00–09:30/);
    assert.match(await main(resident.page), /预约成功/);
    assert.match(await main(resident.page), /到场须知/);
    const [file] = await Promise.all([
      resident.page.waitForEvent('download'),
      resident.page.locator('main a').filter({ hasText: '存入日历' }).click(),
    ]);
    assert.equal(file.suggestedFilename(), 'appointment.ics');
    await follow(resident.page, '改约');
    await press(resident.page, /10:00–10:30/);
    assert.match(await main(resident.page), /10:00–10:30/);
    assert.deepEqual(await checkPage(resident.page, { lang: 'zh-CN', print: 'normal' }), []);

    const desk = await open('handler1');
    await desk.page.goto('/desk/appointments');
    assert.deepEqual(await checkPage(desk.page, { lang: 'zh-CN', print: 'normal' }), []);
    await follow(desk.page, /^收件/);
    await desk.page.locator('input[name=document][value=id-card]').check();
    await press(desk.page, '继续');
    for (const [name, value] of Object.entries(TYPED)) await fill(desk.page, name, value);
    await press(desk.page, '提交');
    assert.match(await main(desk.page), /请打印本页交给办事人/);
    assert.match(await main(desk.page), /371000-\d{8}-/);
    await desk.page.goto('/desk/appointments');
    assert.match(await main(desk.page), /已到场/);

    await resident.page.goto('/appointments');
    assert.match(await main(resident.page), /已到场/);
    await closed(resident, desk);
  });

  test('without JavaScript a time is booked and given up', async () => {
    const { context, page, problems } = await open('resident2', { width: PHONE, script: false });
    await page.goto('/appointments/new?item=reimbursement');
    await press(page, /14:00–14:30/);
    await page.locator('summary').filter({ hasText: '取消预约' }).click();
    await press(page, '确认取消');
    assert.match(await main(page), /已取消/);
    assert.deepEqual(problems(), []);
    await context.close();
  });

  test('a supervisor adds a counter and closes a day', async () => {
    const { context, page, problems } = await open('supervisor1');
    await page.goto('/desk/counters');
    await page.locator('input[name=number]').fill('9');
    await page.locator('input[name=name]').fill('示例窗口');
    await press(page, '增加窗口');
    assert.match(await main(page), /9 号窗口 示例窗口/);
    await page.locator('input[name=day]').fill('2026-12-03');
    await page.locator('input[name=reason]').fill('示例：设备检修');
    await press(page, '停约');
    assert.match(await main(page), /示例：设备检修/);
    assert.deepEqual(await checkPage(page, { lang: 'zh-CN', print: 'normal' }), []);
    assert.deepEqual(problems(), []);
    await context.close();
  });

  /** What the clerk types; the lines of the costs are left out. */
  const TYPED = {
    care: 'outpatient',
    institution_name: '示例医院',
    institution_level: '2',
    institution_region: '371000',
    from: '2026-11-10',
    to: '2026-11-10',
    diagnoses: 'I10',
    covid: 'none',
    invoices: '37202611100001，2026-11-10，200.10',
    account_holder: '示例',
    bank: '示例银行',
    account_kind: 'card',
    account: '6222020000000000000',
    phone: '13800000000',
    pledge: 'yes',
  };

  async function fill(page, name, value) {
    const field = page.locator(`main [name=${name}]`).first();
    const kind = await field.evaluate((element) => element.type ?? element.tagName.toLowerCase());
    if (kind === 'radio' || kind === 'checkbox') await page.locator(`main [name=${name}][value="${value}"]`).check();
    else if (kind === 'select-one') await field.selectOption(value);
    else await field.fill(value);
  }

  async function open(account, { width = DESKTOP, script = true } = {}) {
    const context = await openContext(browser, server.url, { width, script });
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
