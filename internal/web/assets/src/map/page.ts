// The page /map: map and list move together, the address keeps the view, a
// pressed cluster opens its places.
import type { Map, MapGeoJSONFeature } from "maplibre-gl";
import { create, settingsOf } from "./create";
import { cells, placesZoom } from "./marks";
import { fetchPlaces, metres, normal, show, type Box } from "./list";
import { write } from "../site/units";
import { recall } from "../site/store";

const limit = 24;

/** Turns the picture of the page into the map. Where the browser cannot draw
 * it, picture and list stay as they are. */
export async function runPage(page: HTMLElement): Promise<void> {
  const canvas = find(page, "[data-canvas]");
  const moving = document.createElement("div");
  moving.className = "moving";
  canvas.prepend(moving);
  let map: Map;
  try {
    map = await create(moving, settingsOf(page), { controls: false, label: page.dataset.sayMap });
  } catch {
    moving.remove();
    return;
  }
  canvas.classList.add("live");
  new MapPage(page, map).start();
}

class MapPage {
  private asked: AbortController | null = null;
  private readonly rows: HTMLElement;
  private readonly count: HTMLElement;
  private readonly cluster: HTMLElement;
  private opened: { box: Box; back: Element | null } | null = null;
  private readonly settings;

  constructor(private readonly page: HTMLElement, private readonly map: Map) {
    this.settings = settingsOf(page);
    this.rows = find(page, "[data-rows]");
    this.count = find(page, "[data-count]");
    this.cluster = find(page, "[data-cluster]");
  }

  start(): void {
    const { map } = this;
    this.tools();
    map.on("moveend", () => {
      this.keepAddress();
      this.scale();
      void this.follow();
    });
    map.on("idle", () => this.total());
    map.on("click", (e) => {
      const hit = map.queryRenderedFeatures(e.point, { layers: ["places", "clusters"] })[0];
      if (!hit) return this.close(false);
      if (Number(hit.properties.count) > 1) void this.open(hit);
      else location.href = `/places/${encodeURIComponent(String(hit.properties.slug))}`;
    });
    this.scale();
    void this.follow();
  }

  private tools(): void {
    const { map, page } = this;
    find(page, "[data-zoomers]").hidden = false;
    find(page, "[data-in]").addEventListener("click", () => map.zoomIn());
    find(page, "[data-out]").addEventListener("click", () => map.zoomOut());
    find(page, "[data-here]").addEventListener("click", (e) => {
      const button = e.currentTarget as HTMLElement;
      button.setAttribute("aria-busy", "true");
      navigator.geolocation.getCurrentPosition(
        (p) => {
          button.removeAttribute("aria-busy");
          map.easeTo({ center: [p.coords.longitude, p.coords.latitude], zoom: Math.max(map.getZoom(), 11) });
        },
        () => button.removeAttribute("aria-busy"),
        { timeout: 10000, maximumAge: 60000 },
      );
    });
    find(page, "[data-cluster-close]").addEventListener("click", () => this.close(true));
    find(page, "[data-cluster-closer]").addEventListener("click", () => {
      const b = this.opened?.box;
      this.close(false);
      if (b) map.fitBounds([b.west, b.south, b.east, b.north], { padding: 40, maxZoom: 17 });
    });
    // Heard on the whole page: a press on the map leaves the focus there.
    page.addEventListener("keydown", (e) => {
      if (e.key === "Escape" && this.opened) this.close(true);
    });
  }

  /** The view as the address writes it. */
  private view(): URLSearchParams {
    const at = this.map.getCenter().wrap();
    const v = new URLSearchParams(this.settings.query);
    v.set("lat", at.lat.toFixed(4));
    v.set("lon", at.lng.toFixed(4));
    v.set("z", String(Math.round(Math.max(0, this.map.getZoom()) * 100) / 100));
    return v;
  }

  /** Keeps the view in the address and in the links that filter. */
  private keepAddress(): void {
    const v = this.view();
    history.replaceState(null, "", `/map?${v}`);
    for (const link of this.page.querySelectorAll<HTMLAnchorElement>('a[href^="/map"]')) {
      const to = new URL(link.href);
      for (const name of ["lat", "lon", "z"]) to.searchParams.set(name, v.get(name) ?? "");
      link.href = to.pathname + to.search;
    }
    const form = this.page.querySelector("form");
    if (!form) return;
    for (const name of ["lat", "lon", "z"]) {
      let field = form.querySelector<HTMLInputElement>(`input[type=hidden][name=${name}]`);
      if (!field) {
        field = document.createElement("input");
        field.type = "hidden";
        field.name = name;
        form.append(field);
      }
      field.value = v.get(name) ?? "";
    }
  }

  private box(): Box {
    const b = this.map.getBounds();
    return normal({ west: b.getWest(), south: b.getSouth(), east: b.getEast(), north: b.getNorth() });
  }

  /** Fetches what the map shows now; an older question is given up. */
  private async follow(): Promise<void> {
    this.asked?.abort();
    const mine = (this.asked = new AbortController());
    const box = this.box();
    for (const link of this.page.querySelectorAll<HTMLAnchorElement>("a[data-form]")) {
      const to = new URL(link.href);
      to.searchParams.set("bbox", [box.west, box.south, box.east, box.north].map((n) => n.toFixed(4)).join(","));
      link.href = to.pathname + to.search;
    }
    try {
      const { places } = await fetchPlaces(box, this.settings.query, limit, mine.signal);
      const close = this.map.getZoom() > 7;
      show(this.rows, places, close ? this.map.getCenter() : null, this.page.dataset.unit ?? "km");
      if (places.length === 0) this.rows.append(paragraph(this.page.dataset.sayNone ?? ""));
      this.shown = places.length;
      this.total();
    } catch (e) {
      if (!mine.signal.aborted) this.count.textContent = this.page.dataset.sayFailed ?? String(e);
    }
  }

