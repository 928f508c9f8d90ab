// The rig tested on itself: a good page passes every check, a broken one fails each, and the walk over links
// finds what it should and nothing else. Needs no service.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { LANGUAGES, PRINTS, openBrowser, openContext } from './lib/browser.mjs';
import { HtmlPile, accessibility, checkPage, overflow, targets, watch } from './lib/checks.mjs';
import { crawl, patternOf } from './lib/crawl.mjs';

const GOOD = (lang, print) => `<!doctype html>
<html lang="${lang}"${print === 'large' ? ' class="large"' : ''}><head><meta charset="utf-8"><title>办理进度</title>
<link rel="icon" href="data:,"><meta name="viewport" content="width=device-width, initial-scale=1">
<style>button, input, nav a { min-width: 60px; min-height: 60px; display: inline-block }</style></head>
<body><header><nav aria-label="主要"><a href="/a">甲</a> <a href="/case/1234">乙</a> <a href="/case/5678">丙</a>
<a href="/logout">退出</a> <a href="/a?lang=en">English</a> <a href="/a.pdf">打印件</a>
<a href="https://example.test/">外部</a></nav></header>
<main><h1>办理进度</h1><p>请看 <a href="/b">说明</a>，再继续。</p>
<form><label for="n">受理号</label> <input id="n" name="n"> <button>查询</button></form></main></body></html>`;

const BROKEN = `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>坏</title></head>
<body><main><h1>坏</h1><div style="width: 700px">宽</div><p><div>错</div></p>
<p style="color: #ccc; background: #fff">看不清</p><input name="n"><a href="/x">小</a>
<script>throw new Error('broken on purpose')</script><img src="/missing.png"></main></body></html>`;

const cookie = (request, name, otherwise) =>
  new RegExp(`${name}=([^;]+)`).exec(request.headers.cookie ?? '')?.[1] ?? otherwise;

describe('the rig', () => {
  let site;
  let base;
  let browser;

  before(async () => {
    site = createServer((request, answer) => {
      if (request.url === '/missing.png') return answer.writeHead(404).end();
      answer.setHeader('content-type', 'text/html; charset=utf-8');
      if (request.url === '/broken') return answer.end(BROKEN);
      return answer.end(GOOD(cookie(request, 'lang', 'zh-CN'), cookie(request, 'print', 'normal')));
    });
    await new Promise((listening) => site.listen(0, '127.0.0.1', listening));
    base = `http://127.0.0.1:${site.address().port}`;
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    site?.closeAllConnections();
    site?.close();
  });

  async function open(path, options) {
    const context = await openContext(browser, base, options);
    const page = await context.newPage();
    const watched = watch(page);
    const response = await page.goto(path);
    return { context, page, watched, response };
  }

  for (const lang of LANGUAGES) {
    for (const print of PRINTS) {
      test(`passes a good page: ${lang}, ${print}`, async () => {
        const { context, page, watched } = await open('/', { lang, print });
        assert.deepEqual([...watched.take(), ...(await checkPage(page, { lang, print }))], []);
        await context.close();
      });
    }
  }

  test('finds each fault of a broken page', async () => {
    const { context, page, watched } = await open('/broken');
    const noticed = watched.take().join('\n');
    assert.match(noticed, /script: broken on purpose/);
    assert.match(noticed, /answer 404: .*missing\.png/);
    const axe = (await accessibility(page)).join('\n');
    for (const rule of ['color-contrast', 'image-alt', 'label']) assert.match(axe, new RegExp(`axe ${rule}:`));
    assert.match((await targets(page)).join('\n'), /target under 44 px: a "小"/);
    assert.match((await targets(page, 'large')).join('\n'), /target under 60 px: input "n"/);
    assert.match((await overflow(page)).join('\n'), /overflow at 320 px: \d+ px wide, by div/);
    assert.deepEqual((await checkPage(page, { lang: 'en', print: 'large' })).slice(0, 2), [
      'language: zh-CN, not en',
      'print: normal, not large',
    ]);
    await context.close();
  });

  test('reads HTML as served, many pages at once', async () => {
    const pile = new HtmlPile();
    pile.add('good', GOOD('zh-CN', 'normal'));
    pile.add('broken', BROKEN);
    const findings = await pile.validate();
    assert.ok(findings.length > 0);
    assert.deepEqual(findings.filter((finding) => !finding.startsWith('html broken:')), []);
  });

  test('walks every kind of page once and leaves out what changes or downloads', async () => {
    const { context, page } = await open('/');
    const kinds = (await crawl(page)).map(({ pattern }) => pattern);
    assert.deepEqual(kinds, ['/', '/a', '/case/:id', '/b']);
    await assert.rejects(crawl(page, { bound: 2 }), /more than 2 pages; not seen: \/case\/1234/);
    await context.close();
  });

  test('opens pages without JavaScript', async () => {
    const { context, watched } = await open('/broken', { script: false });
    assert.doesNotMatch(watched.take().join('\n'), /broken on purpose/);
    await context.close();
  });

  test('names kinds of paths', () => {
    assert.equal(patternOf('/cases/371000202611240001/events?page=2&after=x'), '/cases/:id/events?after&page');
    assert.equal(patternOf('/items/cross-region-registration'), '/items/cross-region-registration');
  });
});
