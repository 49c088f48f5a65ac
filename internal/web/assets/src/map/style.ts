// The style of the basemap, from the design's map palette. Layers are named as
// in the Protomaps basemap, so that an operator's own archive is drawn by the
// same style, with the roads and woods that the embedded world does not have.
import type { FilterSpecification, LayerSpecification, StyleSpecification } from "maplibre-gl";
import type { Palette } from "./palette";

// MapLibre draws labels from the page's own faces. It takes weight and slant
// from words in the first family's name, which need not exist; names with
// digits must be quoted.
const brygada = ["'Brygada 1918 Variable'", "'Brygada 1918 beyond Latin'"];
const source = ["'Source Sans 3 Variable'", "'Source Sans 3 beyond Latin'"];
const serif = ["'Brygada 1918 Medium'", ...brygada, "Georgia", "'Noto Serif'"];
const italic = ["'Brygada 1918 Italic'", ...brygada, "Georgia", "'Noto Serif'"];
export const sans = ["'Source Sans 3 Semibold'", ...source, "Arial", "'Noto Sans'"];

/** Loads the faces that labels are drawn with. */
export async function loadFaces(): Promise<void> {
  const wanted = [
    [`500 16px ${brygada.join()}`, "Aa Łő"],
    [`italic 400 16px ${brygada.join()}`, "Aa Łő"],
    [`600 16px ${source.join()}`, "0123456789"],
  ] as const;
  await Promise.allSettled(wanted.map(([font, text]) => document.fonts.load(font, text)));
}

/** The distances off the coast at which lines are engraved, in pixels. */
const seaLines = [12, 7, 3];

/** Builds the style of the basemap. tiles is where its
 * tiles are, tilesZoom their highest zoom. */
export function basemap(p: Palette, tiles: string, tilesZoom: number): StyleSpecification {
  return {
    version: 8,
    sources: {
      world: { type: "vector", tiles: [location.origin + tiles], maxzoom: tilesZoom },
      graticule: { type: "geojson", data: graticule() },
    },
    layers: [...ground(p), ...lines(p), ...names(p)],
  };
}

