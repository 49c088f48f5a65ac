// Making a map: settings from the page, style from the palette, places on top.
import { Map, NavigationControl, Popup, type LngLatLike, type MapGeoJSONFeature, type StyleSpecification } from "maplibre-gl";
import { addMarks, keptSource, placesLayers, placesSource, type KeptFeature } from "./marks";
import { outlineLayers, outlineSource, showOutline } from "./outline";
import { onScheme, palette } from "./palette";
import { basemap, loadFaces } from "./style";
import { decodeWay, showWay, wayLayers, waySources } from "./way";

export interface Settings {
  lat: number;
  lon: number;
  zoom: number;
  /** Filters as on /places, without a question mark. */
  query: string;
  worker: string;
  tilesZoom: number;
  /** Path of the basemap's tiles, with {z}, {x} and {y}. */
  tiles: string;
  /** Source of the basemap, plain text. */
  credit: string;
  /** Address of a foreign style, "" for our own. */
  style: string;
  /** A line to draw and the GeoJSON of the places beside it; "" for none. */
  way: string;
  found: string;
  /** Address of the GeoJSON of an outline to draw; "" for none. */
  outline?: string;
  /** Places that are on this device, instead of the atlas's tiles. */
  kept?: KeptFeature[];
}

/** Reads the settings from the data attributes of an element. */
export function settingsOf(el: HTMLElement): Settings {
  const d = el.dataset;
  const n = (s: string | undefined, otherwise: number): number => (s !== undefined && s !== "" && Number.isFinite(Number(s)) ? Number(s) : otherwise);
  return {
    lat: n(d.lat, 25), lon: n(d.lon, 10), zoom: n(d.zoom, 1.6), query: d.query ?? "", worker: d.worker ?? "",
    tiles: d.tiles ?? "", tilesZoom: n(d.tilesZoom, 5), credit: d.credit ?? "", style: d.foreign ?? "", way: d.way ?? "", found: d.found ?? "", outline: d.outline ?? "",
  };
}

/** Puts a map into an element, ready when its style is; label says what its
 * canvas is, from the first moment on. Throws where the browser cannot draw it. */
export async function create(into: HTMLElement, s: Settings, o: { controls: boolean; label?: string }): Promise<Map> {
  await loadFaces();
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = new Map({
    container: into,
    locale: o.label ? { "Map.Title": o.label } : {},
    style: s.style || styled(s),
    center: [s.lon, s.lat],
    zoom: s.zoom,
    minZoom: wholeWorld(into.clientWidth),
    maxZoom: 18,
    maxPitch: 0,
    dragRotate: false,
    pitchWithRotate: false,
    // A foreign style names its sources itself.
    attributionControl: s.style ? { compact: false } : false,
    fadeDuration: still ? 0 : 150,
    renderWorldCopies: true,
  });
  if (s.credit) into.append(creditOf(s.credit));
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  if (o.controls) map.addControl(new NavigationControl({ showCompass: false }), "bottom-right");
  await new Promise<void>((done) => {
    map.once("style.load", () => done());
  });
  // A foreign style knows no places.
  if (s.style) addPlaces(map, s);
  else addMarks(map, palette());
  onScheme(() => {
    if (s.style) return;
    map.setStyle(styled(s), { diff: true });
    addMarks(map, palette());
  });
  if (o.controls) map.on("click", s.way ? ["places"] : ["places", "clusters"], (e) => popUp(map, e.features?.[0]));
  if (s.way) showWay(map, decodeWay(s.way));
  if (s.outline) void showOutline(map, s.outline);
  for (const layer of s.way ? ["places"] : ["places", "clusters"]) {
    map.on("mouseenter", layer, () => (map.getCanvas().style.cursor = "pointer"));
    map.on("mouseleave", layer, () => (map.getCanvas().style.cursor = ""));
  }
  return map;
}

/** The zoom at which a map so wide shows the whole world with room beside it, and
 * no more of it than suits a wide one. */
function wholeWorld(width: number): number {
  return Math.min(0.6, Math.log2(Math.max(width - 80, 128) / 512));
}

/** The source of the basemap, always in sight. */
function creditOf(words: string): HTMLElement {
  const p = document.createElement("p");
  p.className = "map-credit";
  p.textContent = words;
  return p;
}

function styled(s: Settings): StyleSpecification {
  const p = palette();
  const style = basemap(p, s.tiles, s.tilesZoom);
  if (s.way) {
    Object.assign(style.sources, waySources(decodeWay(s.way), s.found));
    style.layers.push(...wayLayers(p));
    return style;
  }
  if (s.outline) {
    style.sources.outline = outlineSource(s.outline);
    style.layers.push(...outlineLayers(p));
  }
  style.sources.places = s.kept ? keptSource(s.kept) : placesSource(s.query);
  style.layers.push(...placesLayers(p, s.kept !== undefined));
  return style;
}

function addPlaces(map: Map, s: Settings): void {
  addMarks(map, palette());
  if (s.way) {
    for (const [name, source] of Object.entries(waySources(decodeWay(s.way), s.found))) map.addSource(name, source);
    for (const layer of wayLayers(palette())) map.addLayer(layer);
    return;
  }
  if (s.outline) {
    map.addSource("outline", outlineSource(s.outline));
    for (const layer of outlineLayers(palette())) map.addLayer(layer);
  }
  map.addSource("places", placesSource(s.query));
  for (const layer of placesLayers(palette())) map.addLayer(layer);
}

/** Says what a mark is. Its words come from readers: text, never markup. */
function popUp(map: Map, feature: MapGeoJSONFeature | undefined): void {
  if (!feature || feature.geometry.type !== "Point") return;
  const { slug, title, count } = feature.properties as { slug: string; title: string; count: number };
  const at = feature.geometry.coordinates as LngLatLike;
  if (count > 1) {
    map.easeTo({ center: at, zoom: Math.min(map.getZoom() + 2, 18) });
    return;
  }
  const link = document.createElement("a");
  link.href = `/places/${encodeURIComponent(slug)}`;
  link.textContent = title;
  new Popup({ offset: [0, -34] }).setLngLat(at).setDOMContent(link).addTo(map);
}
