// A way on the map, with the places beside it instead of all places.
import type { LayerSpecification, LngLatBoundsLike, Map } from "maplibre-gl";
import type { Palette } from "./palette";

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Reads a line as EncodeLine of internal/geo writes it: longitude, latitude.
 * Longitudes go on past 180 where it crosses the date line. */
export function decodeWay(s: string): [number, number][] {
  const out: [number, number][] = [];
  let at = 0;
  const next = (): number => {
    let v = 0;
    for (let shift = 0; at < s.length; shift += 5) {
      const d = letters.indexOf(s.charAt(at++));
      v |= (d & 31) << shift;
      if (d < 32) break;
    }
    return (v >>> 1) ^ -(v & 1);
  };
  let lat = 0;
  let lon = 0;
  let before = NaN;
  while (at < s.length) {
    lat += next();
    lon += next();
    let x = lon / 1e5;
    if (!Number.isNaN(before)) x += 360 * Math.round((before - x) / 360);
    before = x;
    out.push([x, lat / 1e5]);
  }
  return out;
}

export function boundsOf(line: [number, number][]): LngLatBoundsLike {
  let [w, s, e, n] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of line) {
    w = Math.min(w, x);
    e = Math.max(e, x);
    s = Math.min(s, y);
    n = Math.max(n, y);
  }
  return [w, s, e, n];
}

/** The layers of a way and of what was found beside it. */
export function wayLayers(p: Palette): LayerSpecification[] {
  const line = { "line-join": "round", "line-cap": "round" } as const;
  return [
    { id: "way-case", type: "line", source: "way", layout: line, paint: { "line-color": p.sheet, "line-width": 6 } },
    { id: "way", type: "line", source: "way", layout: line, paint: { "line-color": p.pin, "line-width": 3 } },
    {
      id: "places", type: "symbol", source: "places",
      filter: ["==", ["geometry-type"], "Point"], // the file of a corridor holds the way too
      layout: {
        "icon-image": ["case", ["in", ["get", "status"], ["literal", ["lost", "closed"]]], "gone", ["==", ["get", "kind"], "eatery"], "eatery", "place"],
        "icon-anchor": "bottom", "icon-offset": [0, 3], "icon-allow-overlap": true,
      },
    },
  ];
}

/** Puts the sources of a way on a map. */
export function waySources(line: [number, number][], found: string): Record<string, { type: "geojson"; data: never }> {
  const way = { type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: line } };
  return { way: { type: "geojson", data: way as never }, places: { type: "geojson", data: new URL(found, location.href).href as never } };
}

/** Moves the map so that the whole way is seen. */
export function showWay(map: Map, line: [number, number][]): void {
  map.fitBounds(boundsOf(line), { padding: 40, animate: false, maxZoom: 12 });
}
