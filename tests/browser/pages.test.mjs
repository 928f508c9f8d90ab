// Every page that a role can reach by links keeps the checks of lib/checks.mjs. The pages are found, not
// listed, so that a new page is checked from its first day. To end within minutes, every role reads in Chinese and
// normal print; the other three looks are read by the roles of LOOKS_OF, and what a visitor has read is not read
// again by those signed in, except by residents. A longer kind of page is read once, not for every id.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { DESKTOP, LANGUAGES, PHONE, PRINTS, choose, openBrowser, openContext, signIn } from './lib/browser.mjs';
import { HtmlPile, checkPage, watch } from './lib/checks.mjs';
import { crawl } from './lib/crawl.mjs';
import { startDemo } from './lib/server.mjs';

/** Account, and the width of the screen its work is done on. */
const ACCOUNTS = [
  ['resident1', PHONE],
  ['employer1', DESKTOP],
  ['clerk1', DESKTOP],
  ['doctor1', DESKTOP],
  ['pharmacist1', DESKTOP],
  ['handler1', DESKTOP],
  ['reviewer1', DESKTOP],
  ['supervisor1', DESKTOP],
  ['mailroom1', DESKTOP],
  ['finance1', DESKTOP],
  ['tax1', DESKTOP],
  ['centre1', DESKTOP],
  ['auditor1', DESKTOP],
  ['admin1', DESKTOP],
];

/** Who reads in every language and print size. */
const LOOKS_OF = ['nobody', 'resident1', 'handler1', 'reviewer1', 'supervisor1'];
const looksOf = (reader) =>
  LANGUAGES.flatMap((lang) => PRINTS.map((print) => ({ lang, print }))).filter(
    ({ lang, print }) => LOOKS_OF.includes(reader) || (lang === 'zh-CN' && print === 'normal'),
  );
const VISITOR = 'nobody';

describe('pages', () => {
  let server;
  let browser;
  const pile = new HtmlPile();
  /** What the visitor reads; he goes first. */
  let everybodys = new Set();

  before(async () => {
    server = await startDemo();
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  test(VISITOR, (t) => reads(t, VISITOR, PHONE));
  describe('for each account', { concurrency: 2 }, () => {
    for (const [account, width] of ACCOUNTS) test(account, (t) => reads(t, account, width));
  });

  test('all of them were valid HTML as served', async (t) => {
    t.diagnostic(`${pile.size} pages read`);
    assert.ok(pile.size > 0, 'no page was served');
    assert.deepEqual(await pile.validate(), []);
  });

  async function reads(t, reader, width) {
    const { pages, problems } = await readEverything(reader, width);
    t.diagnostic(`${reader}: ${pages.join(' ')}`);
    assert.ok(pages.length > 0, `${reader} reaches no page`);
    assert.deepEqual(problems, []);
  }

  async function readEverything(reader, width) {
    const context = await openContext(browser, server.url, { width });
    try {
      if (reader !== VISITOR) await signIn(context, reader);
      const page = await context.newPage();
      const watched = watch(page);
      const found = (await crawl(page)).map(({ path }) => path);
      if (reader === VISITOR) everybodys = new Set(found);
      const isKnown = (path) => path !== '/' && everybodys.has(path) && ![VISITOR, 'resident1'].includes(reader);
      const pages = found.filter((path) => !isKnown(path));
      watched.take();
      const problems = [];
      for (const { lang, print } of looksOf(reader)) {
        await choose(context, server.url, { lang, print });
        for (const path of pages) {
          const name = `${reader} ${path} ${lang} ${print}`;
          const response = await page.goto(path);
          if (print === 'normal') pile.add(name, await response.text());
          const seen = [...watched.take(), ...(await checkPage(page, { lang, print }))];
          problems.push(...seen.map((problem) => `${name}: ${problem}`));
        }
      }
      return { pages, problems };
    } finally {
      await context.close();
    }
  }
});
