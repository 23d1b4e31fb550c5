/* What comes back, and when: a question that was missed, and what the checklist asks and is not ticked
   once its chapter is begun, after 2, 7 and 21 days.

   Kept as review/NAME: {step, due}, with NAME a question's id or an item's text, due in milliseconds since
   1970, or null when all is known. */

const DAYS = [2, 7, 21];
const DAY = 24 * 60 * 60 * 1000;

/* items: {text of an item on the checklist: number of its chapter}; exercises: {page: its tasks} */
export function openReview(progress, items, exercises) {
  const schedule = (name, step) =>
    progress.set("review", name, {step, due: step < DAYS.length ? Date.now() + DAYS[step] * DAY : null});
  const isTicked = name => progress.get("tick", name) === true;
  const dueAt = name => {
    const due = progress.get("review", name)?.due;
    return Number.isFinite(due) && !isTicked(name) ? due : Infinity;
  };
  const names = () => Object.keys(progress.all("review"));

  const begun = () => {
    const chapters = new Set();
    for (const name of Object.keys(progress.all("question"))) chapters.add(/^question-(\d+)-/.exec(name)?.[1]);
    for (const [text, chapter] of Object.entries(items)) if (isTicked(text)) chapters.add(chapter);
    const scored = progress.all("points");
    for (const [page, tasks] of Object.entries(exercises)) {
      if (Object.keys(tasks).some(task => task in scored)) chapters.add(String(Number(/\d+/.exec(page)[0])));
    }
    return chapters;
  };

  return {
    missed: name => schedule(name, 0),
    /* Right at once: only when it was due does this count, not twice on one day. */
    known: name => dueAt(name) <= Date.now() && schedule(name, progress.get("review", name).step + 1),
    /* An item that cannot be ticked yet; the longest interval repeats. */
    later: name => schedule(name, Math.min((progress.get("review", name)?.step ?? -1) + 1, DAYS.length - 1)),
    isDue: name => dueAt(name) <= Date.now(),
    count: () => names().filter(name => dueAt(name) <= Date.now()).length,
    next: () => Math.min(...names().map(dueAt).filter(due => due > Date.now())),
    /* Give the items of chapters that are begun their first day. */
    begin() {
      const chapters = begun();
      for (const [text, chapter] of Object.entries(items)) {
        if (chapters.has(chapter) && !isTicked(text) && !progress.get("review", text)) schedule(text, 0);
      }
    },
  };
}
