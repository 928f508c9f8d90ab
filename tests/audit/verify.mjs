// Checks an exported journal (audit.jsonl) by its description FORMAT.txt alone: node verify.mjs FILE [LINES]
// LINES is a file of published lines. Prints the first place that is wrong and ends with status 1.
import { createHash } from "node:crypto";
import { createReadStream, readFileSync } from "node:fs";
import { createInterface } from "node:readline";

const fail = (place, why) => { console.log(`WRONG ${place}: ${why}`); process.exit(1); };
const int = (value, size) => { const b = Buffer.alloc(8); b.writeBigInt64BE(BigInt(value)); return b.subarray(8 - size); };
const hex = (text) => Buffer.from(text ?? "", "hex");
const sha = (parts) => {
  const hash = createHash("sha256");
  for (const part of parts) { const b = Buffer.from(part ?? ""); hash.update(int(b.length, 8)).update(b); }
  return hash.digest("hex");
};
const eventHash = (e) => sha([int(e.hash_version, 2), hex(e.previous_hash), e.pool, e.case, int(e.number, 4),
  int(e.at, 8), e.actor, e.role, e.action, e.from, e.to, e.change, hex(e.words)]);
const sealHash = (s) => sha([int(s.hash_version, 2), hex(s.previous_hash), s.pool, int(s.number, 4), int(s.sealed_at, 8),
  int(s.total, 8), int(s.entries.length, 4), ...s.entries.flatMap(([c, n, h]) => [c, int(n, 4), hex(h)])]);
const endOf = (day) => BigInt(Date.parse(`${day}T00:00:00+08:00`) + 86_400_000) * 1000n;

let header, end, last, count = { event: 0, seal: 0, anchor: 0 };
const hashes = new Map(), heads = new Map(), waiting = new Set(), seals = new Map(); // event → hash, case → head, …
const handle = {
  header: (h) => { header = h; if (h.format !== 1) fail("header", "unknown format"); },
  event: (e) => {
    const place = `pool ${e.pool} case ${e.case} event ${e.number}`, key = `${e.pool} ${e.case}`;
    const before = last?.key === key ? last : { number: 0, hash: "" };
    if (e.number !== before.number + 1) fail(place, `event ${before.number + 1} expected: removed, added or reordered`);
    if (e.previous_hash !== before.hash) fail(place, "does not follow the event before it");
    if (eventHash(e) !== e.hash) fail(place, "its contents are not what its hash says: changed");
    if (hashes.has(`${key} 1`) && e.number === 1) fail(place, "the case is there twice");
    hashes.set(`${key} ${e.number}`, e.hash);
    if (e.waiting) waiting.add(`${key} ${e.number}`);
    last = { key, number: e.number, hash: e.hash };
  },
  seal: (s) => {
    const place = `pool ${s.pool} seal ${s.number}`, chain = seals.get(s.pool) ?? [];
    const before = chain.at(-1) ?? { number: 0, hash: "", total: 0, sealed_at: s.sealed_at };
    if (s.number !== before.number + 1) fail(place, `seal ${before.number + 1} expected: removed or reordered`);
    if (s.previous_hash !== before.hash) fail(place, "does not follow the seal before it");
    if (sealHash(s) !== s.hash) fail(place, "its contents are not what its hash says: changed");
    let covered = 0;
    for (const [id, number, hash] of s.entries) {
      const key = `${s.pool} ${id}`, known = hashes.get(`${key} ${number}`), at = `pool ${s.pool} case ${id} event ${number}`;
      if (known === undefined && (header.complete || hashes.has(`${key} 1`))) fail(at, `sealed by ${place} and gone: removed`);
      if (known !== undefined && known !== hash) fail(at, `not the event that ${place} names: changed`);
      covered += number - (heads.get(key) ?? 0);
      heads.set(key, number);
    }
    if (s.total !== before.total + covered) fail(place, `covers ${before.total + covered} events, says ${s.total}`);
    chain.push({ number: s.number, hash: s.hash, total: s.total, sealed_at: s.sealed_at });
    seals.set(s.pool, chain);
  },
  anchor: (a, source = "anchor") => {
    const place = `pool ${a.pool} day ${a.day} (${source})`, chain = seals.get(a.pool) ?? [];
    const at = chain.findIndex((s) => s.number === a.seal), seal = chain[at], next = chain[at + 1];
    if (!seal) fail(place, `seal ${a.seal} is gone: cut off`);
    if (seal.hash !== a.hash || seal.total !== a.events) fail(place, `seal ${a.seal} is another one`);
    if (BigInt(seal.sealed_at) >= endOf(a.day) || (next && BigInt(next.sealed_at) < endOf(a.day))) fail(place, "not the day's last seal");
  },
  end: (e) => { end = e; },
};
for await (const text of createInterface({ input: createReadStream(process.argv[2]) })) {
  const line = JSON.parse(text);
  if (line.kind in count) count[line.kind] += 1;
  (handle[line.kind] ?? (() => fail(line.kind, "unknown line")))(line);
}
for (const key of hashes.keys()) {
  const [pool, id, number] = key.split(" ");
  if (Number(number) > (heads.get(`${pool} ${id}`) ?? 0) && !waiting.has(key)) fail(`pool ${pool} case ${id} event ${number}`, "covered by no seal: added");
}
for (const line of process.argv[3] ? readFileSync(process.argv[3], "utf8").split("\n").filter(Boolean) : []) {
  const [day, pool, events, , , seal, hash] = line.split(" ");
  if (header.pool === null || header.pool === pool) handle.anchor({ day, pool, events: Number(events), seal: Number(seal), hash: hash.replace("sha256:", "") }, "published");
}
if (!end) fail("end", "the file is cut off");
if (end.events !== count.event || end.seals !== count.seal || end.anchors !== count.anchor) fail("end", "counts differ: lines removed or added");
console.log(`OK ${count.event} events, ${count.seal} seals, ${count.anchor} anchors, ${waiting.size} not sealed yet`);
