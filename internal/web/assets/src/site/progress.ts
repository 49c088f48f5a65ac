// Asks how far the sizes of photos are, until each is made. What it is told it
// hands on; what is done is asked no more.

export interface Work {
  id: string;
  text: string;
  made: number;
  of: number;
  done: boolean;
  refused?: boolean;
  picture?: string;
  width?: number;
  height?: number;
  alike?: string;
  lat?: string;
  lon?: string;
}

// The smallest size is there within a second of the last byte, and is asked for so
// often that most of that second is not spent waiting for the next question.
const soon = 100; // ms between two questions while something happens
const late = 5000; // and when nothing has for a while
const slower = 1.15; // each time nothing has
const most = 30; // photos in one question

export class Progress {
  private readonly open = new Set<string>();
  private timer = 0;
  private wait = soon;
  private last = "";

  constructor(private readonly tell: (w: Work) => void) {}

  watch(id: string): void {
    this.open.add(id);
    this.wait = soon;
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.ask(), soon);
  }

  forget(id: string): void {
    this.open.delete(id);
  }

  private async ask(): Promise<void> {
    const ids = [...this.open].slice(0, most);
    if (ids.length === 0) return;
    try {
      const answer = await fetch(`/photos/progress?${ids.map((id) => `id=${id}`).join("&")}`, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(answer.statusText);
      const { photos } = (await answer.json()) as { photos: Work[] };
      const now = JSON.stringify(photos);
      this.wait = now === this.last ? Math.min(late, this.wait * slower) : soon;
      this.last = now;
      for (const w of photos) {
        if (!this.open.has(w.id)) continue; // removed meanwhile
        if (w.done) this.open.delete(w.id);
        this.tell(w);
      }
    } catch {
      this.wait = late; // no network: what is made is made all the same
    }
    this.timer = window.setTimeout(() => void this.ask(), this.wait);
  }
}