function ground(p: Palette): LayerSpecification[] {
  const out: LayerSpecification[] = [
    { id: "sea", type: "background", paint: { "background-color": p.sea } },
    grid("graticule-15", 15, p, 0, 4),
    grid("graticule-5", 5, p, 4, 7),
    grid("graticule-1", 1, p, 7, 24),
  ];
  // The land's edge drawn wide, then narrower in the colour of the sea, and
  // again, leaves lines that follow the coast without crossing each other.
  for (const far of seaLines) {
    for (const [part, colour, width] of [["line", p.seaLine, 2 * far], ["gap", p.sea, 2 * far - 1.6]] as const) {
      out.push({
        id: `coast-${part}-${far}`, type: "line", source: "world", "source-layer": "earth", maxzoom: 9,
        layout: { "line-join": "round" },
        paint: { "line-color": colour, "line-width": ["interpolate", ["linear"], ["zoom"], 0, width / 2, 3, width] },
      });
    }
  }
  out.push(
    { id: "land", type: "fill", source: "world", "source-layer": "earth", paint: { "fill-color": p.land, "fill-antialias": true } },
    { id: "built", type: "fill", source: "world", "source-layer": "landcover", filter: ["==", ["get", "kind"], "urban_area"], minzoom: 5, paint: { "fill-color": p.built } },
    { id: "woods", type: "fill", source: "world", "source-layer": "landuse", filter: ["in", ["get", "kind"], ["literal", ["forest", "wood"]]], paint: { "fill-color": p.wood } },
    { id: "waters", type: "fill", source: "world", "source-layer": "water", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": p.sea, "fill-outline-color": p.seaLine } },
    { id: "rivers", type: "line", source: "world", "source-layer": "water", filter: ["==", ["geometry-type"], "LineString"], paint: { "line-color": p.seaLine, "line-width": ["interpolate", ["linear"], ["zoom"], 2, 0.4, 6, 1, 10, 2] } },
  );
  return out;
}

function grid(id: string, step: number, p: Palette, from: number, to: number): LayerSpecification {
  return { id, type: "line", source: "graticule", minzoom: from, maxzoom: to, filter: ["==", ["%", ["get", "at"], step], 0], paint: { "line-color": p.graticule, "line-width": 0.6 } };
}

function lines(p: Palette): LayerSpecification[] {
  const kind = (...kinds: string[]): FilterSpecification => ["in", ["get", "kind"], ["literal", kinds]];
  return [
    { id: "road-case", type: "line", source: "world", "source-layer": "roads", minzoom: 9, filter: kind("highway", "major_road", "minor_road"), layout: { "line-join": "round" }, paint: { "line-color": p.roadCase, "line-width": ["interpolate", ["linear"], ["zoom"], 9, 1.2, 16, 6] } },
    { id: "road", type: "line", source: "world", "source-layer": "roads", minzoom: 9, filter: kind("highway", "major_road", "minor_road"), layout: { "line-join": "round" }, paint: { "line-color": p.road, "line-width": ["interpolate", ["linear"], ["zoom"], 9, 0.5, 16, 4] } },
    { id: "paths", type: "line", source: "world", "source-layer": "roads", minzoom: 13, filter: kind("path"), paint: { "line-color": p.path, "line-width": 1, "line-dasharray": [3, 2] } },
    { id: "regions", type: "line", source: "world", "source-layer": "boundaries", minzoom: 4, filter: kind("region"), paint: { "line-color": p.border, "line-width": 0.5, "line-opacity": 0.55, "line-dasharray": [2, 3] } },
    { id: "borders", type: "line", source: "world", "source-layer": "boundaries", filter: kind("country"), paint: { "line-color": p.border, "line-width": ["interpolate", ["linear"], ["zoom"], 0, 0.5, 4, 0.7, 10, 1.2], "line-dasharray": [4, 3] } },
  ];
}

function names(p: Palette): LayerSpecification[] {
  const name = ["coalesce", ["get", "name:en"], ["get", "name"]] as const;
  const text = [...name] as ["coalesce", ...unknown[]];
  const halo = { "text-halo-color": p.land, "text-halo-width": 1.6 };
  const due: FilterSpecification = [">=", ["zoom"], ["coalesce", ["get", "min_zoom"], 0]];
  return [
    {
      id: "sea-names", type: "symbol", source: "world", "source-layer": "water", filter: ["all", ["==", ["geometry-type"], "Point"], due],
      layout: { "text-field": text as never, "text-font": italic, "text-size": ["interpolate", ["linear"], ["zoom"], 1, 12, 6, 16], "text-letter-spacing": 0.06, "text-max-width": 7, "symbol-sort-key": ["coalesce", ["get", "min_zoom"], 9] },
      paint: { "text-color": p.seaLabel, "text-halo-color": p.sea, "text-halo-width": 1.4 },
    },
    {
      id: "towns", type: "symbol", source: "world", "source-layer": "places", filter: ["all", ["==", ["get", "kind"], "locality"], due],
      layout: {
        "text-field": text as never, "text-font": serif, "text-size": ["interpolate", ["linear"], ["zoom"], 4, 12, 9, 15], "text-variable-anchor": ["left", "right", "bottom", "top"], "text-radial-offset": 0.5, "text-justify": "auto", "text-max-width": 9,
        "icon-image": "town", "icon-optional": false, "symbol-sort-key": ["coalesce", ["get", "min_zoom"], 9],
      },
      paint: { "text-color": p.label, ...halo },
    },
    {
      id: "countries", type: "symbol", source: "world", "source-layer": "places", maxzoom: 8, filter: ["all", ["==", ["get", "kind"], "country"], due],
      layout: { "text-field": ["upcase", text] as never, "text-font": serif, "text-size": ["interpolate", ["linear"], ["zoom"], 1, 11, 5, 16], "text-letter-spacing": 0.14, "text-max-width": 8,
        // Names of countries give way to clusters.
        "text-variable-anchor-offset": ["center", [0, 0], "bottom", [0, -1.6], "top", [0, 1.6], "bottom", [0, -3.4], "top", [0, 3.4], "left", [2.4, 0], "right", [-2.4, 0]],
        "symbol-sort-key": ["coalesce", ["get", "rank"], 999] },
      paint: { "text-color": p.label, ...halo },
    },
  ];
}

type Lines = { type: "FeatureCollection"; features: { type: "Feature"; properties: { at: number }; geometry: { type: "LineString"; coordinates: [number, number][] } }[] };

/** The lines of the graticule, a degree apart; "at" is their degree. */
function graticule(): Lines {
  const out: Lines = { type: "FeatureCollection", features: [] };
  const add = (at: number, coordinates: [number, number][]): void => {
    out.features.push({ type: "Feature", properties: { at }, geometry: { type: "LineString", coordinates } });
  };
  for (let lon = -180; lon <= 180; lon++) add(lon + 180, [[lon, -85], [lon, 85]]);
  for (let lat = -84; lat <= 84; lat++) add(lat + 90, [[-180, lat], [0, lat], [180, lat]]);
  return out;
}
