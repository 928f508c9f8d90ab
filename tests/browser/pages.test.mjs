// Every page that a role can reach by links keeps the checks of lib/checks.mjs, in both languages and both
// print sizes. The pages are found, not listed, so that a new page is checked from its first day.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { DESKTOP, LANGUAGES, PHONE, PRINTS, choose, openBrowser, openContext, signIn } from './lib/browser.mjs';
import { HtmlPile, checkPage, watch } from './lib/checks.mjs';
import { crawl } from './lib/crawl.mjs';
import { startDemo } from './lib/server.mjs';

/** Account, and the width of the screen its work is done on. */
const READERS = [
  ['nobody', PHONE],
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

describe('pages', () => {
  let server;
  let browser;
  const pile = new HtmlPile();

  before(async () => {
    server = await startDemo();
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  describe('for each reader', { concurrency: 2 }, () => {
    for (const [reader, width] of READERS) {
      test(reader, async (t) => {
        const { pages, problems } = await readEverything(reader, width);
        t.diagnostic(`${reader}: ${pages.map(({ path }) => path).join(' ')}`);
        assert.ok(pages.length > 1, `${reader} reaches ${pages.length} pages`);
        assert.deepEqual(problems, []);
      });
    }
  });

  test('all of them were valid HTML as served', async (t) => {
    t.diagnostic(`${pile.size} pages read`);
    assert.ok(pile.size > 0, 'no page was served');
    assert.deepEqual(await pile.validate(), []);
  });

  async function readEverything(reader, width) {
    const context = await openContext(browser, server.url, { width });
    try {
      if (reader !== 'nobody') await signIn(context, reader);
      const page = await context.newPage();
      const watched = watch(page);
      const pages = await crawl(page, { perPattern: 2 });
      watched.take();
      const problems = [];
      for (const lang of LANGUAGES) {
        for (const print of PRINTS) {
          await choose(context, server.url, { lang, print });
          for (const { path } of pages) {
            const name = `${reader} ${path} ${lang} ${print}`;
            const response = await page.goto(path);
            if (print === 'normal') pile.add(name, await response.text());
            const found = [...watched.take(), ...(await checkPage(page, { lang, print }))];
            problems.push(...found.map((problem) => `${name}: ${problem}`));
          }
        }
      }
      return { pages, problems };
    } finally {
      await context.close();
    }
  }
});
