// The search of exported pages: looks through an index beside them as the portal looks through its own
// (content/search/rules.py says how; both must say the same).
const MOST = 50;
const HAN = /[\u3400-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]/u;
const form = document.querySelector("form[data-index]");
const query = (new URLSearchParams(location.search).get("q") ?? "").slice(0, 100).trim();
const english = document.documentElement.lang === "en";
let simplified = {};

function letters(sign) {
  const plain = sign.normalize("NFKD").toUpperCase().toLowerCase().normalize("NFKD").replace(/\p{Mn}/gu, "");
  return [...plain].map((letter) => (/[\p{L}\p{N}]/u.test(letter) ? simplified[letter] ?? letter : " "));
}

function scriptChanges(before, after, apart) {
  if (before === " " || after === " ") return false;
  return HAN.test(before) !== HAN.test(after) || (apart && /\p{Nd}/u.test(before) !== /\p{Nd}/u.test(after));
}

// The normal form, and for each of its signs which sign of the text it comes from.
function folded(text, apart = true) {
  const signs = [" "];
  const places = [0];
  const source = [...text];
  source.forEach((sign, place) => {
    for (const letter of letters(sign))
      for (const each of scriptChanges(signs.at(-1), letter, apart) ? [" ", letter] : [letter])
        if (each !== " " || signs.at(-1) !== " ") {
          signs.push(each);
          places.push(place);
        }
  });
  if (signs.at(-1) !== " ") {
    signs.push(" ");
    places.push(source.length);
  }
  return { signs, places, normal: signs.join("") };
}

function askedBy(word) {
  const nameYear = /^(\p{L}{2,})((?:19|20)\p{Nd}{2})$/u.exec(word);
  return nameYear ? nameYear.slice(1) : [word.replace(/(?<=\p{L})(?=\p{Nd})|(?<=\p{Nd})(?=\p{L})/gu, " ")];
}

function terms(asked) {
  const PHRASES = /["“”„]([^"“”„]*)["“”„]?/g;
  const phrases = [...asked.matchAll(PHRASES)].map((match) => folded(match[1]).normal.trim());
  const words = folded(asked.replace(PHRASES, " "), false).normal.trim().split(" ").flatMap(askedBy);
  return [...new Set([...phrases, ...words])].filter(Boolean).slice(0, 8);
}

// What to look for: any of the needles of a term is enough. Of a member's name any spelling will do.
function needles(wanted, people) {
  const known = new Map();
  for (const names of people)
    for (const name of names) {
      const joined = name.replaceAll(" ", "");
      known.set(joined, [...new Set([...(known.get(joined) ?? []), ...names])]);
    }
  const found = [];
  const rest = [...wanted];
  while (rest.length) {
    let length = rest.length;
    const joined = () => rest.slice(0, length).join("").replaceAll(" ", "");
    while (length && !known.has(joined())) length--;
    if (length) found.push(known.get(joined()).map((name) => (HAN.test(name[0]) ? name : ` ${name} `)));
    else found.push([HAN.test(rest[0][0]) ? rest[0] : ` ${rest[0]}`]);
    rest.splice(0, length || 1);
  }
  return found;
}

const holds = (words, wanted) => wanted.every((any) => any.some((needle) => words.includes(needle)));

function marked(text, wanted) {
  const { signs, places, normal } = folded(text);
  const source = [...text];
  const starts = signs.reduce((all, sign) => [...all, all.at(-1) + sign.length], [0]);
  const hit = source.map(() => false);
  for (const needle of wanted.flat())
    for (let at = normal.indexOf(needle); at >= 0; at = normal.indexOf(needle, at + 1)) {
      const first = places[starts.indexOf(at + needle.startsWith(" "))];
      const last = places[starts.indexOf(at + needle.trimEnd().length) - 1];
      hit.fill(true, first, last + 1);
    }
  const parts = document.createDocumentFragment();
  for (let start = 0, end = 1; end <= source.length; end++)
    if (end === source.length || hit[end] !== hit[start]) {
      const words = source.slice(start, end).join("");
      const part = hit[start] ? document.createElement("mark") : document.createTextNode(words);
      part.textContent = words;
      parts.append(part);
      start = end;
    }
  return parts;
}

// What both languages have alike is in one of them: the title of a paper.
function languageOf(words) {
  const han = [...words].filter((sign) => HAN.test(sign)).length;
  return han > (words.match(/[A-Za-z]/g) ?? []).length ? "zh-CN" : "en";
}

// In the page's language, or in the other one and marked so.
function said(element, zh, en, wanted) {
  const words = english ? en || zh : zh || en;
  const language = zh === en ? languageOf(words) : words === en ? "en" : "zh-CN";
  if (words && language !== document.documentElement.lang) element.lang = language;
  element.append(marked(words, wanted));
  return element;
}

function line([kind, address, zh, en, summaryZh, summaryEn], wanted, index) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  const root = kind === "call" ? index.portal : new URL(".", new URL(form.dataset.index, location));
  link.href = new URL((english ? "en/" : "") + address, root);
  item.append(said(link, zh, en, wanted));
  if (summaryZh || summaryEn) item.append(said(document.createElement("p"), summaryZh, summaryEn, wanted));
  return item;
}

const show = (name, shown = true) => document.querySelectorAll(`[data-when="${name}"]`).forEach((part) => { part.hidden = !shown; });

async function find() {
  show("scriptless", false);
  form.querySelector("input").value = query;
  if (!query) return;
  const answer = await fetch(form.dataset.index);
  if (!answer.ok) throw new Error(answer.statusText);
  const index = await answer.json();
  simplified = index.simplified;
  const wanted = needles(terms(query), index.names);
  const found = wanted.length ? index.entries.filter((entry) => holds(entry[7], wanted)) : [];
  const inTitle = (entry) => holds(entry[7].slice(0, entry[6]), wanted);
  for (const section of document.querySelectorAll("[data-kind]")) {
    const mine = found.filter((entry) => entry[0] === section.dataset.kind);
    const ordered = [...mine.filter(inTitle), ...mine.filter((entry) => !inTitle(entry))];
    section.querySelector("ul").append(...ordered.slice(0, MOST).map((entry) => line(entry, wanted, index)));
    section.querySelector(".count").textContent = mine.length;
    section.querySelector("[data-more]").hidden = mine.length <= MOST;
    section.hidden = !mine.length;
  }
  document.querySelector("[data-count]").textContent = found.length;
  show(found.length ? "found" : "nothing");
  show("asked", !found.length);
}

find().catch(() => show("failed"));
