/* What a reader has done, kept by this browser alone: drafts, points, ticks, reviews.

   Schema 1. Each thing has an entry of its own in localStorage, so that two tabs overwrite nothing:

     key    course:/path/of/the/site/:1:KIND/NAME
     value  {"at": milliseconds since 1970, "value": …}       value null: taken back

     KIND    NAME                     value
     draft   task, or page#cell       {source, blank, earlier?}  blank: fingerprint of the unanswered cell;
                                      earlier: {source, blank} of an answer to another version of the task
     points  task                     {points, possible, blank}  what the last check said
     tick    the item's text          true
     question  the question's id      {tries, right}  how its last visit went
     review  the question's id, or    {step, due}     what comes back, and when (review.js)
             the item's text

   Where two entries meet (import, two tabs) the newer one stays. A later schema reads this one.

     const progress = openProgress(new URL("../", location));   // the site's root
     progress.get("points", "relu")            → value or null
     progress.at("points", "relu")             → when it was set, milliseconds since 1970; 0: never
     progress.all("points")                    → {name: value, …}
     progress.set("points", "relu", {…})       null takes it back
     progress.subscribe((kind, name) => …)     after each change, another tab's too → function that ends it
     progress.exported()                       → text of a file;  progress.imported(text) throws TypeError
     progress.kept                             false: this browser stores nothing (more); only this page knows

   On a page of the site, `courseProgress` is the one that is open. */

const FORMAT = "course-progress";
const SCHEMA = 1;
const CHECKLIST = "checklist"; // where ticks were kept before there was a schema: {text: true, …}

export function openProgress(root) {
  const prefix = `course:${new URL(root).pathname}:${SCHEMA}:`;
  const stores = storesAnything(); // tried once: each try wakes the other tabs
  const unkept = new Map(); // what the browser refused to store
  const listeners = new Set();

  const read = key => {
    if (unkept.has(key)) return unkept.get(key);
    try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
  };
  const tell = key => {
    const [kind, ...name] = key.slice(prefix.length).split("/");
    for (const listener of listeners) listener(kind, name.join("/"));
  };
  const store = (key, entry) => {
    try {
      localStorage.setItem(key, JSON.stringify(entry));
      unkept.delete(key);
    } catch {
      unkept.set(key, entry);
    }
  };
  const entries = () => {
    const keys = new Set(unkept.keys());
    try { Object.keys(localStorage).forEach(key => keys.add(key)); } catch { /* refused: none */ }
    const found = {};
    for (const key of keys) {
      const entry = key.startsWith(prefix) && read(key);
      if (entry) found[key.slice(prefix.length)] = entry;
    }
    return found;
  };
  /* found: [[kind/name, entry], …].  All is stored before any is told: who listens looks at the others too. */
  const merge = found => {
    const newer = found.filter(([name, entry]) => !((read(prefix + name)?.at ?? -1) >= entry.at));
    for (const [name, entry] of newer) store(prefix + name, entry);
    for (const [name] of newer) tell(prefix + name);
  };
  const isEntry = entry => Number.isFinite(entry?.at) && "value" in entry;
  const ticks = old => Object.entries(old).map(([text, on]) => {
    if (typeof on !== "boolean") throw new TypeError("expected true or false for each item");
    return [`tick/${text}`, {at: 0, value: on || null}];
  });

  const progress = {
    get: (kind, name) => read(`${prefix}${kind}/${name}`)?.value ?? null,
    at: (kind, name) => read(`${prefix}${kind}/${name}`)?.at ?? 0,
    all(kind) {
      const found = {};
      for (const [name, {value}] of Object.entries(entries())) {
        if (name.startsWith(`${kind}/`) && value !== null) found[name.slice(kind.length + 1)] = value;
      }
      return found;
    },
    set(kind, name, value) {
      const key = `${prefix}${kind}/${name}`;
      store(key, {at: Date.now(), value});
      tell(key);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    exported: () => JSON.stringify({format: FORMAT, schema: SCHEMA, entries: entries()}, null, 1),
    imported(text) {
      const file = JSON.parse(text);
      const known = file?.format === FORMAT;
      if (known && file.schema > SCHEMA) throw new TypeError("made by a later version of the course");
      const found = known ? Object.entries(file.entries) : ticks(file);
      if (!found.every(([name, entry]) => /^[a-z]+\/./.test(name) && isEntry(entry))) throw new TypeError("not a file of this course");
      merge(found);
    },
    get kept() {
      return stores && unkept.size === 0;
    },
  };

  addEventListener("storage", ({key}) => {
    if (key?.startsWith(prefix)) tell(key);
  });
  try {
    merge(ticks(JSON.parse(localStorage.getItem(CHECKLIST)) ?? {}));
  } catch { /* none, or not ours */ }
  return progress;
}

function storesAnything() {
  try {
    localStorage.setItem("course-probe", "1");
    localStorage.removeItem("course-probe");
    return true;
  } catch {
    return false;
  }
}

/* Save a text as a file. */
export function download(text, name, type = "application/json") {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], {type}));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
