// Keeping packs: written part by part, the list last, so that what was kept
// before stays whole until the new is. Everything is asked for without cookies,
// and an answer that is not for everyone is never kept.
import { isPack, leafPath, listPath, packName } from "./names";

export interface Item {
  id: string;
  slug: string;
  hash: string;
  bytes: number;
  kind: string;
  state: string;
  title: string;
  lang?: string;
  hook?: string;
  where?: string;
  status?: string;
  lat?: number;
  lon?: number;
  names?: string[];
  tags?: string[];
  picture?: string;
}

export interface Box {
  west: number;
  south: number;
  east: number;
  north: number;
}

export interface Pack {
  format: number;
  name: string;
  page: string;
  made: string;
  size: { texts: number; pictures: number; map: number; total: number };
  tiles: { zoom: number; source: string; box?: Box; paths: string[] };
  items: Item[];
  /** Where the list is fetched again, and when it was last. */
  from?: string;
  kept?: string;
  /** What it takes on this device, measured. */
  bytes?: number;
}

interface Leaf {
  id: string;
  hash: string;
  html: string;
}

/** How far keeping has come. */
export type Progress = (done: number, of: number) => void;

export interface Outcome {
  pack: Pack;
  changed: number;
  gone: number;
  fetched: number; // requests for texts, pictures and tiles
}

const format = 1;
const together = 50; // texts in one request, as the server allows
const atOnce = 4;

/** There is no room for more. */
export class Full extends Error {}

/** Whether this browser can keep anything here. */
export function able(): boolean {
  return "serviceWorker" in navigator && "caches" in self;
}

async function get(path: string): Promise<Response> {
  const answer = await fetch(path, { credentials: "omit" });
  const rule = answer.headers.get("Cache-Control") ?? "";
  if (!answer.ok || answer.redirected || /no-store|private/.test(rule)) throw new Error(`${path}: ${answer.status}`);
  return answer;
}

/** Fetches the list of a pack. */
export async function fetchList(from: string): Promise<Pack> {
  const pack = (await (await get(from)).json()) as Pack;
  if (pack.format !== format) throw new Error("a newer list than this page reads");
  return { ...pack, from };
}

/** The packs on this device, by name. */
export async function packs(): Promise<Pack[]> {
  const out: Pack[] = [];
  for (const name of await caches.keys()) {
    if (!isPack(name)) continue;
    const pack = await read(name);
    if (pack) out.push(pack);
  }
  return out.sort((a, b) => a.name.localeCompare(b.name));
}

/** The pack of a page, if it is kept. */
export function packOf(page: string): Promise<Pack | undefined> {
  return caches.has(packName(page)).then((there) => (there ? read(packName(page)) : undefined));
}

async function read(name: string): Promise<Pack | undefined> {
  const kept = await caches.match(listPath, { cacheName: name });
  return kept ? ((await kept.json()) as Pack) : undefined; // none: it was broken off
}

/** The text of a place in a pack. */
export async function leaf(pack: Pack, item: Item): Promise<string | undefined> {
  const kept = await caches.match(leafPath(item.id, item.hash), { cacheName: packName(pack.page) });
  return kept ? ((await kept.json()) as Leaf).html : undefined;
}

export async function remove(page: string): Promise<void> {
  await caches.delete(packName(page));
}

/** Keeps a pack, or brings a kept one up to date: only what has changed is
 * fetched. */
export async function keep(list: Pack, progress: Progress): Promise<Outcome> {
  const name = packName(list.page);
  const before = await packOf(list.page);
  try {
    await navigator.storage?.persist?.();
    const cache = await caches.open(name);
    const run = new Run(cache, list, before, progress);
    await run.all();
    return await run.finish();
  } catch (failure) {
    if (!before) await caches.delete(name);
    if (failure instanceof DOMException && failure.name === "QuotaExceededError") throw new Full();
    throw failure;
  }
}

/** One keeping. */
class Run {
  private done = 0;
  private total = 0;
  private fetched = 0;
  private bytes = 0;

