// What every page must keep, whoever reads it: accessibility, valid HTML, no sideways scrolling, targets large
// enough, no errors in the console. Each check answers a list of sentences; an empty list is a pass.

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';

const require = createRequire(import.meta.url);
const axe = await readFile(require.resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const NARROW = 320;
/** Least side of a target in CSS pixels. */
const TARGET = { normal: 44, large: 60 };

/**
 * All checks that need the open page (valid HTML goes through `HtmlPile`).
 * `lang` and `print`: what the page should be in.
 */
export async function checkPage(page, { lang = 'zh-CN', print = 'normal' } = {}) {
  return [
    ...(await appearance(page, { lang, print })),
    ...(await accessibility(page)),
    ...(await targets(page, print)),
    ...(await overflow(page)),
  ];
}

/** The page is in the language and print size that were chosen. */
export async function appearance(page, { lang, print }) {
  const found = await page.evaluate(() => ({
    lang: document.documentElement.lang,
    print: document.documentElement.classList.contains('large') ? 'large' : 'normal',
  }));
  const problems = [];
  if (found.lang.split('-')[0] !== lang.split('-')[0]) problems.push(`language: ${found.lang || 'none'}, not ${lang}`);
  if (found.print !== print) problems.push(`print: ${found.print}, not ${print}`);
  return problems;
}

/** axe-core, WCAG 2.2 AA and its best practices. */
export async function accessibility(page) {
  if (!(await page.evaluate('typeof window.axe === "object"'))) await page.evaluate(axe);
  const { violations } = await page.evaluate(
    (values) => window.axe.run(document, { runOnly: { type: 'tag', values }, resultTypes: ['violations'] }),
    TAGS,
  );
  return violations.flatMap((violation) =>
    violation.nodes.slice(0, 3).map((node) => `axe ${violation.id}: ${node.target.join(' ')} — ${violation.help}`),
  );
}

/** At 320 px (400 % zoom) nothing makes the page scroll sideways. */
export async function overflow(page) {
  const before = page.viewportSize();
  await page.setViewportSize({ width: NARROW, height: 640 });
  const wide = await page.evaluate(() => {
    const root = document.documentElement;
    if (root.scrollWidth <= root.clientWidth) return [];
    const beyond = [...document.querySelectorAll('body *')].filter(
      (element) =>
        element.getBoundingClientRect().right > root.clientWidth + 0.5 ||
        (element.scrollWidth > root.clientWidth && getComputedStyle(element).overflowX === 'visible'),
    );
    const innermost = beyond.filter((element) => !beyond.some((other) => other !== element && element.contains(other)));
    const name = (element) => [element.tagName.toLowerCase(), ...element.classList].join('.');
    return [`${root.scrollWidth} px wide, by ${innermost.slice(0, 3).map(name).join(', ') || 'the page itself'}`];
  });
  await page.setViewportSize(before);
  return wide.map((what) => `overflow at ${NARROW} px: ${what}`);
}

/** Buttons, fields and links outside running text are large enough to hit. */
export async function targets(page, print = 'normal') {
  const small = await page.evaluate((least) => {
    const kinds = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button]';
    const union = (a, b) => ({
      width: Math.max(a.right, b.right) - Math.min(a.left, b.left),
      height: Math.max(a.bottom, b.bottom) - Math.min(a.top, b.top),
    });
    const isInline = (node) =>
      node.nodeType === Node.TEXT_NODE ||
      (node.nodeType === Node.ELEMENT_NODE && getComputedStyle(node).display === 'inline');
    // Running text: other words in the same run of inline nodes, other links and separators not counted.
    const inText = (element) => {
      if (element.tagName !== 'A' || !isInline(element)) return false;
      let own = element;
      while (own.parentElement && isInline(own.parentElement)) own = own.parentElement;
      const run = [own];
      for (let node = own.previousSibling; node && isInline(node); node = node.previousSibling) run.push(node);
      for (let node = own.nextSibling; node && isInline(node); node = node.nextSibling) run.push(node);
      const links = run.flatMap((node) =>
        node.nodeType !== Node.ELEMENT_NODE ? [] : node.tagName === 'A' ? [node] : [...node.querySelectorAll('a[href]')],
      );
      const length = (nodes) =>
        nodes.map((node) => node.textContent.replace(/[\s|·,，、]/g, '').length).reduce((sum, one) => sum + one, 0);
      return length(run) > length(links);
    };
    const problems = [];
    for (const element of document.querySelectorAll(kinds)) {
      if (!element.checkVisibility({ visibilityProperty: true })) continue;
      let box = element.getBoundingClientRect();
      // Visually hidden until focused (skip links).
      if (box.width <= 1 || box.height <= 1 || box.right <= 0 || box.bottom <= 0) continue;
      if (getComputedStyle(element).clipPath !== 'none') continue;
      if (inText(element)) continue;
      if (/^(radio|checkbox|file)$/.test(element.type ?? '') && element.labels?.length) {
        box = union(box, element.labels[0].getBoundingClientRect());
      }
      if (box.width < least - 0.5 || box.height < least - 0.5) {
        const name = (element.textContent || element.name || element.id || '').trim().slice(0, 24);
        problems.push(`${element.tagName.toLowerCase()} "${name}" ${Math.round(box.width)}×${Math.round(box.height)}`);
      }
    }
    return problems;
  }, TARGET[print]);
  return [...new Set(small)].map((what) => `target under ${TARGET[print]} px: ${what}`);
}

/** Collects what goes wrong while a page loads; `take()` answers it and begins anew. */
export function watch(page) {
  let problems = [];
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`script: ${error.message}`));
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? '';
    if (why !== 'net::ERR_ABORTED') problems.push(`request: ${request.url()} ${why}`);
  });
  page.on('response', (answer) => {
    if (answer.status() >= 400) problems.push(`answer ${answer.status()}: ${answer.url()}`);
  });
  return {
    take() {
      const taken = problems;
      problems = [];
      return taken;
    },
  };
}

/** Served pages, kept until one run of the Nu HTML checker reads them all (starting it takes seconds). */
export class HtmlPile {
  #pages = [];

  /** `name`: how a finding names the page; `html`: as served, not as scripts left it. */
  add(name, html) {
    this.#pages.push({ name, html });
  }

  get size() {
    return this.#pages.length;
  }

  /** Findings of all pages so far. */
  async validate() {
    if (this.#pages.length === 0) return [];
    const folder = await mkdtemp(join(tmpdir(), 'bujianmian-html-'));
    try {
      await Promise.all(this.#pages.map((page, at) => writeFile(join(folder, `${at}.html`), page.html)));
      const messages = await nuChecker(folder);
      const findings = messages.map((message) => {
        const page = this.#pages[Number(basename(message.url ?? '', '.html'))];
        const extract = (message.extract ?? '').replace(/\s+/g, ' ').slice(0, 90);
        return `html ${page?.name ?? message.url}: ${message.message} (line ${message.lastLine}: ${extract})`;
      });
      return [...new Set(findings)];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

async function nuChecker(folder) {
  const jar = String(require('vnu-jar'));
  const args = ['-Xss2m', '-jar', jar, '--errors-only', '--format', 'json', '--exit-zero-always', folder];
  const { stderr } = await promisify(execFile)('java', args, { maxBuffer: 64 << 20 });
  return JSON.parse(stderr).messages;
}
