// What is the reader's own on a public page, which is the same for everyone: one
// request after it tells all of it, to all parts of the script.
import type { Mine } from "../offline/queue";

export interface Link {
  text: string;
  path: string;
  count?: string; // how much waits there
  label?: string; // the whole in words
  bar?: boolean; // stands in the bar itself, not behind the reader's name
}

export interface Overlay extends Mine {
  shown: string; // the reader's name
  yours: string; // what the menu behind it is called
  out: string; // what signing out is called
  links: Link[];
  unread: number;
  follows: boolean; // what the page is about
  edit?: Link;
}

/** The places whose marks are shown below root. */
export function shown(root: ParentNode): string[] {
  return [...root.querySelectorAll<HTMLElement>("[data-marks]")].map((g) => g.dataset.marks ?? "").filter(Boolean);
}

/** Asks what is the reader's own here; undefined without a network. */
export async function ask(ids: string[]): Promise<Overlay | undefined> {
  const query = new URLSearchParams([["path", location.pathname], ...[...new Set(ids)].map((id) => ["id", id])]);
  try {
    const answer = await fetch(`/me/overlay?${query}`);
    return answer.ok ? ((await answer.json()) as Overlay) : undefined;
  } catch {
    return undefined;
  }
}
