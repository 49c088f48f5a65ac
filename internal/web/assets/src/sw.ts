// The service worker. It never stands in the way: what the network answers is
// what the reader gets, and only when the network does not answer at all comes
// what is kept. It keeps nothing of its own accord but the page of what is kept
// and its files; packs are written by that page's script (offline/keep.ts).
import { appPrefix, isPack } from "./offline/names";
import { flush } from "./offline/queue";

interface Shell {
  version: string;
  files: string[];
  map: string[];
}

interface Extendable extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface Fetching extends Extendable {
  request: Request;
  preloadResponse: Promise<Response | undefined>;
  respondWith(answer: Promise<Response>): void;
}

interface Scope {
  shell: Shell;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
  registration: { navigationPreload?: { enable(): Promise<void> } };
  addEventListener(type: string, listener: (event: never) => void): void;
}

const scope = self as unknown as Scope;
const app = appPrefix + scope.shell.version;

/** Fetches files into the cache of this version; what is there already stays. */
async function add(files: string[]): Promise<void> {
  const cache = await caches.open(app);
  for (const file of files) {
    if (await cache.match(file)) continue;
    const old = file.startsWith("/assets/") ? await caches.match(file) : undefined;
    const answer = old ?? (await fetch(new Request(file, { credentials: "omit", cache: file.startsWith("/assets/") ? "default" : "reload" })));
    if (!answer.ok || answer.redirected) throw new Error(`${file}: ${answer.status}`);
    await cache.put(file, answer);
  }
}

async function install(): Promise<void> {
  await add(["/offline", ...scope.shell.files]);
  // Who keeps a pack keeps its map; a new version must have it before it rules.
  if ((await caches.keys()).some(isPack)) await add(scope.shell.map);
  await scope.skipWaiting();
}

async function activate(): Promise<void> {
  for (const name of await caches.keys()) {
    if (name.startsWith(appPrefix) && name !== app) await caches.delete(name);
  }
  await scope.registration.navigationPreload?.enable();
  await scope.clients.claim();
}

/** A page: from the network, or the page of what is kept, which finds out by
 * its address what it is to show. */
async function page(event: Fetching): Promise<Response> {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch (failure) {
    const kept = await caches.match("/offline", { cacheName: app });
    if (kept) return kept;
    throw failure;
  }
}

/** A built file: its name carries its hash, so a kept one is the right one. */
async function file(request: Request): Promise<Response> {
  return (await caches.match(request.url, { cacheName: app })) ?? fetch(request);
}

/** A picture or a tile: from the network, else from a pack. */
async function part(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (failure) {
    const kept = await caches.match(request.url);
    if (kept) return kept;
    throw failure;
  }
}

scope.addEventListener("install", (event: Extendable) => event.waitUntil(install()));
scope.addEventListener("activate", (event: Extendable) => event.waitUntil(activate()));
scope.addEventListener("fetch", (event: Fetching) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (url.pathname.startsWith("/assets/")) event.respondWith(file(request));
  else if (request.destination === "image" || (url.pathname.startsWith("/tiles/") && !url.pathname.startsWith("/tiles/places/"))) event.respondWith(part(request));
});
// The browser calls when the network is back, also when no page is open.
scope.addEventListener("sync", (event: Extendable & { tag: string }) => {
  if (event.tag !== "marks") return;
  event.waitUntil(
    flush().then((sent) => {
      if (sent.how === "kept") throw new Error("not sent yet"); // called again later
    }),
  );
});
scope.addEventListener("message", (event: Extendable & { data: unknown; ports: MessagePort[] }) => {
  if (event.data !== "map") return;
  event.waitUntil(
    add(scope.shell.map).then(
      () => event.ports[0]?.postMessage("there"),
      () => event.ports[0]?.postMessage("failed"),
    ),
  );
});
