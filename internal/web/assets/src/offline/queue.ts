// The marks that are on their way. Each is written down on the device before it
// is sent, and struck out when the server has it: what is marked without a
// network is sent when there is one again, by whichever comes first, a page or
// the service worker. Only the last wish about a mark counts, and it is sent in
// the name of the member who made it.

export interface Wish {
  key: string; // "p12 been"
  on: boolean;
  member: string;
  at: number; // tells a wish from a later one about the same mark
}

/** What the server says of the reader's marks. */
export interface Mine {
  member: string;
  marks: Record<string, { been: boolean; want: boolean; counts: [number, number] }>;
}

/** How sending went: "kept" is still to be sent. */
export type Sent = { how: "sent"; mine: Mine } | { how: "kept" | "refused" | "nothing" };

const store = "wishes";

async function open(): Promise<IDBDatabase> {
  const asked = indexedDB.open("marks", 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore(store, { keyPath: "key" });
  return settled(asked);
}

function settled<T>(asked: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error ?? new Error("the device keeps nothing"));
  });
}

async function inStore<T>(mode: IDBTransactionMode, work: (wishes: IDBObjectStore) => Promise<T>): Promise<T> {
  const db = await open();
  try {
    return await work(db.transaction(store, mode).objectStore(store));
  } finally {
    db.close();
  }
}

/** Writes a wish down. */
export async function wish(w: Wish): Promise<void> {
  await inStore("readwrite", (wishes) => settled(wishes.put(w)));
}

/** What is still to be sent. */
export async function waiting(): Promise<Wish[]> {
  return inStore("readonly", (wishes) => settled(wishes.getAll() as IDBRequest<Wish[]>));
}

/** Strikes out what was sent, unless the reader has wished otherwise since. */
async function strike(sent: Wish[]): Promise<void> {
  await inStore("readwrite", async (wishes) => {
    for (const w of sent) {
      const now = await settled(wishes.get(w.key) as IDBRequest<Wish | undefined>);
      if (now && now.at === w.at) await settled(wishes.delete(w.key));
    }
  });
}

const most = 100; // as the server takes at once, with room to spare

/** Sends what waits, member by member. */
export async function flush(): Promise<Sent> {
  const all = await waiting();
  let last: Sent = { how: "nothing" };
  for (const member of new Set(all.map((w) => w.member))) {
    const mine = all.filter((w) => w.member === member);
    for (let i = 0; i < mine.length; i += most) {
      last = await send(member, mine.slice(i, i + most));
      if (last.how === "kept") break;
    }
  }
  return last;
}

async function send(member: string, part: Wish[]): Promise<Sent> {
  const fields = new URLSearchParams({ as: member });
  for (const w of part) fields.append("change", `${w.key} ${w.on ? "on" : "off"}`);
  let answer: Response;
  try {
    answer = await fetch("/me/marks", { method: "POST", body: fields });
  } catch {
    return { how: "kept" };
  }
  if (answer.ok) {
    await strike(part);
    return { how: "sent", mine: (await answer.json()) as Mine };
  }
  // Signed out, another member, too many, or something broke: it may be taken
  // later. Anything else would be refused for ever.
  if ([401, 403, 409, 429].includes(answer.status) || answer.status >= 500) return { how: "kept" };
  await strike(part);
  return { how: "refused" };
}
