// The moving map: the whole page /map, and the map of a place or guide, which
// is a picture until touched.
import { setWorkerUrl } from "maplibre-gl";
import { create, settingsOf } from "./map/create";
import { runDrawing } from "./map/draw";
import { pin } from "./map/pin";
import { runPage } from "./map/page";

/** Puts a moving map in the place of a picture. */
export async function mount(frame: HTMLElement, focus: boolean): Promise<void> {
  const settings = settingsOf(frame);
  // Closer than this our own basemap has nothing left to tell.
  if (!settings.style) settings.zoom = Math.min(settings.zoom, settings.tilesZoom + 4);
  setWorkerUrl(settings.worker);
  const canvas = document.createElement("div");
  canvas.className = "canvas";
  const picture = frame.querySelector("img");
  const box = picture?.getBoundingClientRect();
  picture?.replaceWith(canvas);
  frame.querySelector("[data-move]")?.remove();
  if (box) canvas.style.blockSize = `${box.height}px`;
  const map = await create(canvas, settings, { controls: true });
  if (frame.closest("[data-pin]")) pin(map, frame, settings);
  if (focus) map.getCanvas().focus();
}

/** A place that was taken along. */
interface Kept {
  slug: string;
  title: string;
  kind: string;
  state: string;
  lat?: number;
  lon?: number;
}

/** Puts a map of places that are on this device into a frame. */
export async function mountKept(frame: HTMLElement, items: Kept[], tiles: { zoom: number; source: string }, worker: string, box: { west: number; south: number; east: number; north: number }): Promise<void> {
  setWorkerUrl(worker);
  const canvas = document.createElement("div");
  canvas.className = "canvas";
  frame.prepend(canvas);
  const features = items.flatMap((i) => (i.lat === undefined || i.lon === undefined ? [] : [{
    type: "Feature" as const, geometry: { type: "Point" as const, coordinates: [i.lon, i.lat] },
    properties: { slug: i.slug, title: i.title, kind: i.kind, status: i.state, count: 1 },
  }]));
  const east = box.east < box.west ? box.east + 360 : box.east;
  const settings = { lat: (box.south + box.north) / 2, lon: (box.west + east) / 2, zoom: 2, query: "", worker, tiles: tiles.source, tilesZoom: tiles.zoom, credit: "", style: "", way: "", found: "", kept: features };
  const map = await create(canvas, settings, { controls: true });
  map.fitBounds([[box.west, box.south], [east, box.north]], { padding: 40, maxZoom: tiles.zoom + 4, animate: false });
  map.getCanvas().focus();
}

const drawing = document.querySelector<HTMLFieldSetElement>("[data-drawing]");
if (drawing) {
  setWorkerUrl(settingsOf(drawing).worker);
  void runDrawing(drawing);
}

const page = document.querySelector<HTMLElement>("[data-map-page]");
if (page) {
  setWorkerUrl(settingsOf(page).worker);
  void runPage(page);
}
