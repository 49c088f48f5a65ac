// The reader's own choices, kept in this browser alone. Storage can be full or
// forbidden; a choice then lasts as long as the page.

export type Unit = "km" | "mi";

export function recall(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

export function keep(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, value);
  } catch {
    // forbidden: the choice ends with the page
  }
}
