// Chromium and its windows: width, language, print size, with or without JavaScript, signed in or not.

import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

export const PHONE = 390;
export const DESKTOP = 1280;
export const LANGUAGES = ['zh-CN', 'en'];
export const PRINTS = ['normal', 'large'];
/** Where the demo offers its accounts: `<button data-demo-account="resident1">` within a form. */
export const LOGIN = '/login';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The system's Chromium without a window, with a profile of its own that is deleted on close(). */
export function openBrowser() {
  const places = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
  const executablePath = places.find((place) => place && existsSync(place));
  if (!executablePath) throw new Error('Chromium is missing: install it, or name it in CHROMIUM');
  return chromium.launch({ executablePath, args: FLAGS, headless: true });
}

/** A window as one person has it: nothing shared with another. Paths are relative to `base`. */
export async function openContext(browser, base, options = {}) {
  const { width = PHONE, script = true, lang = 'zh-CN', print = 'normal' } = options;
  const context = await browser.newContext({
    baseURL: base,
    viewport: { width, height: width < 800 ? 844 : 900 },
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    javaScriptEnabled: script,
  });
  await choose(context, base, { lang, print });
  return context;
}

/** Sets language and print size as the portal's own switches do. */
export async function choose(context, base, { lang, print }) {
  await context.addCookies([
    { name: 'lang', value: lang, url: base },
    { name: 'print', value: print, url: base },
  ]);
}

/** Signs in by one press on the demo's login page. `account`: a demo account's user name. */
export async function signIn(context, account) {
  const page = await context.newPage();
  try {
    await page.goto(LOGIN);
    const button = page.locator(`button[data-demo-account="${account}"], [data-demo-account="${account}"] button`);
    if ((await button.count()) === 0) throw new Error(`${LOGIN} offers no button for ${account}`);
    await Promise.all([page.waitForURL((url) => url.pathname !== LOGIN), button.first().click()]);
  } finally {
    await page.close();
  }
}
