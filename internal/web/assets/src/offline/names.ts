// The names of what is kept in the browser's Cache Storage: one cache for the
// page of what is kept and its files, and one for each pack.

export const appPrefix = "app:";
const packPrefix = "pack:";

/** The name of the pack of a page, by its path and query. */
export function packName(page: string): string {
  return packPrefix + page;
}

export function isPack(name: string): boolean {
  return name.startsWith(packPrefix);
}

/** Where a pack holds its list. */
export const listPath = "/packs/this";

/** Where a pack holds the text of a place. */
export function leafPath(id: string, hash: string): string {
  return `/packs/places/${id}/${hash}`;
}
