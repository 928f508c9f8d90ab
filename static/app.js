// What scripts add to pages that work without them: autosave, keys for desks, upload with progress,
// search in long lists, a warning before the session ends, printing. Words come from the page.
import { initAll } from "./govuk/govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();

const words = document.body.dataset;
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

// ---- Unsaved text: leaving asks only when there is some.
const dirty = new Set();
for (const form of document.querySelectorAll("form[method=post]:not([data-clean])")) {
  form.addEventListener("input", () => dirty.add(form));
  form.addEventListener("submit", () => dirty.delete(form));
}
window.addEventListener("beforeunload", (event) => {
  if (dirty.size > 0) event.preventDefault();
});

// ---- Autosave: <form data-autosave="address"> is posted there a moment after the last change. The answer
// to success is any 2xx; a 409 (changed elsewhere) or 401 stops it, everything else is tried again.
function autosave(form) {
  const status = element("p", "govuk-body-s mb-saved");
  status.setAttribute("role", "status");
  form.append(status);
  let timer = 0;
  let delay = 1500;
  let changes = 0;
  const say = (text, failed) => {
    status.textContent = text;
    status.classList.toggle("mb-saved--failed", failed);
  };
  const later = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  };
  async function save() {
    const seen = changes;
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    say(words.saving, false);
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: "POST", body: new URLSearchParams(data), redirect: "error", headers: { "X-Autosave": "1" },
      });
      if (answer.status === 409 || answer.status === 401) {
        say(answer.status === 401 ? words.sessionEnded : words.saveFailed, true);
        return;
      }
      if (!answer.ok) throw new Error(String(answer.status));
      const now = new Date();
      const time = [now.getHours(), now.getMinutes()].map((part) => String(part).padStart(2, "0")).join(":");
      say(fill(words.saved, { time }), false);
      delay = 1500;
      if (seen === changes) dirty.delete(form);
      else later(delay);
    } catch {
      say(words.saveFailed, true);
      delay = Math.min(delay * 2, 60000);
      later(delay);
    }
  }
  form.addEventListener("input", (event) => {
    if (event.target.type === "file") return;
    changes += 1;
    later(delay);
  });
  form.addEventListener("submit", () => clearTimeout(timer));
}
document.querySelectorAll("form[data-autosave]").forEach(autosave);

// ---- Keys: a link, button or field with data-key="n" is followed, pressed or focused by that key.
const typing = (target) => target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
const nameOf = (target) => target.dataset.keyName || target.getAttribute("aria-label") || target.textContent.trim();
function showKeys() {
  const dialog = element("dialog", "mb-keys");
  dialog.append(element("h2", "govuk-heading-m", words.shortcuts));
  const list = element("dl");
  for (const target of document.querySelectorAll("[data-key]")) {
    const key = element("dt");
    key.append(element("kbd", "", target.dataset.key));
    list.append(key, element("dd", "", nameOf(target)));
  }
  const close = element("button", "govuk-button govuk-button--secondary", words.close);
  close.type = "button";
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  dialog.append(list, close);
  document.body.append(dialog);
  dialog.showModal();
}
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  if (event.key === "?" && document.querySelector("[data-key]")) {
    event.preventDefault();
    showKeys();
    return;
  }
  const target = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === event.key && !one.disabled);
  if (!target) return;
  event.preventDefault();
  if (typing(target)) target.focus();
  else target.click();
});

// ---- Lists: j and k go from row to row of a table, Enter opens.
const rowLinks = [...document.querySelectorAll("[data-row]")];
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || rowLinks.length === 0) return;
  if (typing(event.target) || document.querySelector("dialog[open]") || !["j", "k"].includes(event.key)) return;
  const at = rowLinks.indexOf(document.activeElement);
  const next = at < 0 ? 0 : Math.min(Math.max(at + (event.key === "j" ? 1 : -1), 0), rowLinks.length - 1);
  event.preventDefault();
  rowLinks[next].focus();
});

