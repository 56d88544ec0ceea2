import { thumbHashToDataURL } from "./thumbhash.js"; // of npm's package thumbhash

/** Uploads `file`. An Error's message tells its owner what is wrong and what to do. */
export async function upload(api, headers, file) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  const contentType = file.type || "application/octet-stream"; // many browsers do not know HEIC
  const sha256 = btoa(String.fromCharCode(...digest));
  const body = JSON.stringify({ contentType, contentLength: file.size, sha256 });
  const json = { ...headers, "content-type": "application/json" };
  const asked = await fetch(`${api}/v1/photos`, { method: "POST", headers: json, body });
  const issued = await asked.json();
  if (!asked.ok) throw new Error(issued.detail ?? issued.message);
  const { url, method, headers: signed, refusals } = issued.upload;
  const put = await fetch(url, { method, headers: signed, body: file });
  if (put.ok) return issued;
  const code = (await put.text()).match(/<Code>(\w+)/)?.[1];
  const of = (wanted) => refusals.find((refusal) => refusal.code === wanted);
  throw new Error((of(code) ?? of("InternalError")).message);
}

/** The photo once it is READY or REJECTED; after a minute as it is then, if anybody answers. */
export async function settled(api, headers, photoId) {
  for (let pause = 400, end = Date.now() + 60_000; ; pause = Math.min(1.5 * pause, 5_000)) {
    const asked = fetch(`${api}/v1/candidates/me`, { headers }).then((answer) => answer.json());
    const { photos = [] } = await asked.catch(() => ({})); // no answer now: the next may come
    const photo = photos.find((one) => one.photoId === photoId);
    if (Date.now() > end || (photo && photo.state !== "PENDING")) return photo;
    await new Promise((next) => setTimeout(next, pause));
  }
}

/** Shows a READY photo in `box`: its placeholder at once, then the thumbnail, then the picture. */
export async function show(photo, box, alt) {
  const hash = Uint8Array.from(atob(photo.placeholder), (byte) => byte.charCodeAt());
  for (const src of [thumbHashToDataURL(hash), photo.thumbnailUrl, photo.url]) {
    const image = Object.assign(new Image(), { src, alt });
    await image.decode();
    box.replaceChildren(image);
  }
}
