// Pictures of pages, to be looked at: phone and desktop width, normal and large print.
//
//   node tests/browser/screenshots.mjs OUTDIR [options] PATH…
//     --as ACCOUNT   a demo account, e.g. resident1 (default: nobody signed in)
//     --lang LANG    zh-CN (default) or en
//     --at TIME      where the demo's clock starts, e.g. 2020-02-03T09:00:00+08:00
//     --base URL     a service that runs already; otherwise one is started with an empty directory
//
// BUJIANMIAN_BIN names another program than target/release/bujianmian, e.g. target/debug/bujianmian.
// Files are OUTDIR/PATH-ACCOUNT-LANG-WIDTH-PRINT.png, the whole page each. Example:
//   node tests/browser/screenshots.mjs /tmp/look --as handler1 --lang en / /desk

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DESKTOP, PHONE, PRINTS, openBrowser, openContext, signIn } from './lib/browser.mjs';
import { startDemo } from './lib/server.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    as: { type: 'string', default: 'nobody' },
    lang: { type: 'string', default: 'zh-CN' },
    at: { type: 'string' },
    base: { type: 'string' },
  },
});
const [folder, ...paths] = positionals;
if (!folder || paths.length === 0) {
  console.error('node screenshots.mjs OUTDIR [--as ACCOUNT] [--lang LANG] [--at TIME] [--base URL] PATH…');
  process.exit(2);
}

await mkdir(folder, { recursive: true });
const server = values.base ? null : await startDemo({ at: values.at });
const base = values.base ?? server.url;
const browser = await openBrowser();
try {
  for (const width of [PHONE, DESKTOP]) {
    for (const print of PRINTS) {
      const context = await openContext(browser, base, { width, print, lang: values.lang });
      if (values.as !== 'nobody') await signIn(context, values.as);
      const page = await context.newPage();
      for (const path of paths) {
        const answer = await page.goto(path);
        const name = path.replace(/[^\w-]+/g, '_').replace(/^_|_$/g, '') || 'home';
        const file = join(folder, `${name}-${values.as}-${values.lang}-${width}-${print}.png`);
        await page.screenshot({ path: file, fullPage: true });
        console.log(`${answer.status()} ${file}`);
      }
      await context.close();
    }
  }
} finally {
  await browser.close();
  await server?.stop();
}
