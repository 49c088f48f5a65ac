// The colours of the map are the page's own: read from its custom properties,
// so that page, map and pictures cannot disagree.

export interface Palette {
  sea: string;
  seaLine: string;
  land: string;
  built: string;
  graticule: string;
  border: string;
  label: string;
  seaLabel: string;
  pin: string;
  cluster: string;
  onCluster: string;
  sheet: string;
  ink: string;
  road: string;
  roadCase: string;
  path: string;
  wood: string;
  dark: boolean;
}

/** Reads the palette of the scheme that holds now. */
export function palette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const dark = style.colorScheme.startsWith("dark");
  return {
    sea: of("map-sea"),
    seaLine: mix(of("map-sea-line"), of("map-sea"), 0.75),
    land: of("map-land"),
    built: dark ? "#323b3c" : "#ece5d6",
    graticule: of("map-grat"),
    border: of("map-border"),
    label: of("map-label"),
    seaLabel: of("map-sea-label"),
    pin: of("map-pin"),
    cluster: of("map-cluster"),
    onCluster: of("on-fill"),
    sheet: of("sheet"),
    ink: of("ink"),
    road: dark ? "#3c494b" : "#ffffff",
    roadCase: dark ? "#1d282a" : "#d8d1bc",
    path: "#b08b5b",
    wood: dark ? "#2a3a33" : "#e3e8d2",
    dark,
  };
}

/** Mixes two colours written as #rrggbb; share is that of the first. Lines over
 * lines would add up, were they translucent. */
export function mix(a: string, b: string, share: number): string {
  const channel = (c: string, i: number): number => parseInt(c.slice(1 + 2 * i, 3 + 2 * i), 16);
  let out = "#";
  for (let i = 0; i < 3; i++) {
    const v = Math.round(channel(a, i) * share + channel(b, i) * (1 - share));
    out += v.toString(16).padStart(2, "0");
  }
  return /^#[0-9a-f]{6}$/.test(out) ? out : a;
}

/** Calls back when the reader or the system changes the scheme. */
export function onScheme(changed: () => void): void {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
  new MutationObserver(changed).observe(document.documentElement, { attributeFilter: ["data-theme"] });
}