  constructor(
    private readonly cache: Cache,
    private readonly list: Pack,
    private readonly before: Pack | undefined,
    private readonly progress: Progress,
  ) {}

  async all(): Promise<void> {
    const texts: Item[] = [];
    for (const item of this.list.items) if (!(await this.cache.match(leafPath(item.id, item.hash)))) texts.push(item);
    const files: string[] = [];
    for (const path of this.paths()) if (!(await this.cache.match(path))) files.push(path);
    this.total = texts.length + files.length + 1;
    for (let i = 0; i < texts.length; i += together) await this.texts(texts.slice(i, i + together));
    const queue = files.values();
    await Promise.all(Array.from({ length: atOnce }, () => this.files(queue)));
    if (this.list.tiles.paths.length > 0) await mapFiles();
    this.step(1);
  }

  private paths(): Set<string> {
    const paths = new Set(this.list.tiles.paths);
    for (const item of this.list.items) if (item.picture) paths.add(item.picture);
    return paths;
  }

  private step(n: number): void {
    this.done += n;
    this.progress(this.done, this.total);
  }

  private async texts(items: Item[]): Promise<void> {
    const answer = await get(`/packs/items.json?${items.map((i) => `id=${i.id}`).join("&")}`);
    const { items: leaves } = (await answer.json()) as { items: Leaf[] };
    this.fetched++;
    const byID = new Map(leaves.map((l) => [l.id, l]));
    for (const item of items) {
      const text = byID.get(item.id);
      if (!text) continue; // withdrawn meanwhile: finish leaves it out
      item.hash = text.hash; // it may have changed since the list was made
      await this.cache.put(leafPath(item.id, item.hash), new Response(JSON.stringify(text), { headers: { "Content-Type": "application/json" } }));
    }
    this.step(items.length);
  }

  private async files(queue: IterableIterator<string>): Promise<void> {
    for (const path of queue) {
      try {
        const answer = await get(path);
        await this.cache.put(path, answer);
      } catch (failure) {
        // A picture that is not there any more must not hold up the rest; the
        // network that went away must.
        if (!(failure instanceof Error) || failure instanceof TypeError || failure instanceof DOMException) throw failure;
      }
      this.fetched++;
      this.step(1);
    }
  }

  /** Writes the list, which makes the rest whole, and throws away what it does
   * not name. */
  async finish(): Promise<Outcome> {
    const items: Item[] = [];
    const wanted = new Set<string>([listPath, ...this.paths()]);
    for (const item of this.list.items) {
      const path = leafPath(item.id, item.hash);
      if (!(await this.cache.match(path))) continue;
      items.push(item);
      wanted.add(path);
    }
    const hashes = new Map((this.before?.items ?? []).map((i) => [i.id, i.hash]));
    const changed = items.filter((i) => hashes.get(i.id) !== i.hash).length;
    const now = new Set(items.map((i) => i.id));
    const gone = [...hashes.keys()].filter((id) => !now.has(id)).length;
    const stale: Request[] = [];
    for (const request of await this.cache.keys()) {
      const url = new URL(request.url);
      const path = url.pathname + url.search;
      if (!wanted.has(path)) stale.push(request);
      else if (path !== listPath) this.bytes += (await (await this.cache.match(request))?.blob())?.size ?? 0;
    }
    const pack: Pack = { ...this.list, items, kept: new Date().toISOString() };
    pack.bytes = this.bytes + JSON.stringify(pack).length;
    await this.cache.put(listPath, new Response(JSON.stringify(pack), { headers: { "Content-Type": "application/json" } }));
    for (const request of stale) await this.cache.delete(request);
    return { pack, changed, gone, fetched: this.fetched };
  }
}

/** Asks the worker to keep the files of the map. */
async function mapFiles(): Promise<void> {
  const ready = await navigator.serviceWorker.ready;
  const worker = ready.active;
  if (!worker) return;
  const { port1, port2 } = new MessageChannel();
  await new Promise<void>((done, fail) => {
    port1.onmessage = ({ data }) => (data === "there" ? done() : fail(new TypeError("the map could not be fetched")));
    worker.postMessage("map", [port2]);
  });
}