// ---- Usual wordings: the chosen one is put into its field, where it can be edited; words of one's own stay.
for (const select of document.querySelectorAll("select[data-fills]")) {
  const field = document.getElementById(select.dataset.fills);
  const offered = [...select.options].map((option) => option.value);
  select.addEventListener("change", () => {
    const own = field.value.trim() !== "" && !offered.includes(field.value.trim());
    field.value = own && select.value ? `${field.value.trimEnd()}\n${select.value}` : own ? field.value : select.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

// ---- Choosing many rows: a box with data-check-all="name" ticks all boxes of that name.
for (const all of document.querySelectorAll("input[data-check-all]")) {
  all.addEventListener("change", () => {
    for (const box of all.form.elements[all.dataset.checkAll] ?? []) box.checked = all.checked;
  });
}

// ---- Long lists: typing narrows them.
for (const select of document.querySelectorAll("select[data-filter]")) {
  const field = element("input", "govuk-input mb-filter");
  field.type = "search";
  field.placeholder = select.dataset.filter;
  field.setAttribute("aria-label", select.dataset.filter);
  field.setAttribute("aria-controls", select.id);
  field.autocomplete = "off";
  const all = [...select.children].map((child) => child.cloneNode(true));
  const matches = (option, text) => option.textContent.toLowerCase().includes(text) || option.value.startsWith(text);
  field.addEventListener("input", (event) => {
    event.stopPropagation();
    const text = field.value.trim().toLowerCase();
    const chosen = select.value;
    const shown = all.map((child) => {
      const copy = child.cloneNode(true);
      if (copy.tagName === "OPTGROUP" && !copy.label.toLowerCase().includes(text)) {
        for (const option of [...copy.children]) if (!matches(option, text)) option.remove();
        return copy.children.length > 0 ? copy : null;
      }
      return copy.tagName === "OPTGROUP" || copy.value === "" || matches(copy, text) ? copy : null;
    });
    select.replaceChildren(...shown.filter(Boolean));
    select.value = chosen;
    const options = [...select.options].filter((option) => option.value !== "");
    if (text && options.length === 1) options[0].selected = true;
    if (select.selectedIndex < 0) select.selectedIndex = 0;
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      select.focus();
    }
  });
  select.before(field);
}

// ---- Files. In a form with data-upload each file is sent at once to the form's address, with progress;
// the page is opened again when all are there. In other forms the chosen names are listed.
function send(form, input, file, row, group) {
  return new Promise((done) => {
    const label = element("span", "", fill(group.uploading, { name: file.name }));
    const bar = element("progress");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    row.replaceChildren(label, bar);
    const data = new FormData();
    for (const field of form.elements) if (field.type === "hidden") data.append(field.name, field.value);
    data.append(input.name, file);
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/problem+json, text/html");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) bar.value = event.loaded / event.total;
    });
    const failed = () => {
      let why = "";
      try {
        why = JSON.parse(request.responseText).detail ?? "";
      } catch {
        why = "";
      }
      const again = element("button", "govuk-button govuk-button--secondary", group.retry);
      again.type = "button";
      again.addEventListener("click", () => send(form, input, file, row, group).then(done));
      row.replaceChildren(element("strong", "govuk-error-message", `${fill(group.failed, { name: file.name })} ${why}`), again);
    };
    request.addEventListener("error", failed);
    request.addEventListener("load", () => {
      if (request.status >= 400) return failed();
      row.replaceChildren(element("span", "", `✓ ${fill(group.done, { name: file.name })}`));
      return done(request.responseURL || form.action);
    });
    request.send(data);
  });
}
for (const group of document.querySelectorAll(".mb-file")) {
  const input = group.querySelector("input[type=file]");
  const list = element("ul", "mb-files");
  const status = element("div");
  status.setAttribute("role", "status");
  status.append(list);
  list.append(element("li", "", group.dataset.none));
  group.classList.add("mb-file--scripted");
  group.querySelector(".mb-file__row").after(status);
  input.addEventListener("change", async () => {
    const files = [...input.files];
    if (files.length === 0) {
      list.replaceChildren(element("li", "", group.dataset.none));
      return;
    }
    const rows = files.map((file) => element("li", "", file.name));
    list.replaceChildren(...rows);
    if (input.form?.dataset.upload === undefined) return;
    let address = "";
    for (const [index, file] of files.entries()) address = await send(input.form, input, file, rows[index], group.dataset);
    input.value = "";
    dirty.delete(input.form);
    if (address) location.assign(address);
  });
}

// ---- What goes on by itself: an element with an id and data-refresh="seconds" is fetched again and replaced until the
// page says that it is over. Whoever works within it is left alone.
function refresh(part) {
  const seconds = Number(part.dataset.refresh);
  if (!seconds) return;
  setTimeout(async () => {
    let next = part;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" }, redirect: "error" });
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(part.id);
      if (fresh && !part.contains(document.activeElement)) {
        part.replaceWith(fresh);
        next = fresh;
      }
    } catch {
      // Out of reach for a moment: it is tried again.
    }
    refresh(next);
  }, seconds * 1000);
}
document.querySelectorAll("[data-refresh]").forEach(refresh);

// ---- Printing.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// ---- Forms that ask before they are sent: <form data-confirm="words">.
for (const form of document.querySelectorAll("form[data-confirm]")) {
  form.addEventListener("submit", (event) => {
    if (!window.confirm(form.dataset.confirm)) {
      event.preventDefault();
      dirty.add(form);
    }
  });
}

// ---- The session's end: a warning two minutes before, with a button that keeps it.
const seconds = Number(words.sessionSeconds);
if (seconds > 0) {
  const before = Math.min(120, seconds / 2);
  const warn = () => {
    const toast = element("div", "mb-toast");
    toast.setAttribute("role", "alertdialog");
    const text = element("span", "", fill(words.sessionEnding, { minutes: String(Math.max(1, Math.round(before / 60))) }));
    toast.setAttribute("aria-label", text.textContent);
    const stay = element("button", "govuk-button", words.sessionStay);
    stay.type = "button";
    const ended = setTimeout(() => {
      text.textContent = words.sessionEnded;
      stay.remove();
    }, before * 1000);
    stay.addEventListener("click", async () => {
      const answer = await fetch(words.keepAlive, { method: "POST", body: new URLSearchParams({ csrf: words.csrf ?? "" }) }).catch(() => null);
      if (!answer?.ok) return;
      clearTimeout(ended);
      toast.remove();
      setTimeout(warn, (seconds - before) * 1000);
    });
    toast.append(text, stay);
    document.body.append(toast);
    stay.focus();
  };
  setTimeout(warn, (seconds - before) * 1000);
}
