// Words, sizes and days, as pages write them.

/** Fills the %s of a sentence in their order. */
export function fill(sentence: string | undefined, ...words: (string | number)[]): string {
  let i = 0;
  return (sentence ?? "").replace(/%s/g, () => String(words[i++] ?? ""));
}

/** A size as the server writes it. */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes}\u00a0B`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(0)}\u00a0kB`;
  return `${(bytes / 1e6).toFixed(1)}\u00a0MB`;
}

/** "3 November 2026" in the language of the page. */
export function day(iso: string | undefined): string {
  const at = new Date(iso ?? "");
  if (Number.isNaN(at.getTime())) return "";
  const lang = document.documentElement.lang || "en";
  return new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, { day: "numeric", month: "long", year: "numeric" }).format(at);
}

/** Whole days since. */
export function daysSince(iso: string | undefined): number {
  const ms = Date.now() - new Date(iso ?? "").getTime();
  return Number.isFinite(ms) ? Math.max(0, Math.floor(ms / 86_400_000)) : 0;
}

/** Letters without case and accents. */
export function fold(s: string): string {
  return s
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/ø/g, "o").replace(/ł/g, "l").replace(/ß/g, "ss").replace(/æ/g, "ae").replace(/đ/g, "d");
}
