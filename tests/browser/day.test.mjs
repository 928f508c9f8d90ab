// A day in the life of a deadline (CLK-7), with the demo's clock: filed on a Friday at 17:20 before a long holiday,
// left in the queue, warned of, given out by the service, missed, taken up by the supervisor, decided with its cause,
// and seen in the statistics. Every step is looked at where the person concerned would see it.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { DESKTOP, PHONE, openBrowser, openContext, signIn } from './lib/browser.mjs';
import { watch } from './lib/checks.mjs';
import { startDemo } from './lib/server.mjs';

/** The last Friday before the National Day holiday of 2022; Saturday 8 October was a make-up workday (CLK-2). */
const FRIDAY = '2022-09-30T17:20:00+08:00';
/** 10 minutes of Friday and 3 h 40 of Saturday: half of the 7 h 40 until the deadline. */
const HALF_TIME = '2022-10-08T13:40:00+08:00';
const LAST_HOUR = '2022-10-08T16:30:00+08:00';
const TOO_LATE = '2022-10-08T17:30:01+08:00';
const CAUSE = '节前申请集中，当日人手不足';

describe('a deadline before a long holiday', () => {
  let server;
  let browser;
  let admin;
  let receiptNo;

  before(async () => {
    server = await startDemo({ at: FRIDAY });
    browser = await openBrowser();
    admin = await token('admin1');
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  test('Friday 17:20: filed, due on the make-up workday', async () => {
    const answers = { kind: 'emergency', destination: '320100', start: '2022-09-30', phone: '13800000000', pledge: true };
    const filed = await call('POST', '/api/v1/cases', await token('resident1'), {
      item: 'cross-region-registration',
      answers,
    });
    receiptNo = filed.receipt_no;
    assert.equal(filed.due_at, '2022-10-08T17:30:00+08:00');
    await sees('resident1', `/my/cases/${receiptNo}`, ['2022年10月8日 17:30（星期六）'], PHONE);
  });

  test('half of the working time is over: the supervisor is warned', async () => {
    await turn(HALF_TIME);
    // Several cases of one moment come in one message, which names the first few.
    await sees('supervisor1', '/inbox', ['办理时限已过半']);
  });

  test('an hour before the end: the service gives it to a handler on duty', async () => {
    await turn(LAST_HOUR);
    const found = await call('GET', `/api/v1/cases/${receiptNo}`, await token('supervisor1'));
    assert.equal(found.state, 'in_review');
    assert.ok(found.holder, 'somebody holds it');
    await sees('supervisor1', '/inbox', ['一个工作小时']);
    await sees('supervisor1', `/desk/cases/${receiptNo}`, [found.holder]);
  });

  test('missed: the applicant is told, the supervisor has it', async () => {
    await turn(TOO_LATE);
    const { breached_at: at, state } = await call('GET', `/api/v1/cases/${receiptNo}`, await token('supervisor1'));
    assert.equal(state, 'in_review');
    assert.ok(at >= '2022-10-08T17:30:00+08:00');
    await sees('resident1', '/inbox', ['未能按时办结', receiptNo], PHONE);
    await sees('supervisor1', '/desk/breaches', [receiptNo]);
  });

  test('the clock goes back and forward: nothing happens twice', async () => {
    await turn(HALF_TIME);
    await turn(TOO_LATE);
    const { items } = await call('GET', `/api/v1/cases/${receiptNo}/events`, await token('supervisor1'));
    assert.equal(items.filter(({ action }) => action === 'breach').length, 1);
    assert.equal(items.filter(({ action }) => action === 'assign').length, 1);
  });

  test('the supervisor gives it out, the handler can decide it with a cause only', async () => {
    const supervisor = await open('supervisor1');
    await supervisor.page.goto(`/desk/cases/${receiptNo}/actions/assign`);
    await supervisor.page.locator('[name=to]').first().waitFor();
    await choose(supervisor.page, 'to', 'handler1');
    await supervisor.page.locator('[name=reason]').last().fill('超时督办');
    await press(supervisor.page);
    assert.deepEqual(supervisor.problems(), []);
    await supervisor.context.close();

    const handler = await open('handler1');
    await handler.page.goto(`/desk/cases/${receiptNo}/actions/approve`);
    await press(handler.page);
    await handler.page.locator('main .govuk-error-summary').waitFor();
    await handler.page.locator('[name=breach_cause]').first().selectOption('workload');
    await handler.page.locator('[name=breach_words]').fill(CAUSE);
    await press(handler.page);
    assert.match(new URL(handler.page.url()).search, /done=approve/);
    await handler.context.close();
  });

  test('the register names the cause, the public statistics name nobody', async () => {
    await sees('supervisor1', '/desk/breaches', [receiptNo, CAUSE]);
    const shown = await sees(null, '/statistics', ['异地就医备案']);
    assert.ok(!shown.includes(receiptNo) && !shown.includes(CAUSE), 'nothing of a case');
  });

  /** A bearer token of a demo account. */
  async function token(username) {
    const { access_token: access } = await call('POST', '/api/v1/token', null, { username, password: server.password });
    return access;
  }

  async function call(method, path, bearer, body) {
    const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': `day-${path}` };
    if (bearer) headers.Authorization = `Bearer ${bearer}`;
    const answer = await fetch(server.url + path, { method, headers, body: body && JSON.stringify(body) });
    const said = await answer.json();
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${JSON.stringify(said)}`);
    return said;
  }

  async function turn(at) {
    const turned = await call('POST', '/api/v1/demo/clock', admin, { at });
    assert.ok(turned.now >= at, turned.now);
  }

  async function open(account, width = DESKTOP) {
    const context = await openContext(browser, server.url, { width });
    if (account) await signIn(context, account);
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    const watched = watch(page);
    return { context, page, problems: () => watched.take() };
  }

  /** Opens a page as somebody and finds all of `words` on it; answers what is written there. */
  async function sees(account, path, words, width = DESKTOP) {
    const { context, page, problems } = await open(account, width);
    await page.goto(path);
    const shown = await page.locator('main').innerText();
    for (const word of words) assert.ok(shown.includes(word), `${path} says ${word}:\n${shown}`);
    assert.deepEqual(problems(), []);
    await context.close();
    return shown;
  }

  /** Chooses what names `username`, from a list or from buttons. */
  async function choose(page, name, username) {
    const { items } = await call('GET', '/api/v1/staff', await token('supervisor1'));
    const { id: account } = items.find((one) => one.username === username);
    const select = page.locator(`select[name=${name}]`);
    if ((await select.count()) > 0) await select.selectOption(account);
    else await page.locator(`input[name=${name}][value="${account}"]`).check();
  }

  async function press(page) {
    const button = page.locator('main form button[type=submit]').first();
    await Promise.all([page.waitForEvent('load'), button.click()]);
  }
});
