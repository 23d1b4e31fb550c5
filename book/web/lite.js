/* In JupyterLite, which lies beside the site: its notebooks and the pages keep one set of answers and points.
   A notebook that this browser stored from an earlier course says so and offers the new one. */
import {Draft} from "./draft.js";
import {openProgress} from "./progress.js";
import {button, element} from "./practice/dom.js";

const LITE = new URL("../", location); // this page is lite/notebooks/index.html, or another app beside it
const POINTS = /^\S+ (\w+) (\d+)\/(\d+)/m; // how what `check` prints begins
const progress = openProgress(new URL("../", LITE));
const met = new WeakSet();

function started() {
  return new Promise(resolve => {
    const look = () => (globalThis.jupyterapp ? resolve(jupyterapp) : setTimeout(look, 100));
    look();
  });
}

/* The notebook as the site has it now; null for one of the reader's own. */
async function published(path) {
  try {
    const answer = await fetch(new URL(`files/${path}`, LITE), {cache: "no-cache"});
    return answer.ok ? await answer.json() : null;
  } catch {
    return null; // no network: the stored one serves
  }
}

async function meet(panel) {
  if (!panel?.context?.model?.sharedModel?.cells || met.has(panel)) return;
  met.add(panel);
  await panel.context.ready;
  const notebook = await published(panel.context.path);
  if (!notebook) return;
  const {course} = panel.context.model.sharedModel.getMetadata();
  const now = notebook.metadata.course;
  if (course?.version !== now.version) offer(panel);
  const same = Object.entries(course?.blanks ?? {}).filter(([task, {blank}]) => now.blanks[task]?.blank === blank);
  join(panel, Object.fromEntries(same));
}

/* blanks: {task: {source, blank}} of the tasks that are those of the page. */
function join(panel, blanks) {
  const saved = Date.parse(panel.context.contentsModel?.last_modified) || 0;
  for (const {model} of panel.content.widgets) {
    const {answer, check} = model.getMetadata("grader") ?? {};
    if (answer in blanks) joinAnswer(model, new Draft(progress, answer, blanks[answer]), saved);
    if (check in blanks) {
      model.outputs.changed.connect(outputs => earn(check, blanks[check].blank, outputs));
    }
  }
}

/* Of the page's answer and the notebook's the newer one stays; from then on each follows the other. */
function joinAnswer({sharedModel}, draft, saved) {
  const written = sharedModel.getSource();
  const show = () => {
    if (sharedModel.getSource() !== draft.text) sharedModel.setSource(draft.text);
  };
  if (written !== draft.source && saved > progress.at("draft", draft.name)) draft.keep(written);
  else show();
  sharedModel.changed.connect(() => {
    if (sharedModel.getSource() !== draft.text) draft.keep(sharedModel.getSource());
  });
  progress.subscribe((kind, name) => {
    if (kind === "draft" && name === draft.name) show();
  });
}

/* What `check` has just printed below its cell. */
function earn(task, blank, outputs) {
  const printed = outputs.toJSON().map(({text}) => [text ?? ""].flat().join("")).join("");
  const found = printed.match(POINTS);
  if (found?.[1] === task) {
    progress.set("points", task, {points: Number(found[2]), possible: Number(found[3]), blank});
  }
}

function offer(panel) {
  const {contents} = jupyterapp.serviceManager;
  const {context} = panel;
  const {path} = context;
  const day = new Date(context.contentsModel?.last_modified ?? Date.now()).toISOString().slice(0, 10);
  const earlier = path.replace(/\.ipynb$/, ` (of ${day}).ipynb`);
  const take = button("Open the new one, keep mine beside it", async () => {
    await context.save();
    await contents.save(earlier, {type: "notebook", format: "json", content: context.model.toJSON()});
    await contents.delete(path); // what this browser stored: the site's appears
    location.assign(`?path=${encodeURIComponent(path)}`);
  });
  const stay = button("Stay with mine", () => note.remove());
  const note = element("div", {role: "status", id: "course-note"},
    `This notebook was stored by your browser; the course has a newer one. Yours would be kept as “${earlier}”. `,
    take, " ", stay);
  Object.assign(note.style, {
    position: "fixed", inset: "auto 1rem 1rem", zIndex: 10_000, padding: ".8rem 1rem", borderRadius: "6px",
    border: "2px solid #0068A3", background: "#fff", color: "#111", fontFamily: "system-ui, sans-serif",
  });
  document.body.append(note);
}

started().then(async app => {
  await app.restored;
  const {shell} = app;
  for (const panel of shell.widgets("main")) meet(panel);
  shell.currentChanged.connect(() => meet(shell.currentWidget));
});
