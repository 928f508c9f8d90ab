// Patients treated away from home in a real browser: from the hospital's ledger to the agencies that are asked, in one
// province, through a provincial centre, and for somebody nobody here insures (XR-3 to XR-6).

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { DESKTOP, PHONE, openBrowser, openContext, signIn } from './lib/browser.mjs';
import { watch } from './lib/checks.mjs';
import { startDemo } from './lib/server.mjs';

/** A Tuesday morning. */
const NOW = '2026-11-24T09:30:00+08:00';
const ADMITTED = '2026-11-20';

describe('patients treated away from home', () => {
  let server;
  let browser;
  let people;

  before(async () => {
    server = await startDemo({ at: NOW });
    browser = await openBrowser();
    const { items } = await (await fetch(`${server.url}/api/v1/demo/accounts`)).json();
    people = new Map(items.map((one) => [one.username, one]));
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  test('in one province: the entry asks, the patient presses once, the discharge ends it', async () => {
    const clerk = await open('clerk1');
    const entry = await enters(clerk.page, people.get('resident1-370600'));
    assert.match(await main(clerk.page), /已联系参保地/);

    const agency = await open('handler1-370600');
    await opensContact(agency.page, people.get('resident1-370600').name);
    assert.equal(await agency.page.getByRole('button', { name: /备案/ }).count(), 1);

    const patient = await open('resident1-370600', { width: PHONE });
    await patient.page.goto('/my');
    await follow(patient.page, '立即备案');
    assert.match(await main(patient.page), /为什么什么都不问/);
    assert.equal(await patient.page.locator('main input:not([type=hidden]), main select, main textarea').count(), 0);
    await press(patient.page, /^立即备案$/);
    assert.match(await main(patient.page), /370600-\d{8}-/);
    await patient.page.goto('/registrations');
    assert.match(await main(patient.page), /2026年11月20日/);

    // What was asked is answered by the registration itself.
    await agency.page.reload();
    assert.doesNotMatch(await main(agency.page), /等待答复/);
    await clerk.page.goto(entry);
    assert.match(await main(clerk.page), /已备案/);
    await clerk.page.locator('input[name=discharged_on]').fill('2026-11-24');
    await press(clerk.page, '登记出院');
    await patient.page.goto('/registrations');
    assert.match(await main(patient.page), /2026年11月24日/);
    await closed(clerk, agency, patient);
  });

  test('another province: the centre passes it on, the other agency answers', async () => {
    const clerk = await open('clerk1');
    const person = people.get('resident2-320600');
    const entry = await enters(clerk.page, person);

    const centre = await open('centre1');
    await opensContact(centre.page, person.name);
    await answers(centre.page);
    const agency = await open('handler1-320600');
    await opensContact(agency.page, person.name);
    await answers(agency.page);

    await clerk.page.goto(entry);
    assert.match(await main(clerk.page), /已备案/);
    await closed(clerk, centre, agency);
  });

  test('somebody insured outside this system: asked by phone, written down, recorded, costs kept apart', async () => {
    const clerk = await open('clerk1');
    const outsider = { name: '示外人', id_number: '110000197001011017' };
    const entry = await enters(clerk.page, outsider, '110100');

    const centre = await open('centre1');
    await opensContact(centre.page, outsider.name);
    await answers(centre.page);
    await opensContact(centre.page, outsider.name, 'sent');
    await centre.page.locator('input[name=who]').fill('示范：对方值班员');
    await centre.page.locator('input[name=number]').fill('010-12345678');
    await answers(centre.page, 'cannot', '示范：对方系统维护');

    await clerk.page.goto(entry);
    assert.match(await main(clerk.page), /已记录/);
    await clerk.page.locator('select[name=kind]').selectOption('drug');
    await clerk.page.locator('input[name=incurred_on]').fill('2026-11-21');
    await clerk.page.locator('input[name=amount]').fill('1234.50');
    await press(clerk.page, /^记录$/);
    assert.match(await main(clerk.page), /1,234\.50 元/);
    await closed(clerk, centre);
  });

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

  /** Enters a patient; answers the address of the entry. */
  async function enters(page, { name, id_number: number }, place) {
    await page.goto('/institution/patients/new');
    await page.locator('input[name=name]').fill(name);
    await page.locator('input[name=id_number]').fill(number);
    await page.locator('input[name=status][value=confirmed]').check();
    await page.locator('input[name=admitted_on]').fill(ADMITTED);
    if (place) await page.locator('select[name=place_of_insurance]').selectOption(place);
    await press(page, /^登记$/);
    assert.match(new URL(page.url()).pathname, /^\/institution\/patients\/[0-9a-f-]{36}$/, await main(page));
    return page.url();
  }

  async function opensContact(page, name, side = '') {
    await page.goto(side === 'sent' ? '/contacts?show=sent' : '/contacts');
    const row = page.locator('main tbody tr').filter({ hasText: name }).first();
    await Promise.all([page.waitForEvent('load'), row.locator('a').first().click()]);
  }

  async function answers(page, result = 'done', remark = '') {
    await page.locator(`input[name=result][value=${result}]`).check();
    await page.locator('textarea[name=remark]').fill(remark);
    await press(page, /^提交$/);
  }
});