  private shown = -1;

  /** Says how many places the map shows: what its marks add up to. */
  private total(): void {
    if (this.shown < 0) return;
    const seen = new Set<string>();
    let n = 0;
    for (const f of this.map.queryRenderedFeatures({ layers: ["places", "clusters"] })) {
      const id = String(f.properties.id);
      if (seen.has(id)) continue;
      seen.add(id);
      n += Number(f.properties.count);
    }
    n = Math.max(n, this.shown);
    const { sayOne = "", sayMany = "", saySome = "" } = this.page.dataset;
    const words = n === 1 ? sayOne : n <= this.shown ? fill(sayMany, n) : fill(saySome, this.shown, n);
    if (this.count.textContent !== words) this.count.textContent = words;
  }

  /** The scale bar is 5 rem long. */
  private scale(): void {
    const bar = find(this.page, "[data-scale]");
    const middle = this.map.getContainer().clientHeight / 2;
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const a = this.map.unproject([0, middle]);
    const b = this.map.unproject([5 * rem, middle]);
    const mine = recall("unit");
    const unit = mine === "km" || mine === "mi" ? mine : this.page.dataset.unit === "mi" ? "mi" : "km";
    find(bar, "span").textContent = write(metres(a.lat, a.lng, b.lat, b.lng), unit);
    bar.hidden = false;
  }

  /** Opens the places of a cluster, which lie in one cell of the tiles' grid. */
  private async open(hit: MapGeoJSONFeature): Promise<void> {
    if (hit.geometry.type !== "Point") return;
    const [lon, lat] = hit.geometry.coordinates as [number, number];
    const box = cellAround(lon, lat, this.map.getZoom());
    const count = Number(hit.properties.count);
    this.opened = { box, back: this.opened?.back ?? document.activeElement };
    const { places } = await fetchPlaces(normal(box), nearest(this.settings.query, lat, lon), limit, new AbortController().signal).catch(() => ({ places: [] }));
    if (places.length === 0 || this.opened?.box !== box) return;
    const where = common(places.map((p) => p.city)) ?? common(places.map((p) => p.region)) ?? common(places.map((p) => p.country));
    const heading = find(this.cluster, "[data-cluster-heading]");
    heading.textContent = where ? fill(this.page.dataset.sayAround ?? "", where) : (this.page.dataset.sayHere ?? "");
    find(this.cluster, "[data-cluster-count]").textContent = fill(this.page.dataset.sayCluster ?? "", count);
    show(find(this.cluster, "[data-cluster-rows]"), places, { lat, lng: lon }, this.page.dataset.unit ?? "km");
    this.cluster.hidden = false;
    this.page.classList.add("opened");
    this.cluster.parentElement?.scrollTo(0, 0);
    heading.focus({ preventScroll: true });
  }

  private close(giveBack: boolean): void {
    const back = this.opened?.back;
    this.opened = null;
    this.cluster.hidden = true;
    this.page.classList.remove("opened");
    if (giveBack && back instanceof HTMLElement) back.focus({ preventScroll: true });
  }
}

/** The cell of the tiles' grid around a position, at the zoom of the tiles
 * that the map has for a zoom of its own. */
export function cellAround(lon: number, lat: number, zoom: number): Box {
  const n = cells * 2 ** Math.min(placesZoom, Math.max(0, Math.floor(zoom)));
  const rad = Math.PI / 180;
  const x = Math.floor((lon / 360 + 0.5) * n);
  const y = Math.floor((0.5 - Math.log(Math.tan(Math.PI / 4 + (lat * rad) / 2)) / (2 * Math.PI)) * n);
  const north = (row: number): number => Math.atan(Math.sinh(Math.PI * (1 - (2 * row) / n))) / rad;
  return { west: (x / n) * 360 - 180, east: ((x + 1) / n) * 360 - 180, north: north(y), south: north(y + 1) };
}

/** The query in the order of distance from a position. */
function nearest(query: string, lat: number, lon: number): string {
  const v = new URLSearchParams(query);
  v.delete("radius");
  v.set("near", `${lat.toFixed(5)},${lon.toFixed(5)}`);
  v.set("sort", "near");
  return v.toString();
}

/** The value that most of a list share, null when less than half do. */
function common(values: string[]): string | null {
  const counts: Record<string, number> = {};
  for (const v of values) if (v) counts[v] = (counts[v] ?? 0) + 1;
  const best = Object.entries(counts).sort((a, b) => b[1] - a[1])[0];
  return best && best[1] * 2 >= values.length ? best[0] : null;
}

function find(root: ParentNode, selector: string): HTMLElement {
  const e = root.querySelector<HTMLElement>(selector);
  if (!e) throw new Error(`${selector} is missing`);
  return e;
}

function fill(pattern: string, ...values: (string | number)[]): string {
  let i = 0;
  return pattern.replace(/%s/g, () => {
    const v = values[i++];
    return typeof v === "number" ? v.toLocaleString(document.documentElement.lang || "en") : String(v ?? "");
  });
}

function paragraph(words: string): HTMLElement {
  const p = document.createElement("p");
  p.className = "hook";
  p.textContent = words;
  return p;
}
