import { Card } from "./card.js";
import { preview } from "./preview.js";
import { settled, show, upload } from "./upload.js";
import { WORDS, firstLanguage } from "./words.js";

const ANSWERED_WITHIN = 5 * 60_000; // an upload's address lives five minutes
const at = (id) => document.getElementById(id);
const { api, people } = await (await fetch("settings.json")).json();
const cards = new Set();
let language = firstLanguage();
let token = null;
let limits = null;

const words = () => WORDS[language];
const headers = () => ({ authorization: `Bearer ${token}`, "accept-language": language });
const say = (sentence) => (at("status").textContent = sentence);
/** Stands in the photo's card already; for who hears the page. */
const announce = (sentence) => (at("news").textContent = sentence);

/** The API's answer; an Error with its sentence if it is none. */
async function ask(method, path) {
  const answer = await fetch(api + path, { method, headers: headers() });
  if (answer.ok) return answer.status === 204 ? null : answer.json();
  const told = await answer.json();
  throw new Error(told.detail ?? told.message);
}

/** For a person. Only an Error itself was thrown with a sentence of the API's. */
function sentenceOf(error) {
  if (error.constructor === Error) return error.message;
  const isFiles = error instanceof DOMException || error instanceof RangeError;
  return isFiles ? words().unreadable : words().offline;
}

function add(card) {
  cards.add(card);
  card.write(words());
  at("photos").prepend(card.element);
  at("none").hidden = true;
}

function takeAway(card) {
  const next = card.element.nextElementSibling ?? card.element.previousElementSibling;
  cards.delete(card);
  card.element.remove();
  at("none").hidden = cards.size > 0;
  (next?.querySelector("button:not([hidden])") ?? at("file")).focus();
}

function settle(card, state, sentence) {
  if (!cards.has(card)) return; // somebody else signed in meanwhile
  card.become(state, words(), sentence);
  announce(sentence || words().ready);
}

async function send(file) {
  const card = new Card(file.name, remove);
  add(card);
  if (limits && file.size > limits.bytes) {
    settle(card, "FAILED", words().tooLarge(limits.bytes / 1e6));
    return;
  }
  announce(words().uploading);
  preview(file).then((found) => {
    if (!found || card.picture.hasChildNodes()) return;
    card.shape(found);
    card.picture.append(Object.assign(new Image(), { src: found.src, alt: card.alt(words()) }));
  });
  try {
    const issued = await upload(api, headers(), file);
    limits = issued.limits;
    card.photoId = issued.photoId;
    writeLimits();
  } catch (error) {
    settle(card, "FAILED", sentenceOf(error));
    return;
  }
  if (!cards.has(card)) return;
  announce(words().checking);
  await follow(card);
}

async function follow(card) {
  card.become("PENDING", words());
  apply(card, (await settled(api, headers(), card.photoId)) ?? { state: "PENDING" });
}

function apply(card, photo) {
  const sentence = { READY: "", REJECTED: photo.message, PENDING: words().late }[photo.state];
  settle(card, photo.state, sentence);
  if (photo.state !== "READY") return;
  card.shape(photo);
  show(photo, card.picture, card.alt(words())).catch(() => say(words().offline));
}

async function remove(card) {
  if (!card.photoId) {
    takeAway(card);
  } else if (confirm(words().removeQuestion)) {
    try {
      await ask("DELETE", `/v1/candidates/me/photos/${card.photoId}`);
      takeAway(card);
      announce(words().removed);
    } catch (error) {
      say(sentenceOf(error));
    }
  }
}

async function signIn(name) {
  at("sign-in").hidden = true; // a second click would show each photo twice
  const asked = await fetch("/_local/token", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name }),
  });
  ({ token } = await asked.json());
  const { photos } = await ask("GET", "/v1/candidates/me");
  sessionStorage.setItem("person", name);
  at("who").textContent = at("person").selectedOptions[0].textContent;
  for (const photo of photos.sort((one, other) => one.createdAt.localeCompare(other.createdAt))) {
    const created = new Date(photo.createdAt);
    const card = new Card(created.toLocaleString(language), remove);
    card.photoId = photo.photoId;
    add(card);
    const isOld = Date.now() - created > ANSWERED_WITHIN;
    if (photo.state === "PENDING" && !isOld) follow(card);
    else apply(card, photo);
  }
  open();
  say("");
}

function enter() {
  signIn(at("person").value).catch((error) => {
    signOut();
    say(sentenceOf(error));
  });
}

function open() {
  const isIn = Boolean(token);
  at("sign-in").hidden = isIn;
  at("signed-in").hidden = !isIn;
  at("none").hidden = cards.size > 0;
  at(isIn ? "file" : "person").focus();
}

function signOut() {
  token = null;
  cards.clear();
  at("photos").replaceChildren();
  sessionStorage.removeItem("person");
  say("");
  open();
}

function writeLimits() {
  const most = limits ? [words().upTo(limits.bytes / 1e6)] : [];
  at("limits").textContent = [words().kinds, ...most].join(" · ");
}

function write() {
  document.documentElement.lang = language;
  document.title = words().title;
  for (const element of document.querySelectorAll("[data-word]")) {
    element.textContent = words()[element.dataset.word];
  }
  for (const button of at("languages").children) {
    button.ariaPressed = String(button.value === language);
  }
  writeLimits();
  for (const card of cards) card.write(words());
}

/** Reasons come from the API in the language that is asked for. */
async function readReasonsAgain() {
  const { photos } = await ask("GET", "/v1/candidates/me");
  for (const card of cards) {
    const photo = photos.find((one) => one.photoId === card.photoId);
    if (photo?.state === "REJECTED") card.become(photo.state, words(), photo.message);
  }
}

at("languages").addEventListener("click", ({ target }) => {
  if (!target.value) return;
  language = target.value;
  localStorage.setItem("language", language);
  write();
  say("");
  if (token) readReasonsAgain().catch((error) => say(sentenceOf(error)));
});
at("sign-in").addEventListener("submit", (event) => {
  event.preventDefault();
  enter();
});
at("sign-out").addEventListener("click", signOut);
at("file").addEventListener("change", ({ target }) => {
  for (const file of target.files) send(file);
  target.value = "";
});

at("person").append(...people.map(({ name, nickname }) => new Option(`${nickname} (${name})`, name)));
at("person").value = sessionStorage.getItem("person") ?? people[0].name;
write();
if (sessionStorage.getItem("person")) enter();
else open();
