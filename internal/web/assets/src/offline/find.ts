// Searching in a pack and finding what is near, from its list alone; texts are
// looked through when the list says too little.
import type { Item } from "./keep";
import { fold } from "./words";

interface Entry {
  item: Item;
  title: string[];
  rest: string[];
}

/** Metres between two positions on the Earth taken as a ball, as the server
 * counts them. */
export function metres(lat1: number, lon1: number, lat2: number, lon2: number): number {
  const rad = Math.PI / 180;
  const a = Math.sin(((lat2 - lat1) * rad) / 2) ** 2 + Math.cos(lat1 * rad) * Math.cos(lat2 * rad) * Math.sin(((lon2 - lon1) * rad) / 2) ** 2;
  return 2 * 6_371_008.8 * Math.asin(Math.min(1, Math.sqrt(a)));
}

/** The items with a position, nearest first. */
export function nearest(items: Item[], lat: number, lon: number): { item: Item; far: number }[] {
  return items
    .flatMap((item) => (item.lat === undefined || item.lon === undefined ? [] : [{ item, far: metres(lat, lon, item.lat, item.lon) }]))
    .sort((a, b) => a.far - b.far);
}

const split = (s: string): string[] => fold(s).split(/[^\p{L}\p{N}]+/u).filter(Boolean);

/** An index of a list. */
export class Index {
  private readonly entries: Entry[];
  private texts: Map<string, string> | undefined;

  constructor(items: Item[]) {
    this.entries = items.map((item) => ({
      item,
      title: split([item.title, ...(item.names ?? [])].join(" ")),
      rest: split([item.hook ?? "", item.where ?? "", ...(item.tags ?? [])].join(" ")),
    }));
  }

  /** The items that have all the words, best first. read gives the text of an
   * item; it is asked only when few are found without. */
  async find(query: string, read: (item: Item) => Promise<string | undefined>): Promise<Item[]> {
    const words = split(query);
    if (words.length === 0) return this.entries.map((e) => e.item);
    const found = this.score(words, (w, e) => score(w, e));
    if (found.length >= 3) return found;
    const seen = new Set(found);
    const texts = await this.load(read);
    const deeper = this.score(words, (w, e) => score(w, e) || (texts.get(e.item.id)?.includes(w) ? 1 : 0));
    return [...found, ...deeper.filter((item) => !seen.has(item))];
  }

  private score(words: string[], of: (word: string, entry: Entry) => number): Item[] {
    const out: { item: Item; score: number }[] = [];
    for (const entry of this.entries) {
      let sum = 0;
      for (const word of words) {
        const s = of(word, entry);
        if (s === 0) {
          sum = 0;
          break;
        }
        sum += s;
      }
      if (sum > 0) out.push({ item: entry.item, score: sum });
    }
    return out.sort((a, b) => b.score - a.score).map((f) => f.item);
  }

  private async load(read: (item: Item) => Promise<string | undefined>): Promise<Map<string, string>> {
    if (this.texts) return this.texts;
    const texts = new Map<string, string>();
    for (const { item } of this.entries) {
      const html = await read(item);
      if (html) texts.set(item.id, fold(html.replace(/<[^>]*>/g, " ")));
    }
    return (this.texts = texts);
  }
}

/** How well a word fits: the beginning of a word of the title, of the rest, or a
 * word of the title but for one letter. */
function score(word: string, e: Entry): number {
  if (e.title.includes(word)) return 10;
  if (e.title.some((t) => t.startsWith(word))) return 8;
  if (e.rest.some((t) => t.startsWith(word))) return 4;
  if (word.length >= 5 && e.title.some((t) => almost(word, t))) return 3;
  return 0;
}

/** Whether two words differ by one letter: another, one more, one less, or two
 * that changed places. */
export function almost(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  const rest = (x: string, from: number): string => x.slice(from);
  return (
    rest(a, i + 1) === rest(b, i + 1) || rest(a, i + 1) === rest(b, i) || rest(a, i) === rest(b, i + 1) ||
    (a[i] === b[i + 1] && a[i + 1] === b[i] && rest(a, i + 2) === rest(b, i + 2))
  );
}
