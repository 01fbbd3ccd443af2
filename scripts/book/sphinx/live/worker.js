// Keeps what was loaded, so that the site works without a network. What belongs to a state of the
// live files is taken from the cache; pages are asked for anew as long as somebody answers.
const CACHE = "kerastut-STATE";
const LIVE = new URL("live/", location).href;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(take()));
self.addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  if (method === "GET" && isOurs(url)) event.respondWith(answer(event.request));
});
self.addEventListener("message", (event) => event.waitUntil(keep(event.data.filter(isOurs))));

const isOurs = (url) => url.startsWith(location.origin);

async function keep(urls) {
  const cache = await caches.open(CACHE);
  await Promise.all(urls.map((url) => cache.add(url).catch(() => {})));
}

async function take() {
  const old = (await caches.keys()).filter((name) => name.startsWith("kerastut-") && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function answer(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request);
  if (kept && request.url.startsWith(LIVE)) return kept;
  try {
    const found = await fetch(request);
    if (found.status === 200) await cache.put(request, found.clone());
    return found;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}
