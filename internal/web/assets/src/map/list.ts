// The list beside the map: the same places, as cards in the form that the
// server writes. Every word goes in as text.
import { write } from "../site/units";
import { recall } from "../site/store";

/** The part of the API's place that a card shows. */
export interface Place {
  id: string;
  slug: string;
  title: string;
  subtitle: string;
  country: string;
  region: string;
  city: string;
  kind: string;
  status: string;
  lat: number | null;
  lon: number | null;
  photos: { urls: Record<string, string>; alt: string }[];
}

export interface Box {
  west: number;
  south: number;
  east: number;
  north: number;
}

/** Fetches the places in a box, narrowed by a query as on /places. */
export async function fetchPlaces(box: Box, query: string, limit: number, signal: AbortSignal): Promise<{ places: Place[]; more: boolean }> {
  const asked = new URLSearchParams(query);
  asked.set("bbox", [box.west, box.south, box.east, box.north].map((v) => v.toFixed(5)).join(","));
  asked.set("limit", String(limit));
  asked.delete("cursor");
  const answer = await fetch(`/api/v1/places?${asked}`, { signal, headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`places: ${answer.status}`);
  const body = (await answer.json()) as { items: Place[]; next: string | null };
  return { places: body.items, more: body.next !== null };
}

/** Brings a box into ±180, crossing the date line where west is above east. */
export function normal(box: Box): Box {
  if (box.east - box.west >= 360) return { ...box, west: -180, east: 180 };
  const wrap = (lon: number): number => ((((lon + 180) % 360) + 360) % 360) - 180;
  return {
    west: wrap(box.west),
    east: wrap(box.east),
    south: Math.max(-90, box.south),
    north: Math.min(90, box.north),
  };
}

/** Puts cards in the place of what a list holds. from is where distances are
 * measured, null for none; words name the states, by status. */
export function show(list: HTMLElement, places: Place[], from: { lat: number; lng: number } | null, atlasUnit: string): void {
  const unit = recall("unit");
  const write1 = (m: number): string => write(m, unit === "km" || unit === "mi" ? unit : atlasUnit === "mi" ? "mi" : "km");
  list.replaceChildren(...places.map((p) => card(p, from, write1)));
}

function card(p: Place, from: { lat: number; lng: number } | null, distance: (metres: number) => string): HTMLElement {
  const article = element("article", "card line");
  const pic = element("div", "pic");
  const img = document.createElement("img");
  const photo = p.photos[0];
  const small = photo && (photo.urls["320"] ?? Object.values(photo.urls)[0]);
  img.src = small ?? `/pictures/locator/${encodeURIComponent(p.id)}-thumb.svg`;
  img.alt = "";
  img.loading = "lazy";
  img.decoding = "async";
  img.width = img.height = 240;
  pic.append(img);
  const words = element("div", "");
  const where = element("p", "where");
  where.append(text("span", p.city || p.region || p.country));
  if (from && p.lat !== null && p.lon !== null) {
    const m = metres(from.lat, from.lng, p.lat, p.lon);
    const d = document.createElement("data");
    d.value = m.toFixed(0);
    d.textContent = distance(m);
    where.append(d);
  }
  const head = element("h3", "t");
  const link = document.createElement("a");
  link.href = `/places/${encodeURIComponent(p.slug)}`;
  link.append(text("bdi", p.title));
  head.append(link);
  words.append(where, head);
  if (p.subtitle) {
    const hook = text("p", p.subtitle);
    hook.className = "hook mt0";
    words.append(hook);
  }
  article.append(pic, words);
  return article;
}

function element(tag: string, name: string): HTMLElement {
  const e = document.createElement(tag);
  if (name) e.className = name;
  return e;
}

function text(tag: string, words: string): HTMLElement {
  const e = document.createElement(tag);
  e.textContent = words;
  return e;
}

/** The distance of two positions in metres (haversine), as internal/geo has it. */
export function metres(lat1: number, lon1: number, lat2: number, lon2: number): number {
  const rad = Math.PI / 180;
  const a = Math.sin(((lat2 - lat1) * rad) / 2) ** 2 + Math.cos(lat1 * rad) * Math.cos(lat2 * rad) * Math.sin(((lon2 - lon1) * rad) / 2) ** 2;
  return 2 * 6371008.8 * Math.asin(Math.min(1, Math.sqrt(a)));
}
