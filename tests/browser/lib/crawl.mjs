// Walks a site as one person sees it: every link of every page, breadth first. Presses no button, so that
// nothing changes; follows no link out, to a download, or to a switch of language, print size or session.

const LEAVE_OUT = [
  /\/(logout|sign-?out)\b/i,
  /\/(api|static|metrics|healthz|readyz)(\/|$)/,
  /[?&](lang|print)=/,
  /^\/preferences\//,
  /download/i,
  /\.(pdf|csv|xlsx|json|xml|svg|png|jpe?g)(\?|$)/i,
];

/**
 * Visits from `start`, at most `bound` pages and `perPattern` of the same kind.
 * `visit(page, { path, pattern, response })` is called on each while it is open.
 * Answers the pages seen: [{ pattern, path }].
 */
export async function crawl(page, { start = '/', bound = 150, perPattern = 1, visit = async () => {} } = {}) {
  const queue = [start];
  const seen = new Set(queue);
  const kinds = new Map();
  let visited = 0;
  while (queue.length > 0 && visited < bound) {
    const path = queue.shift();
    const pattern = patternOf(path);
    const examples = kinds.get(pattern) ?? [];
    if (examples.length >= perPattern) continue;
    const response = await page.goto(path);
    visited += 1;
    if (!response || !(response.headers()['content-type'] ?? '').startsWith('text/html')) continue;
    kinds.set(pattern, [...examples, path]);
    await visit(page, { path, pattern, response });
    for (const link of await linksOf(page)) {
      if (!seen.has(link)) {
        seen.add(link);
        queue.push(link);
      }
    }
  }
  const left = queue.filter((path) => !kinds.has(patternOf(path)));
  if (left.length > 0) throw new Error(`more than ${bound} pages; not seen: ${left.slice(0, 5).join(' ')}`);
  return [...kinds].flatMap(([pattern, paths]) => paths.map((path) => ({ pattern, path })));
}

/** A path's kind: numbers and ids are `:id`, of the query only the names count. */
export function patternOf(path) {
  const url = new URL(path, 'http://any.test');
  const isId = (part) => /\d{4,}/.test(part) || /^\d+$/.test(part) || /^[0-9a-f-]{32,36}$/i.test(part);
  const parts = url.pathname.split('/').map((part) => (isId(part) ? ':id' : part));
  const names = [...new Set(url.searchParams.keys())].sort().join('&');
  return parts.join('/') + (names ? `?${names}` : '');
}

async function linksOf(page) {
  const links = await page.evaluate(() =>
    [...document.querySelectorAll('a[href]:not([download])')]
      .map((link) => new URL(link.href, document.baseURI))
      .filter((url) => url.origin === location.origin)
      .map((url) => url.pathname + url.search),
  );
  return links.filter((link) => !LEAVE_OUT.some((rule) => rule.test(link)));
}
