// The only script of the console: sorts tables, keeps what changes fresh, and moves through periods. Pages work without it.
"use strict";

// A table with data-sortable gets a button in each heading. Cells sort by data-value, or by their text.
const sortKey = (row, column) => {
  const cell = row.cells[column];
  return cell.dataset.value ?? cell.textContent.trim();
};

const compare = (a, b) => {
  if (a === "" || b === "") return a === b ? 0 : a === "" ? 1 : -1;
  const difference = Number(a) - Number(b);
  return Number.isNaN(difference) ? a.localeCompare(b, document.documentElement.lang) : difference;
};

const sortBy = (table, column, direction) => {
  const sign = direction === "descending" ? -1 : 1;
  const rows = [...table.tBodies[0].rows];
  const keys = new Map(rows.map((row) => [row, sortKey(row, column)]));
  rows.sort((x, y) => {
    const [a, b] = [keys.get(x), keys.get(y)];
    return a === "" || b === "" ? compare(a, b) : sign * compare(a, b);
  });
  table.tBodies[0].append(...rows);
  [...table.tHead.rows[0].cells].forEach((head, i) => {
    if (i === column) head.setAttribute("aria-sort", direction);
    else head.removeAttribute("aria-sort");
  });
};

const makeSortable = (table) => {
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const isUp = head.getAttribute("aria-sort") === "ascending";
      sortBy(table, column, isUp ? "descending" : "ascending");
    });
  });
};

const sortedColumn = (table) => {
  const heads = [...table.tHead.rows[0].cells];
  const column = heads.findIndex((head) => head.hasAttribute("aria-sort"));
  return column < 0 ? null : [column, heads[column].getAttribute("aria-sort")];
};

// Elements with data-live take the content that they have in a page that was asked for again. What the reader has
// opened, sorted and focused stays so.
const refresh = (old, fresh) => {
  const open = [...old.querySelectorAll("details")].map((x) => x.open);
  const sorted = [...old.querySelectorAll("table[data-sortable]")].map(sortedColumn);
  const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
  old.replaceChildren(...fresh.childNodes);
  if (fresh.dataset.poll) old.dataset.poll = fresh.dataset.poll;
  old.querySelectorAll("details").forEach((x, i) => { if (open[i] !== undefined) x.open = open[i]; });
  old.querySelectorAll("table[data-sortable]").forEach((table, i) => {
    makeSortable(table);
    if (sorted[i]) sortBy(table, ...sorted[i]);
  });
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
};

const showLost = (isLost) => {
  const notice = document.querySelector(".lost");
  notice.textContent = isLost ? document.body.dataset.lost : "";
  notice.hidden = !isLost;
};

let tag = null;
const shown = new Map();

const poll = async () => {
  const headers = tag === null ? {} : { "If-None-Match": tag };
  const answer = await fetch(location.href, { headers, cache: "no-store", redirect: "manual" });
  // Signed out: the page itself leads to the form.
  if (answer.type === "opaqueredirect") return location.reload();
  if (answer.status === 304) return undefined;
  if (!answer.ok) throw new Error(answer.status);
  tag = answer.headers.get("ETag");
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const old of document.querySelectorAll("[data-live]")) {
    const fresh = page.getElementById(old.id);
    if (fresh === null || shown.get(old.id) === fresh.innerHTML) continue;
    shown.set(old.id, fresh.innerHTML);
    refresh(old, fresh);
  }
  document.title = page.title;
  return undefined;
};

// A range with data-shows shows as it moves what its form would lead to: that element of the page.
const makeSlider = (range) => {
  const said = document.createElement("output");
  range.form.querySelector("button").replaceWith(said);
  const tell = () => {
    said.textContent = range.list.options[range.value - range.min].label;
    range.setAttribute("aria-valuetext", said.textContent);
  };
  let isAsking = false, shownValue = range.value;
  const follow = async () => {
    tell();
    if (isAsking) return;
    isAsking = true;
    try {
      while (range.value !== shownValue) {
        const value = range.value;
        const query = new URLSearchParams(new FormData(range.form));
        const answer = await fetch(`?${query}`, { redirect: "manual" });
        if (!answer.ok) throw new Error(answer.status);
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        refresh(document.getElementById(range.dataset.shows), page.getElementById(range.dataset.shows));
        history.replaceState(null, "", `?${query}`);
        shownValue = value;
      }
      showLost(false);
    } catch {
      showLost(true);
    } finally {
      isAsking = false;
    }
  };
  range.addEventListener("input", follow);
  tell();
};

const pollAgain = () => {
  const seconds = [...document.querySelectorAll("[data-poll]")].map((x) => Number(x.dataset.poll));
  if (seconds.length > 0) setTimeout(pollIfSeen, 1000 * Math.min(...seconds));
};

const pollIfSeen = async () => {
  if (!document.hidden) {
    try {
      await poll();
      showLost(false);
    } catch {
      showLost(true);
    }
  }
  pollAgain();
};

for (const old of document.querySelectorAll("[data-live]")) shown.set(old.id, old.innerHTML);
document.querySelectorAll("table[data-sortable]").forEach(makeSortable);
document.querySelectorAll("[data-shows]").forEach(makeSlider);
pollAgain();
